import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '@millrace/core'
import { type Fault, matches, type ReceivedRequest, type RequestMatch } from './fault.ts'

/** An answer; an object body is sent as JSON, a string as it is. */
export interface FaultServerReply {
  status: number
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

/** What a fault server stands in front of: a fake at an address on this machine, or a function that plays one. */
export interface FaultServerOptions {
  target: string | ((request: ReceivedRequest) => FaultServerReply | Promise<FaultServerReply>)
  clock?: Clock
}

/** One request as it was seen; `status` is 0 when no whole answer was sent, `fault` the kind that struck. */
export interface RecordedRequest extends ReceivedRequest {
  at: number
  status: number
  fault?: Fault['kind']
}

/** A loopback server that passes requests on and lets chosen ones fail. */
export interface FaultServer {
  /** Base address without a trailing slash. */
  readonly url: string
  /** Lets the next matching request fail, once, after those that were scheduled before. */
  next(fault: Fault, match?: RequestMatch): void
  /** Lets every matching request fail until {@link FaultServer.clear}. */
  always(fault: Fault, match?: RequestMatch): void
  clear(): void
  /** Applies what `late` faults held back, oldest first, and returns how many. */
  applyLate(): Promise<number>
  /** Every request since the start or the last `forget`, oldest first. */
  readonly requests: readonly RecordedRequest[]
  count(match?: RequestMatch): number
  forget(): void
  /** Connections that clients hold open. */
  readonly connections: number
  /** Breaks open connections and ends the server. Idempotent. */
  close(): Promise<void>
}

/** Starts a fault server on 127.0.0.1 and a free port. Without faults it is invisible to the adapter. */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { target, clock = systemClock } = options
  const agent = new http.Agent({ keepAlive: true })
  const apply = typeof target === 'string' ? (request: ReceivedRequest) => forward(target, request, agent) : target
  const stopped = new AbortController()
  let scheduled: { fault: Fault; match: RequestMatch; once: boolean }[] = []
  let requests: RecordedRequest[] = []
  let late: (() => Promise<unknown>)[] = []

  function strike(request: ReceivedRequest): Fault | undefined {
    const entry = scheduled.find(({ match }) => matches(match, request))
    if (entry?.once === true) scheduled = scheduled.filter((other) => other !== entry)
    return entry?.fault
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await receive(message)
    const record: RecordedRequest = { ...request, at: clock.now(), status: 0 }
    requests.push(record)
    const answer = (reply: FaultServerReply): void => {
      record.status = reply.status
      send(response, reply)
    }
    const fault = strike(request)
    if (fault === undefined) return answer(await apply(request))
    record.fault = fault.kind
    switch (fault.kind) {
      case 'status':
        if (fault.applied === true) await apply(request)
        return answer({ ...fault, body: typeof fault.body === 'function' ? fault.body(request) : fault.body })
      case 'html':
        return answer({
          status: fault.status ?? 502,
          headers: { 'content-type': 'text/html' },
          body: '<!doctype html><title>Bad gateway</title><h1>Error 502</h1>',
        })
      case 'reset':
        if (fault.when === 'after') await apply(request)
        response.destroy()
        return
      case 'hang':
        if (fault.applied !== false) await apply(request)
        return
      case 'slow': {
        const reply = await apply(request)
        await clock.sleep(fault.ms, stopped.signal)
        return answer(reply)
      }
      case 'partial':
        return cut(response, await apply(request))
      case 'lie':
        return answer({ status: fault.status ?? 200, body: fault.body ?? {} })
      case 'reorder':
        return answer(rewritten(await apply(request), reversed))
      case 'rewrite':
        return answer(rewritten(await apply(request), fault.rewrite))
      case 'late':
        late.push(async () => apply(request))
        response.destroy()
        return
    }
  }

  const server = http.createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      if (response.destroyed || response.headersSent) return response.destroy()
      send(response, { status: 599, headers: { 'content-type': 'text/plain' }, body: `the fake itself failed: ${String(error)}` })
      return undefined
    })
  })
  server.keepAliveTimeout = 60_000
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => (connections -= 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    next(fault, match = {}) {
      scheduled.push({ fault, match, once: true })
    },
    always(fault, match = {}) {
      scheduled.push({ fault, match, once: false })
    },
    clear() {
      scheduled = []
    },
    async applyLate() {
      const due = late
      late = []
      for (const one of due) await one()
      return due.length
    },
    get requests() {
      return requests
    },
    count: (match = {}) => requests.filter((request) => matches(match, request)).length,
    get connections() {
      return connections
    },
    forget() {
      requests = []
    },
    async close() {
      stopped.abort()
      agent.destroy()
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function receive(message: IncomingMessage): Promise<ReceivedRequest> {
  const target = new URL(message.url ?? '/', 'http://127.0.0.1')
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]))
  return { method: message.method ?? 'GET', path: target.pathname, query: target.search.slice(1), headers, text: await textOf(message) }
}

async function textOf(message: IncomingMessage): Promise<string> {
  message.setEncoding('utf8')
  let text = ''
  for await (const part of message) text += String(part)
  return text
}

async function forward(target: string, request: ReceivedRequest, agent: http.Agent): Promise<FaultServerReply> {
  const { method, path, query, text } = request
  const headers = { ...request.headers, host: new URL(target).host, 'content-length': String(Buffer.byteLength(text)) }
  const outgoing = http.request(`${target.replace(/\/+$/, '')}${path}${query === '' ? '' : `?${query}`}`, { method, headers, agent })
  outgoing.end(text)
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => outgoing.once('response', resolve).once('error', reject))
  const kept = Object.entries(incoming.headers).filter(
    ([name]) => !['content-length', 'connection', 'transfer-encoding', 'keep-alive'].includes(name),
  )
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    body: await textOf(incoming),
  }
}

const bodyText = ({ body }: FaultServerReply): string => (typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))

function send(response: ServerResponse, reply: FaultServerReply): void {
  if (response.destroyed) return
  response.writeHead(reply.status, { ...(typeof reply.body === 'object' ? { 'content-type': 'application/json' } : {}), ...reply.headers })
  response.end(bodyText(reply))
}

function cut(response: ServerResponse, reply: FaultServerReply): void {
  const text = Buffer.from(bodyText(reply))
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers, 'content-length': String(text.length + 1) })
  response.write(text.subarray(0, Math.floor(text.length / 2)), () => response.destroy())
}

function rewritten(reply: FaultServerReply, rewrite: (body: unknown) => unknown): FaultServerReply {
  const text = bodyText(reply)
  if (reply.headers?.['content-type']?.includes('ndjson') === true) return { ...reply, body: rewrittenLines(text, rewrite) }
  return text === '' ? reply : { ...reply, body: JSON.stringify(rewrite(JSON.parse(text))) }
}

/** Newline JSON is a list of its lines. */
function rewrittenLines(text: string, rewrite: (body: unknown) => unknown): string {
  const lines = rewrite(text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)])))
  return Array.isArray(lines) ? lines.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(lines)
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).toReversed()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, reversed(entry)]))
}
