import { connect } from 'node:net'
import { once } from 'node:events'
import { createMillrace } from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource } from '@millrace/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { collect } from './collect.ts'
import { serve, type Server } from './serve.ts'
import { signRequest } from './signature.ts'
import { signedRequests } from './signed-requests.ts'

const secret = 'a secret of at least 32 characters!'
const writeKey = 'public-key-of-the-shop'
const origin = 'https://shop.example'
let open: { server: Server; close: () => Promise<void> } | undefined
afterEach(async () => {
  await open?.server.close()
  await open?.close()
  open = undefined
})

const start = async () => {
  const store = memoryStore()
  const millrace = createMillrace({
    sources: { shop: scriptedSource() },
    connections: { crm: { destination: recordingDestination() } },
    notifications: { shop: { transport: signedRequests({ secret }) } },
    collect: { shop: { collector: collect({ secret, browser: { writeKey, origins: [origin], perAddress: 2 } }) } },
    store,
  })
  const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
  open = { server, close: () => millrace.close() }
  const post = (body: string, headers: Record<string, string> = signRequest(secret, body, Date.now())) =>
    fetch(`${server.url}/hooks/shop`, { method: 'POST', body, headers })
  return { server, millrace, store, post }
}

describe('the server', () => {
  it('keeps notifications and tells nothing but a status', async () => {
    const { post, millrace } = await start()
    const kept = await post('{"entity":"customer","id":"c1"}')
    expect([kept.status, await kept.text()]).toEqual([204, ''])
    const refused = await post('{}', {})
    expect([refused.status, await refused.text()]).toEqual([401, ''])
    expect((await millrace.status()).notifications).toMatchObject({ shop: { waiting: 1 } })
  })

  it('takes events of pages below /collect/, limited by the address of the connection, and counts them', async () => {
    const { server } = await start()
    const send = async (init: RequestInit = {}) =>
      fetch(`${server.url}/collect/shop`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json', 'x-millrace-key': writeKey },
        body: JSON.stringify({
          anonymousId: 'visitor-0123456789',
          events: [{ id: 'event-1', type: 'product.viewed', occurredAt: new Date().toISOString() }],
        }),
        ...init,
      })
    const asked = await send({ method: 'OPTIONS', body: null })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin])
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([204, 204, 429])
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text()
    expect(metrics).toContain('millrace_collected_events_total{endpoint="shop"} 2')
    expect(metrics).toContain('millrace_collect_refused_total{endpoint="shop",status="429"} 1')
  })

  it('answers a body beyond the limit with 413 and does not read on', async () => {
    const { server } = await start()
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    const headers = Object.entries(signRequest(secret, '', Date.now())).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /hooks/shop HTTP/1.1\r\nhost: x\r\n${headers.join('')}transfer-encoding: chunked\r\n\r\n`)
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    for (let sent = 0; sent < 12; sent += 1) socket.write(chunk)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it.each(['/', '/hooks/other', '/metrics', '/healthz', '/hooks/shop/'])('has nothing at %s for strangers', async (path) => {
    const { server } = await start()
    expect((await fetch(server.url + path, { method: 'POST' })).status).toBe(404)
  })

  it('tells health, readiness and metrics on a port of its own', async () => {
    const { server, millrace, post } = await start()
    await post('{"entity":"customer","id":"c1"}')
    await post('{}', {})
    await millrace.notifications.process()
    const get = async (path: string) => (await fetch(server.adminUrl + path)).text()
    expect(await get('/healthz')).toBe('ok')
    expect(await get('/readyz')).toBe('ready')
    const metrics = await get('/metrics')
    expect(metrics).toContain('millrace_notifications_received_total{source="shop"} 1')
    expect(metrics).toContain('millrace_notifications_refused_total{endpoint="shop",code="notification_unauthorized"} 1')
    expect(metrics).toMatch(/millrace_runs_total\{kind="notification",status="\w+"\} 1/)
    expect((await fetch(`${server.adminUrl}/hooks/shop`, { method: 'POST' })).status).toBe(405)
  })

  it('is not ready when the store cannot be read', async () => {
    const { server, store } = await start()
    store.runs = () => Promise.reject(new Error('gone'))
    expect((await fetch(`${server.adminUrl}/readyz`)).status).toBe(503)
    expect((await fetch(`${server.adminUrl}/healthz`)).status).toBe(200)
  })

  it('ends, and may be ended twice', async () => {
    const { server } = await start()
    await server.close()
    await server.close()
    await expect(fetch(server.url)).rejects.toThrow()
  })
})
