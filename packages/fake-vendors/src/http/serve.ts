/**
 * The HTTP shell every fake vendor can stand in: a loopback server on a free port that reads bodies, strikes with faults, delays answers and records
 * what came in. A fake brings one synchronous `handle(request)`: synchronous, so each request is applied as a whole and requests never interleave.
 *
 * ```ts
 * const server = await serve({ handle: (request) => ({ status: 200, body: { ok: true } }), seed: 1 })
 * server.faults.next({ kind: 'reset', when: 'after' }, { method: 'POST' })
 * await server.close()
 * ```
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { createFaults, type Fault, type Faults } from './faults.ts'
import type { HttpReply, HttpRequest } from './message.ts'
import { createRandom } from './random.ts'

/** What a fake brings to the shell. */
export interface ServeOptions {
  /** Applies a request and says the answer; what it notes is added to the record of the request. */
  readonly handle: (request: HttpRequest, note: (extra: RequestNote) => void) => HttpReply
  /** Seed of probabilistic faults. Default 1. */
  readonly seed?: number
  /** Delay of every answer, fixed or per request. Default 0. */
  readonly latencyMs?: number | ((request: HttpRequest) => number)
  /** Clock of the records, epoch ms. Default `Date.now`. */
  readonly now?: () => number
  /** Keeps request bodies in the records. Default false: bodies hold personal data and memory. */
  readonly recordBodies?: boolean
  /** Content-Type of answers that carry an object. Default `application/json;charset=utf-8`. */
  readonly jsonContentType?: string
}

/** What a fake can add to the record of a request. */
export interface RequestNote {
  /** Number of inputs of a batch request. */
  inputs?: number
  /** Id of the fake's rule that refused the request as a whole. */
  rule?: string
}

/** One request as it was seen. `status` is 0 when no answer was sent. */
export interface RecordedRequest extends RequestNote {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body?: string
  status: number
  /** Kind of the fault that struck, if any. */
  fault?: Fault['kind']
}

/** Which recorded requests to count. `path` is a part of the path, or a pattern over it. */
export interface RecordMatch {
  readonly method?: string
  readonly path?: string | RegExp
}

/** A running shell. */
export interface Served {
  /** Base address without a trailing slash. */
  readonly url: string
  readonly faults: Faults
  /** Every request since the start or the last reset, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** How many recorded requests match; all of them without a condition. */
  count(match?: RecordMatch | ((request: RecordedRequest) => boolean)): number
  resetRequests(): void
  /** Strikes every request with this fault until called with undefined. */
  setDown(fault: Fault | undefined): void
  /** Ends open connections and the server. Idempotent. */
  close(): Promise<void>
}

async function readText(message: IncomingMessage): Promise<string> {
  message.setEncoding('utf8')
  let text = ''
  for await (const chunk of message) text += String(chunk)
  return text
}

/** Starts a server on 127.0.0.1 and a free port. */
export async function serve(options: ServeOptions): Promise<Served> {
  const faults = createFaults(createRandom(options.seed ?? 1))
  const now = options.now ?? Date.now
  const jsonContentType = options.jsonContentType ?? 'application/json;charset=utf-8'
  const timers = new Set<NodeJS.Timeout>()
  let records: RecordedRequest[] = []
  let down: Fault | undefined

  function later(ms: number, action: () => void): void {
    if (ms <= 0) return action()
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, ms)
    timers.add(timer)
  }

  function send(response: ServerResponse, record: RecordedRequest, reply: HttpReply): void {
    record.status = reply.status
    if (response.destroyed) return
    const text = typeof reply.body === 'object' ? JSON.stringify(reply.body) : (reply.body ?? '')
    response.writeHead(reply.status, { 'content-type': jsonContentType, ...reply.headers })
    response.end(text)
  }

  function answer(request: HttpRequest, response: ServerResponse, record: RecordedRequest): void {
    const latency = typeof options.latencyMs === 'function' ? options.latencyMs(request) : (options.latencyMs ?? 0)
    const reply = (content: HttpReply, extraMs = 0): void => later(latency + extraMs, () => send(response, record, content))
    const apply = (): HttpReply => options.handle(request, (extra) => Object.assign(record, extra))
    const fault = faults.strike(request) ?? down
    if (fault === undefined) return reply(apply())
    record.fault = fault.kind
    switch (fault.kind) {
      case 'reply':
        if (fault.applied === true) apply()
        return reply(typeof fault.reply === 'function' ? fault.reply(request) : fault.reply)
      case 'rewrite':
        return reply(fault.rewrite(apply(), request))
      case 'reset':
        if (fault.when === 'after') apply()
        return later(latency, () => response.destroy())
      case 'hang':
        if (fault.applied) apply()
        return undefined
      case 'slow':
        return reply(apply(), fault.ms)
      case 'late':
        faults.hold(apply, fault)
        if (fault.answer === 'none') return undefined
        if (fault.answer === 'reset') return later(latency, () => response.destroy())
        return reply(fault.answer)
    }
  }

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(message.url ?? '/', 'http://127.0.0.1')
    const method = message.method ?? 'GET'
    let text: string
    try {
      text = await readText(message)
    } catch {
      // The client went away while sending: nothing was received, so nothing is applied.
      return
    }
    const request: HttpRequest = { method, path: target.pathname, query: target.searchParams, headers: message.headers, text }
    const seen: RecordedRequest = { at: now(), method, path: target.pathname, query: target.search.slice(1), status: 0 }
    const record = options.recordBodies === true ? { ...seen, body: text } : seen
    records.push(record)
    answer(request, response, record)
  }

  const server = createServer((message, response) => {
    receive(message, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(`the fake itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    })
  })
  // Tests that freeze time must not lose idle keep-alive connections in the middle of a request.
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
    get requests() {
      return records
    },
    count(match) {
      if (match === undefined) return records.length
      const hit = typeof match === 'function' ? match : (record: RecordedRequest): boolean => matchesRecord(match, record)
      return records.filter(hit).length
    },
    resetRequests() {
      records = []
    },
    setDown(fault) {
      down = fault
    },
    close() {
      closing ??= new Promise((resolve) => {
        faults.dispose()
        for (const timer of timers) clearTimeout(timer)
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closing
    },
  }
}

function matchesRecord(match: RecordMatch, record: { readonly method: string; readonly path: string }): boolean {
  if (match.method !== undefined && match.method !== record.method) return false
  if (match.path === undefined) return true
  return typeof match.path === 'string' ? record.path.includes(match.path) : record.path.search(match.path) !== -1
}
