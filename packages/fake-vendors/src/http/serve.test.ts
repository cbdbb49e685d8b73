import { connect } from 'node:net'

import { expect, test } from 'vitest'

import { serve, type Served, type ServeOptions } from './index.ts'

async function withServer(options: Partial<ServeOptions>, body: (server: Served) => Promise<void>): Promise<void> {
  let applied = 0
  const server = await serve({ handle: () => ({ status: 200, body: { applied: (applied += 1) } }), ...options })
  try {
    await body(server)
  } finally {
    await server.close()
  }
}

const applied = async (server: Served, path = '/'): Promise<unknown> => (await fetch(server.url + path)).json()

test('a rule skips, strikes the given number of times, and goes', () =>
  withServer({}, async (server) => {
    const rule = server.faults.schedule({ fault: { kind: 'reply', reply: { status: 500 } }, skip: 1, times: 2 })
    const statuses: number[] = []
    for (let request = 0; request < 5; request += 1) statuses.push((await fetch(server.url)).status)
    expect([statuses, rule.hits]).toEqual([[200, 500, 500, 200, 200], 2])
  }))

test('rules match by method, path and request, the first one wins, and they can be removed', () =>
  withServer({}, async (server) => {
    const status = async (path: string, method = 'GET'): Promise<number> => (await fetch(server.url + path, { method })).status
    const fault = (code: number): { kind: 'reply'; reply: { status: number } } => ({ kind: 'reply', reply: { status: code } })
    const rule = server.faults.schedule({ fault: fault(501), method: 'POST', path: '/a', times: 9 })
    server.faults.schedule({ fault: fault(502), path: /^\/a$/, times: 9 })
    server.faults.schedule({ fault: fault(503), where: (request) => request.query.get('x') === '1', times: 9 })
    expect([
      await status('/a', 'POST'),
      await status('/a'),
      await status('/ab', 'POST'),
      await status('/b?x=1'),
      await status('/b'),
    ]).toEqual([501, 502, 501, 503, 200])
    rule.remove()
    expect(await status('/ab', 'POST')).toBe(200)
    server.faults.clear()
    expect(await status('/a')).toBe(200)
  }))

test('probable faults strike about as often as told, the same way for the same seed', async () => {
  const run = async (seed: number): Promise<string> => {
    let line = ''
    await withServer({ seed }, async (server) => {
      server.faults.schedule({ fault: { kind: 'reply', reply: { status: 503 } }, probability: 0.3 })
      for (let request = 0; request < 200; request += 1) line += (await fetch(server.url)).status === 503 ? 'x' : '.'
    })
    return line
  }
  const first = await run(5)
  const struck = first.replaceAll('.', '').length
  expect(struck).toBeGreaterThan(30)
  expect(struck).toBeLessThan(90)
  expect(await run(5)).toBe(first)
  expect(await run(6)).not.toBe(first)
})

test('an answer can be applied and replaced, or rewritten', () =>
  withServer({}, async (server) => {
    server.faults.next({ kind: 'reply', reply: { status: 500 }, applied: true })
    expect((await fetch(server.url)).status).toBe(500)
    server.faults.next({ kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: { was: reply.body } }) })
    expect(await applied(server)).toEqual({ was: { applied: 2 } })
  }))

test('a hanging request gets no answer and ends with the client or the server', () =>
  withServer({}, async (server) => {
    server.faults.next({ kind: 'hang', applied: true })
    const controller = new AbortController()
    const hanging = fetch(server.url, { signal: controller.signal })
    expect(await applied(server)).toEqual({ applied: 2 })
    controller.abort()
    await expect(hanging).rejects.toThrow()
    server.faults.next({ kind: 'hang', applied: false })
    const lost = expect(fetch(server.url)).rejects.toThrow()
    while (server.requests.length < 3) await applied(server)
    await server.close()
    await lost
  }))

test('slow answers and latency delay the answer, not the effect', () =>
  withServer({ latencyMs: 5 }, async (server) => {
    server.faults.next({ kind: 'slow', ms: 30 })
    const slow = applied(server)
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await applied(server)).toEqual({ applied: 2 })
    expect(await slow).toEqual({ applied: 1 })
  }))

test('a late request is applied by time, by the requests after it, or on demand', () =>
  withServer({}, async (server) => {
    server.faults.next({ kind: 'late', answer: { status: 504 }, afterMs: 1 })
    expect((await fetch(server.url)).status).toBe(504)
    while (server.faults.late > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await applied(server)).toEqual({ applied: 2 })
    server.faults.next({ kind: 'late', answer: 'reset', afterRequests: 1 })
    await expect(fetch(server.url)).rejects.toThrow()
    expect(await applied(server)).toEqual({ applied: 4 })
    server.faults.next({ kind: 'late', answer: 'reset' })
    await expect(fetch(server.url)).rejects.toThrow()
    expect([server.faults.applyLate(), server.faults.applyLate()]).toEqual([1, 0])
    expect(await applied(server)).toEqual({ applied: 6 })
  }))

test('down strikes every request until it is lifted', () =>
  withServer({}, async (server) => {
    server.setDown({ kind: 'reset', when: 'before' })
    await expect(fetch(server.url)).rejects.toThrow()
    await expect(fetch(server.url)).rejects.toThrow()
    server.setDown(undefined)
    expect(await applied(server)).toEqual({ applied: 1 })
  }))

test('a request that is cut off while it is sent is not applied', () =>
  withServer({}, async (server) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half":')
    await new Promise<void>((resolve) => socket.end(() => resolve()))
    expect(await applied(server)).toEqual({ applied: 1 })
    expect(server.count()).toBe(1)
  }))

test('a mistake of the fake itself is a readable 500', () =>
  withServer(
    {
      handle: () => {
        throw new Error('oops')
      },
    },
    async (server) => {
      const reply = await fetch(server.url)
      expect([reply.status, await reply.text()]).toEqual([500, expect.stringContaining('the fake itself failed: Error: oops')])
    },
  ))

test('bodies of several bytes per character arrive whole, and closing twice is harmless', async () => {
  const server = await serve({ handle: (request) => ({ status: 200, body: request.text }) })
  const text = 'äöü🛒'.repeat(50_000)
  expect(await (await fetch(server.url, { method: 'POST', body: text })).text()).toBe(text)
  await Promise.all([server.close(), server.close()])
})
