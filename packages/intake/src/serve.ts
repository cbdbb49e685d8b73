import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { Millrace } from '@millrace/core'
import { collectMetrics } from './metrics.ts'

/** Where to listen. The admin port answers `/healthz`, `/readyz` and `/metrics` and should not be reachable from outside. */
export interface ServeOptions {
  /** Default 8080. */
  port?: number
  /** Default `0.0.0.0`: whoever sends notifications comes from outside. */
  host?: string
  /** Default 9464. */
  adminPort?: number
  /** Default `127.0.0.1`. */
  adminHost?: string
}

/** A running server. */
export interface Server {
  url: string
  adminUrl: string
  /** Takes no further requests, waits for those in hand, ends. Idempotent. */
  close(): Promise<void>
}

type Handler = (request: Request, address: string | undefined) => Promise<Response>

/**
 * Serves the notification endpoints of an instance, its collect endpoints below `/collect/`, and health, readiness and Prometheus metrics on a port of their own. For services that have a server
 * already: mount {@link Millrace.notifications} `.handle` and {@link Millrace.collect} `.handle` there.
 */
export const serve = async (millrace: Millrace, options: ServeOptions = {}): Promise<Server> => {
  const metrics = collectMetrics(millrace)
  let closing = false
  const admin: Handler = async (request) => {
    const { pathname } = new URL(request.url)
    if (request.method !== 'GET') return new Response(null, { status: 405 })
    if (pathname === '/healthz') return new Response('ok')
    if (pathname === '/readyz')
      return closing || !(await isReady(millrace)) ? new Response('not ready', { status: 503 }) : new Response('ready')
    if (pathname === '/metrics') return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } })
    return new Response(null, { status: 404 })
  }
  const endpoints: Handler = (request, address) =>
    isCollected(request) ? millrace.collect.handle(request, address) : millrace.notifications.handle(request)
  const outside = await listen(endpoints, options.port ?? 8080, options.host ?? '0.0.0.0')
  const inside = await listen(admin, options.adminPort ?? 9464, options.adminHost ?? '127.0.0.1').catch(async (error: unknown) => {
    await end(outside)
    throw error
  })
  return {
    url: urlOf(outside),
    adminUrl: urlOf(inside),
    async close() {
      if (closing) return
      closing = true
      await end(outside)
      await end(inside)
      metrics.stop()
    },
  }
}

/** `/collect/<name>`, wherever it is mounted. */
const isCollected = (request: Request): boolean => new URL(request.url).pathname.split('/').at(-2) === 'collect'

const isReady = async (millrace: Millrace): Promise<boolean> => {
  try {
    await millrace.status()
    return true
  } catch {
    return false
  }
}

const listen = (handler: Handler, port: number, host: string): Promise<HttpServer> =>
  new Promise((resolve, reject) => {
    const server = createServer((incoming, outgoing) => void answer(handler, incoming, outgoing))
    // A sender that never ends its request holds nothing for long.
    server.requestTimeout = 15_000
    server.headersTimeout = 10_000
    server.maxHeadersCount = 100
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })

const answer = async (handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const response = await toResponse(handler, incoming)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
  // What is left of a body that was refused is not read.
  if (!incoming.complete) incoming.destroy()
}

const toResponse = async (handler: Handler, incoming: IncomingMessage): Promise<Response> => {
  try {
    return await handler(toRequest(incoming), incoming.socket.remoteAddress)
  } catch {
    return new Response(null, { status: 400 })
  }
}

const toRequest = (incoming: IncomingMessage): Request => {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) for (const value of values ?? []) headers.append(name, value)
  const method = incoming.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(new URL(incoming.url ?? '/', 'http://localhost'), {
    method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' as const } : {}),
  })
}

const urlOf = (server: HttpServer): string => {
  // Listening on TCP, so the address is one.
  const { address, port, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

const end = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
