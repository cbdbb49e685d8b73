import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { createFaults, type Fault, type FaultMatch, type Faults } from '../http/faults.ts'
import type { HttpReply, HttpRequest } from '../http/message.ts'
import { createRandom } from '../http/random.ts'

/** One request as it was seen, without its credentials. */
export interface RecordedRequest {
  /** When it arrived, epoch ms of the shop's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** What the answer's `X-Correlation-ID` says: the client's own one, or one of ours. */
  readonly correlationId: string
  /** What was answered; 0 while or when nothing was. */
  status: number
  /** Kind of the fault that struck, if any. */
  fault?: Fault['kind']
}

/** Called with each request before it is handled; a test may change the shop here. */
export type RequestListener = (request: HttpRequest) => void | Promise<void>

/** What the front of the fake is made of. */
export interface FrontOptions {
  handle: (request: HttpRequest) => Promise<HttpReply>
  now: () => number
  seed: number
  latencyMs: number | ((request: HttpRequest) => number)
}

/** A running HTTP front on 127.0.0.1. */
export interface Front {
  readonly url: string
  readonly faults: Faults
  readonly requests: RecordedRequest[]
  count(match?: FaultMatch): number
  onRequest(listener: RequestListener): () => void
  close(): Promise<void>
}

/** Starts the HTTP front: it reads, records, delays, strikes with faults and lets `handle` answer the rest. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const faults = createFaults(createRandom(options.seed))
  const requests: RecordedRequest[] = []
  const listeners = new Set<RequestListener>()
  let received = 0
  const timers = new Map<NodeJS.Timeout, () => void>()

  function wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        resolve()
      }, ms)
      timers.set(timer, resolve)
    })
  }

  function send(response: ServerResponse, record: RecordedRequest, reply: HttpReply): void {
    record.status = reply.status
    if (response.destroyed) return
    const body = Buffer.from(typeof reply.body === 'object' ? JSON.stringify(reply.body) : (reply.body ?? ''))
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), ...reply.headers }
    response.sendDate = false
    response.writeHead(reply.status, { 'x-correlation-id': record.correlationId, ...headers, date: new Date(options.now()).toUTCString() })
    // A reply that announces more than it has is one whose connection breaks in the middle.
    if (Number(headers['content-length']) > body.length) response.write(body, () => response.destroy())
    else response.end(body)
  }

  async function answer(request: HttpRequest, response: ServerResponse, record: RecordedRequest): Promise<void> {
    for (const listener of listeners) await listener(request)
    await wait(typeof options.latencyMs === 'number' ? options.latencyMs : options.latencyMs(request))
    const fault = faults.strike(request)
    if (fault === undefined) return send(response, record, await options.handle(request))
    record.fault = fault.kind
    switch (fault.kind) {
      case 'reply':
        if (fault.applied === true) await options.handle(request)
        return send(response, record, typeof fault.reply === 'function' ? fault.reply(request) : fault.reply)
      case 'rewrite':
        return send(response, record, fault.rewrite(await options.handle(request), request))
      case 'reset':
        if (fault.when === 'after') await options.handle(request)
        response.destroy()
        return undefined
      case 'hang':
        if (fault.applied) await options.handle(request)
        return undefined
      case 'slow': {
        const reply = await options.handle(request)
        await wait(fault.ms)
        return send(response, record, reply)
      }
      case 'late':
        faults.hold(() => void options.handle(request), fault)
        if (fault.answer === 'reset') response.destroy()
        else if (fault.answer !== 'none') send(response, record, fault.answer)
        return undefined
    }
  }

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(message.url ?? '/', 'http://127.0.0.1')
    const text = await readText(message)
    const method = message.method ?? 'GET'
    const request: HttpRequest = { method, path: target.pathname, query: target.searchParams, headers: message.headers, text }
    const correlationId = String(message.headers['x-correlation-id'] ?? `fake-${(received += 1)}`)
    const record: RecordedRequest = { at: options.now(), method, path: request.path, query: request.query, correlationId, status: 0 }
    requests.push(record)
    await answer(request, response, record)
  }

  const server = createServer((message, response) => {
    receive(message, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`the fake itself failed: ${String(error)}`)
    })
  })
  // A client that is busy for seconds must not meet a connection that was closed meanwhile.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  let closing: Promise<void> | undefined

  return {
    url: `http://127.0.0.1:${address.port}`,
    faults,
    requests,
    count: (match = {}) => requests.filter((record) => matches(match, record)).length,
    onRequest(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closing ??= new Promise((resolve) => {
        faults.dispose()
        for (const [timer, finish] of timers) {
          clearTimeout(timer)
          finish()
        }
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closing
    },
  }
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function matches(match: FaultMatch, record: RecordedRequest): boolean {
  if (match.method !== undefined && match.method !== record.method) return false
  if (typeof match.path === 'string' && !record.path.includes(match.path)) return false
  if (match.path instanceof RegExp && record.path.search(match.path) === -1) return false
  return match.where === undefined || match.where({ method: record.method, path: record.path, query: record.query, headers: {}, text: '' })
}
