import http from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeClock } from './fake-clock.ts'
import { type FaultServer, type FaultServerOptions, startFaultServer } from './fault-server.ts'

const open: FaultServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function start(options: Partial<FaultServerOptions> = {}): Promise<FaultServer> {
  const server = await startFaultServer({ target: () => ({ status: 200, body: { ok: true } }), ...options })
  open.push(server)
  return server
}

/** A fake that counts what it applied, behind a fault server. */
async function behind() {
  const applied: string[] = []
  const fake = await start({
    target: ({ method, path, query, text }) => {
      applied.push(`${method} ${path}?${query} ${text}`)
      return { status: 201, headers: { 'x-fake': 'yes' }, body: { results: [1, 2, { list: ['a', 'b'] }] } }
    },
  })
  return { applied, server: await start({ target: fake.url }) }
}

const post = (url: string, body = 'text', signal?: AbortSignal): Promise<Response> =>
  fetch(url, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) })

describe('startFaultServer', () => {
  it('is invisible without faults', async () => {
    const { applied, server } = await behind()
    const reply = await post(`${server.url}/a%20b?x=1&y=%C3%A4`, 'ümläut')
    expect([reply.status, reply.headers.get('x-fake'), await reply.json()]).toEqual([201, 'yes', { results: [1, 2, { list: ['a', 'b'] }] }])
    expect(applied).toEqual(['POST /a%20b?x=1&y=%C3%A4 ümläut'])
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/a%20b', query: 'x=1&y=%C3%A4', text: 'ümläut', status: 201 }])
  })

  it('strikes only what matches, each scheduled fault once, in their order', async () => {
    const { server } = await behind()
    server.next({ kind: 'status', status: 500 }, { path: '/a' })
    server.next({ kind: 'status', status: 501 }, { path: /^\/a$/, method: 'POST', where: ({ text }) => text === 'text' })
    const statuses: number[] = []
    for (const path of ['/b', '/a', '/a', '/a']) statuses.push((await post(server.url + path)).status)
    expect(statuses).toEqual([201, 500, 501, 201])
    expect(server.count({ path: '/a' })).toBe(3)
    server.always({ kind: 'html' })
    expect((await post(server.url)).headers.get('content-type')).toBe('text/html')
    server.clear()
    expect((await post(server.url)).status).toBe(201)
    server.forget()
    expect(server.count()).toBe(0)
  })

  it.each([
    ['a reset before', { kind: 'reset', when: 'before' } as const, 0],
    ['a reset after', { kind: 'reset', when: 'after' } as const, 1],
    ['a cut answer', { kind: 'partial' } as const, 1],
  ])('breaks the connection with %s', async (_, fault, count) => {
    const { applied, server } = await behind()
    server.next(fault)
    await expect(post(server.url).then((reply) => reply.text())).rejects.toThrow()
    expect(applied).toHaveLength(count)
    expect(server.requests[0]).toMatchObject({ status: 0, fault: fault.kind })
  })

  it.each([
    ['a status', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: { a: 1 } } as const, 0, { a: 1 }],
    ['a status after the commit', { kind: 'status', status: 503, body: { a: 1 }, applied: true } as const, 1, { a: 1 }],
    ['an echo', { kind: 'status', status: 400, body: ({ text }: { text: string }) => ({ echo: text }) } as const, 0, { echo: 'text' }],
    ['a lie', { kind: 'lie' } as const, 0, {}],
    ['another order', { kind: 'reorder' } as const, 1, { results: [{ list: ['b', 'a'] }, 2, 1] }],
    ['a change', { kind: 'rewrite', rewrite: () => ({ changed: true }) } as const, 1, { changed: true }],
  ])('answers with %s', async (_, fault, count, body) => {
    const { applied, server } = await behind()
    server.next(fault)
    const reply = await post(server.url)
    expect(await reply.json()).toEqual(body)
    expect(applied).toHaveLength(count)
  })

  it('turns the lines of newline JSON round', async () => {
    const server = await start({
      target: () => ({ status: 207, headers: { 'content-type': 'application/x-ndjson' }, body: '{"a":1}\n{"b":[1,2]}\n' }),
    })
    server.next({ kind: 'reorder' })
    expect(await (await post(server.url)).text()).toBe('{"b":[2,1]}\n{"a":1}\n')
  })

  it('hangs until the client gives up', async () => {
    const { applied, server } = await behind()
    server.next({ kind: 'hang' })
    const stop = new AbortController()
    const answer = post(server.url, 'text', stop.signal)
    while (applied.length === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await expect(answer).rejects.toThrow()
  })

  it('answers late by its clock', async () => {
    const clock = fakeClock()
    const { url } = await start()
    const server = await start({ target: url, clock })
    server.next({ kind: 'slow', ms: 5_000 })
    const answer = post(server.url)
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(5_000)
    expect((await answer).status).toBe(200)
  })

  it('applies a late request when it is told to', async () => {
    const { applied, server } = await behind()
    server.next({ kind: 'late' })
    await expect(post(server.url, 'first')).rejects.toThrow()
    await post(server.url, 'second')
    expect(applied.map((line) => line.split(' ').at(-1))).toEqual(['second'])
    expect(await server.applyLate()).toBe(1)
    expect(applied.map((line) => line.split(' ').at(-1))).toEqual(['second', 'first'])
    expect(await server.applyLate()).toBe(0)
  })

  it('says so when the fake itself fails, and closes twice with a request open', async () => {
    const failing = await start({ target: () => Promise.reject(new Error('bug in the fake')) })
    const reply = await post(failing.url)
    expect([reply.status, await reply.text()]).toEqual([599, expect.stringContaining('bug in the fake')])
    const server = await start()
    server.next({ kind: 'hang' })
    const answer = post(server.url)
    while (server.count() === 0) await new Promise((resolve) => setImmediate(resolve))
    await server.close()
    await server.close()
    await expect(answer).rejects.toThrow()
  })

  it('counts the connections that clients hold', async () => {
    const server = await start()
    const agent = new http.Agent({ keepAlive: true })
    await new Promise<void>((resolve) => http.get(server.url, { agent }, (response) => void response.resume().once('end', () => resolve())))
    expect(server.connections).toBe(1)
    agent.destroy()
    while (server.connections > 0) await new Promise((resolve) => setImmediate(resolve))
  })
})
