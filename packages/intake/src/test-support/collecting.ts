import { createMillrace, customerSchema, systemClock } from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource } from '@millrace/core/testing'
import { collect } from '../collect.ts'
import type { CollectSettings } from '../collect-settings.ts'
import { signIdentity } from '../identity-token.ts'
import { signRequest } from '../signature.ts'

export const now: number = Date.UTC(2026, 5, 1, 12)
export const secret = 'a secret of at least 32 characters!'
export const identitySecret = 'who is who, in 32 characters or more'
export const writeKey = 'public-key-of-the-shop'
export const origin = 'https://shop.example'
export const visitor = 'visitor-0123456789'

const minute = 60_000
export const iso = (ms: number): string => new Date(ms).toISOString()

/** An event as a page tells it. */
export const viewed = (id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: `event-${id}`,
  type: 'product.viewed',
  occurredAt: iso(now - 1_000),
  data: { lines: [{ sku: 'SHIRT-M' }], url: `${origin}/shirt` },
  ...more,
})

/** A shop with two customers, a collect endpoint, and a destination that hears of it. The clock stands unless it is moved. */
export const collecting = async (settings: Partial<CollectSettings> = {}) => {
  let ahead = 0
  const clock = { ...systemClock, now: () => now + ahead, sleep: async () => {} }
  const shop = scriptedSource({ now: now - minute })
  for (const id of ['ada', 'bob']) {
    const at = iso(now - 60 * minute)
    shop.put(customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com` }))
  }
  const crm = recordingDestination({ events: 'at-most-once' })
  const store = memoryStore()
  const collector = collect({ secret, browser: { writeKey, origins: [origin], identitySecret }, ...settings })
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: crm, contract: { events: { 'account.created': false } } } },
    collect: { shop: { collector } },
    store,
    clock,
  })
  await millrace.sync()

  const call = async (init: RequestInit, path = '/collect/shop', address: string | undefined = '192.0.2.1'): Promise<Response> =>
    millrace.collect.handle(new Request(`http://localhost${path}`, { method: 'POST', ...init }), address)
  const server = async (body: unknown, headers?: Record<string, string>): Promise<number> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return (await call({ body: text, headers: headers ?? signRequest(secret, text, clock.now()) })).status
  }
  const browser = async (body: unknown, headers: Record<string, string> = {}, address?: string): Promise<Response> =>
    call(
      {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { origin, 'content-type': 'application/json', 'x-millrace-key': writeKey, ...headers },
      },
      '/collect/shop',
      address,
    )
  const identity = (customerId: string, anonymousId?: string): Promise<string> =>
    signIdentity(identitySecret, { customerId, ...(anonymousId === undefined ? {} : { anonymousId }) }, { now: clock.now() })
  /** Names of people and events that were told, after a pass. */
  const told = async (): Promise<string[]> => {
    await millrace.sync()
    const people = new Map(crm.objectsOf('contact').map(({ remoteId, key }) => [remoteId, key.replace('shop:', '')]))
    const ids = crm
      .objectsOf('event')
      .map(({ key, parents }) => `${people.get(parents[0] ?? '') ?? '?'} ${key.replace(/^shop:(?:browse:[^:]*:)?/, '')}`)
    return ids.toSorted()
  }
  return { millrace, crm, store, call, server, browser, identity, told, pass: (ms: number) => void (ahead += ms) }
}
