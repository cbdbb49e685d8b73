import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http, { type ClientRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type Exchange, systemClock } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import type { FaultServer } from '../testing/fault-server.ts'
import { createHttpClient } from './client.ts'
import { get, open, post, setup } from './test-support.ts'

/** The next request this process makes, as Node sees it. */
function watchRequests(): ClientRequest[] {
  const seen: ClientRequest[] = []
  const listen = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'request' in message && message.request instanceof http.ClientRequest)
      seen.push(message.request)
  }
  subscribe('http.client.request.start', listen)
  open.push({ close: () => void unsubscribe('http.client.request.start', listen) })
  return seen
}

const arrived = async (server: FaultServer, count = 1): Promise<void> => {
  while (server.requests.length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('request', () => {
  it('sends method, query, JSON body, headers, credential and user agent', async () => {
    const { server, client } = await setup({ credential: 'secret\n', headers: { 'X-Common': '1' }, userAgent: 'shop/2' })
    await client.request({ ...post, path: 'a%20b', query: { q: 'ä&b', list: [1, 2], none: undefined }, headers: { 'X-Own': '2' } })
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/a%20b', query: 'q=%C3%A4%26b&list=1&list=2', text: '{"a":1}' })
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-common': '1',
      'x-own': '2',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^shop\/2 millrace\/\d/),
    })
  })

  it('sends forms, text and bytes as they are', async () => {
    const { server, client } = await setup()
    await client.request({ ...post, body: new URLSearchParams({ a: 'b c' }) })
    await client.request({ ...post, body: '{"x":1}\n{"x":2}', headers: { 'content-type': 'application/x-ndjson' } })
    await client.request({ ...post, body: new TextEncoder().encode('bytes') })
    expect(server.requests.map(({ text, headers }) => [headers['content-type'], text])).toEqual([
      ['application/x-www-form-urlencoded', 'a=b+c'],
      ['application/x-ndjson', '{"x":1}\n{"x":2}'],
      ['application/octet-stream', 'bytes'],
    ])
  })

  it.each([200, 201, 204, 207, 302, 400, 401, 403, 404, 409, 413, 422, 429, 477, 500])(
    'resolves for status %i and calls once',
    async (status) => {
      const { server, client } = await setup({ credential: 'plain' })
      server.next({ kind: 'status', status, headers: { location: '/elsewhere', 'x-hubspot-correlation-id': 'c-1' } })
      expect(await client.request(get)).toMatchObject({ status, correlationId: 'c-1' })
      expect(server.count()).toBe(1)
    },
  )

  it.each([
    ['application/json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/problem+json', '{"a":1}', { a: 1 }],
    ['', '{"a":1}', { a: 1 }],
    ['', 'plain', 'plain'],
    ['application/json', '{"a":', '{"a":'],
    ['application/json', '', undefined],
    ['application/x-ndjson', '{"a":1}', '{"a":1}'],
    ['text/html', '<html>', '<html>'],
  ])('reads %s %j as %j', async (contentType, body, expected) => {
    const { client } = await setup({}, () => ({ status: 200, headers: contentType === '' ? {} : { 'content-type': contentType }, body }))
    expect((await client.request(get)).body).toEqual(expected)
  })

  it('takes the correlation id from the body when no header has one, and never takes free text for one', async () => {
    const bodies = [{ correlationId: 'b-1' }, { correlationId: 'Jane Doe <jane@example.com>' }]
    const { client } = await setup({}, () => ({ status: 200, body: bodies.shift() }))
    expect((await client.request(get)).correlationId).toBe('b-1')
    expect((await client.request(get)).correlationId).toBeUndefined()
  })

  it('refuses to carry the credential to another origin, and follows full paging links of its own', async () => {
    const { server, client } = await setup({ credential: 'secret' })
    for (const path of ['https://evil.example/x', '//evil.example/x', 'http://127.0.0.1:1/x']) {
      await expect(client.request({ ...get, path })).rejects.toMatchObject({ code: 'foreign_address', scope: 'destination' })
    }
    expect((await client.request({ ...get, path: `${server.url}/next?after=1` })).status).toBe(200)
    expect(server.requests.map(({ path, query }) => [path, query])).toEqual([['/next', 'after=1']])
  })

  it('reuses its connection', async () => {
    const { client } = await setup()
    const requests = watchRequests()
    await client.request(get)
    await client.request(get)
    expect(requests.map((request) => request.reusedSocket)).toEqual([false, true])
  })
})

describe('no answer', () => {
  it('is certain that nothing was applied when the host refuses or has no name', async () => {
    const { server, client } = await setup()
    await server.close()
    await expect(client.request(post)).rejects.toMatchObject({
      code: 'connection_failed',
      scope: 'destination',
      retryable: true,
      context: { applied: 'no', fault: 'ECONNREFUSED' },
    })
    const nameless = createHttpClient({ baseUrl: 'http://nothing.invalid', clock: systemClock })
    await expect(nameless.request(post)).rejects.toMatchObject({ code: 'connection_failed', context: { applied: 'no' } })
  })

  it('says so when the request cannot even be made', async () => {
    const { server, client } = await setup({ credential: 'b\u0100d' })
    await expect(client.request(post)).rejects.toMatchObject({ code: 'request_invalid', retryable: false, context: { applied: 'no' } })
    expect(server.count()).toBe(0)
  })

  it.each(['before', 'after'] as const)(
    'does not know whether it was applied when the connection resets %s the commit, and repeats no POST',
    async (when) => {
      const { server, client } = await setup()
      server.next({ kind: 'reset', when })
      await expect(client.request(post)).rejects.toMatchObject({
        code: 'connection_lost',
        retryable: true,
        scope: 'batch',
        context: { applied: 'unknown' },
      })
      expect(server.count()).toBe(1)
    },
  )

  it('takes a body that was cut for no answer', async () => {
    const { server, client } = await setup()
    server.next({ kind: 'partial' })
    await expect(client.request(post)).rejects.toMatchObject({ code: 'connection_lost', context: { applied: 'unknown' } })
  })

  it('throws a timeout only when the socket is gone', async () => {
    const clock = fakeClock()
    const { server, client } = await setup({ clock })
    server.next({ kind: 'hang' })
    const requests = watchRequests()
    const answer = client.request(post)
    const state = answer.catch((error: unknown) => ({
      error,
      closed: requests[0]?.socket?.closed,
      destroyed: requests[0]?.socket?.destroyed,
    }))
    await arrived(server)
    await clock.advance(59_999)
    expect(clock.sleepers).toBe(1)
    await clock.advance(1)
    expect(await state).toMatchObject({
      error: { code: 'timeout', context: { applied: 'unknown', timeoutMs: 60_000 } },
      closed: true,
      destroyed: true,
    })
    expect(client.usage()).toEqual({ requests: 1, rateLimited: 0, retries: 0 })
  })

  it('also ends an answer that begins and never finishes', async () => {
    const clock = fakeClock()
    const server = http.createServer((_, response) => void response.write('{"begin":'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = createHttpClient({ baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, clock })
    const connected = once(server, 'request')
    const answer = client.request({ ...post, timeoutMs: 1_000 }).catch((error: unknown) => error)
    await connected
    await clock.advance(1_000)
    expect(await answer).toMatchObject({ code: 'timeout', context: { applied: 'unknown' } })
    server.closeAllConnections()
    server.close()
  })

  it('obeys an abort before, and during the call, and says what is known', async () => {
    const { server, client } = await setup()
    const requests = watchRequests()
    const stop = new AbortController()
    server.next({ kind: 'hang' })
    const answer = client.request({ ...get, signal: stop.signal })
    await arrived(server)
    stop.abort()
    await expect(answer).rejects.toMatchObject({ code: 'aborted', context: { applied: 'unknown' } })
    expect(requests[0]?.socket?.closed).toBe(true)
    await expect(client.request({ ...get, signal: stop.signal })).rejects.toMatchObject({ code: 'aborted', context: { applied: 'no' } })
    expect(server.count()).toBe(1)
  })

  it('refuses answers larger than it may read, also packed ones, and closes the connection', async () => {
    const bomb = gzipSync(Buffer.alloc(8_000_000))
    const server = http.createServer((request, response) => {
      if (request.url === '/packed') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      return void response.writeHead(200).end(Buffer.alloc(8_000_000))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = createHttpClient({
      baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      clock: systemClock,
      maxBytes: 1_000_000,
    })
    for (const path of ['/plain', '/packed']) {
      await expect(client.request({ ...get, path })).rejects.toMatchObject({ code: 'response_too_large', retryable: false })
    }
    client.close()
    server.closeAllConnections()
    server.close()
  })

  it('names no personal data and no secret in its errors', async () => {
    const { server, client } = await setup({ credential: 'sk_canary_secret' })
    server.always({ kind: 'reset', when: 'before' })
    const error = await client
      .request({ ...post, path: '/contacts/canary%40example.com', query: { email: 'canary@example.com' }, body: { name: 'canary' } })
      .catch((thrown: unknown) => thrown)
    expect(JSON.stringify(error)).toContain('connection_lost')
    expect(JSON.stringify(error)).not.toContain('canary')
  })
})

describe('repeating in the call', () => {
  it.each([
    ['a reset', { kind: 'reset', when: 'before' } as const],
    ['an HTML 502', { kind: 'html' } as const],
    ['a 503', { kind: 'status', status: 503 } as const],
    ['a 504', { kind: 'status', status: 504 } as const],
    ['a cut body', { kind: 'partial' } as const],
  ])('repeats a GET and an idempotent POST once after %s', async (_, fault) => {
    const { server, client } = await setup()
    for (const call of [get, { ...post, idempotent: true }]) {
      server.next(fault)
      expect((await client.request(call)).status).toBe(200)
    }
    expect(server.count()).toBe(4)
    expect(client.usage()).toEqual({ requests: 4, rateLimited: 0, retries: 2 })
  })

  it('makes at most two attempts and then gives what there is', async () => {
    const { server, client } = await setup()
    server.always({ kind: 'html' })
    expect(await client.request(get)).toMatchObject({ status: 502, contentType: 'text/html', body: expect.stringContaining('<h1>') })
    expect(server.count()).toBe(2)
    server.clear()
    server.always({ kind: 'reset', when: 'after' })
    await expect(client.request(get)).rejects.toMatchObject({ code: 'connection_lost' })
    expect(server.count()).toBe(4)
  })

  it.each([
    ['a POST', post, 502, {}],
    ['a GET that forbids it', { ...get, retry: false }, 503, {}],
    ['a 500', get, 500, {}],
    ['a 429', get, 429, {}],
    ['a 503 with Retry-After', get, 503, { 'retry-after': '1' }],
  ])('does not repeat %s', async (_, call, status, headers) => {
    const { server, client } = await setup()
    server.next({ kind: 'status', status, headers })
    expect((await client.request(call)).status).toBe(status)
    expect(server.count()).toBe(1)
  })

  it('is stopped by an abort while it waits to repeat, and says that the first attempt may have been applied', async () => {
    const clock = fakeClock()
    const pausing = Promise.withResolvers<void>()
    const sleep = (ms: number, until?: AbortSignal): Promise<void> => {
      if (ms < 1_000) pausing.resolve()
      return clock.sleep(ms, until)
    }
    const { server, client } = await setup({ clock: { ...clock, sleep } })
    server.always({ kind: 'reset', when: 'after' })
    const stop = new AbortController()
    const answer = client.request({ ...get, signal: stop.signal }).catch((error: unknown) => error)
    await pausing.promise
    stop.abort()
    expect(await answer).toMatchObject({ code: 'aborted', context: { applied: 'unknown' } })
    expect([server.count(), clock.sleepers]).toEqual([1, 0])
  })

  it('meets a connection that the vendor closed while idle: a GET goes again, a POST is left to the engine', async () => {
    let seen = 0
    const server = http.createServer((request, response) => {
      seen += 1
      if (seen % 2 === 0) return void request.socket.destroy()
      return void response.end('{}')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = createHttpClient({ baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, clock: systemClock })
    expect((await client.request(post)).status).toBe(200)
    await expect(client.request(post)).rejects.toMatchObject({ code: 'connection_lost', context: { applied: 'unknown' } })
    expect((await client.request(post)).status).toBe(200)
    expect((await client.request(get)).status).toBe(200)
    expect(seen).toBe(5)
    client.close()
    server.closeAllConnections()
    server.close()
  })

  it('counts refusals for the rate', async () => {
    const { server, client } = await setup()
    server.next({ kind: 'status', status: 429 })
    await client.request(get)
    expect(client.usage()).toEqual({ requests: 1, rateLimited: 1, retries: 0 })
  })
})

describe('what is told of each attempt', () => {
  it('is method, path without query, status, time and correlation id; of failures and a sample the outlines too', async () => {
    let calls = 0
    const { client } = await setup({}, () => {
      calls += 1
      return calls === 2
        ? { status: 400, headers: { 'x-correlation-id': 'c-2' }, body: { category: 'VALIDATION_ERROR', message: 'ann@example.com' } }
        : { status: 200, body: { ok: true } }
    })
    const told: Exchange[] = []
    const bodies: unknown[] = []
    const exchanged = (exchange: Exchange, sent: unknown): void => {
      told.push(exchange)
      bodies.push(sent)
    }
    const body = { email: 'ann@example.com' }
    for (let i = 0; i < 3; i++)
      await client.request({ ...post, path: '/people/ann@example.com', query: { key: 'secret' }, body, exchanged })
    const plain = { method: 'POST', path: '/people/[redacted]', status: 200, correlationId: null, fault: null }
    expect(told).toMatchObject([
      { ...plain, request: '{"email":"<text 15>"}', answer: '{"ok":true}' },
      { ...plain, status: 400, correlationId: 'c-2', answer: '{"category":"VALIDATION_ERROR","message":"<text 15>"}' },
      { ...plain, request: null, answer: null },
    ])
    expect(bodies).toEqual([body, body, body])
  })

  it('is the fault where there was no answer, once for each attempt', async () => {
    const { server, client } = await setup()
    server.next({ kind: 'reset', when: 'before' })
    server.next({ kind: 'reset', when: 'before' })
    const told: Exchange[] = []
    await expect(client.request({ ...get, exchanged: (exchange) => told.push(exchange) })).rejects.toMatchObject({
      code: 'connection_lost',
    })
    expect(told).toMatchObject([
      { status: null, fault: 'connection_lost', correlationId: null },
      { status: null, fault: 'connection_lost' },
    ])
  })
})
