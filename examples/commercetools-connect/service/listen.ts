import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'

/** Answers requests to one path, on the port that Connect expects (8080). */
export const listen = (path: string, handler: (request: Request) => Promise<Response>, port = 8080): Server =>
  createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    )
    const answer = async (): Promise<Response> => {
      if (new URL(url, 'http://localhost').pathname !== path) return new Response(null, { status: 404 })
      const body = method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' as const } : {}
      return handler(new Request(new URL(url, 'http://localhost'), { method, headers, ...body }))
    }
    answer()
      .catch(() => new Response(null, { status: 500 }))
      .then(async (response) => outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text()))
      .catch(() => outgoing.destroy())
  }).listen(port)
