import { afterEach } from 'vitest'
import { scaledClock } from '../testing/scaled-clock.ts'
import { type FaultServer, type FaultServerOptions, startFaultServer } from '../testing/fault-server.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from './client.ts'

export const signal: AbortSignal = new AbortController().signal
export const get: HttpRequest = { method: 'GET', path: '/things', signal }
export const post: HttpRequest = { method: 'POST', path: '/things', body: { a: 1 }, signal }

/** Closed after each test. */
export const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A client and the server that it speaks to. */
export async function setup(
  options: Partial<HttpClientOptions> = {},
  target: FaultServerOptions['target'] = () => ({ status: 200, body: { ok: true } }),
): Promise<{ server: FaultServer; client: HttpClient }> {
  const server = await startFaultServer({ target })
  const client = createHttpClient({ baseUrl: server.url, clock: scaledClock(10), ...options })
  open.push(client, server)
  return { server, client }
}
