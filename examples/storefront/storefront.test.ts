import { createMillrace, customerSchema } from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource } from '@millrace/core/testing'
import { collect, serve } from '@millrace/intake'
import { afterEach, describe, expect, it } from 'vitest'
import { createTracker } from './millrace-storefront.js'
import { answerIdentity, tellCheckout, type ShopServer } from './server.ts'

const origin = 'https://shop.example'
const writeKey = 'pk-shop-example-com'
const identitySecret = 'who is who, in 32 characters or more'
const collectSecret = 'a secret of at least 32 characters!'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const start = async () => {
  const now = Date.now()
  const shop = scriptedSource({ now })
  const created = new Date(now - 60_000).toISOString()
  for (const id of ['ada', 'bob'])
    shop.put(customerSchema.parse({ entity: 'customer', id, createdAt: created, modifiedAt: created, email: `${id}@example.com` }))
  const crm = recordingDestination({ events: 'at-most-once' })
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: crm, contract: { events: { 'account.created': false } } } },
    collect: { shop: { collector: collect({ secret: collectSecret, browser: { writeKey, origins: [origin], identitySecret } }) } },
    store: memoryStore(),
  })
  await millrace.sync()
  const server = await serve(millrace, { port: 0, host: '127.0.0.1', adminPort: 0 })
  ends.push(async () => {
    await server.close()
    await millrace.close()
  })
  const endpoint = `${server.url}/collect/shop`
  let session: string | undefined
  const shopServer: ShopServer = { identitySecret, collectSecret, endpoint, customerOf: () => session }

  /** A browser with a page of the shop open. */
  const kept = new Map<string, string>()
  const answers: number[] = []
  let offline = false
  const browserFetch: typeof fetch = async (input, init) => {
    if (offline) throw new TypeError('fetch failed')
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    if (url === '/millrace/identity') return answerIdentity(shopServer, new Request(`${origin}${url}`, init))
    const headers = new Headers(init?.headers)
    headers.set('origin', origin)
    const response = await fetch(url, { ...init, keepalive: false, headers })
    answers.push(response.status)
    return response
  }
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const tracker = createTracker({
    endpoint,
    writeKey,
    identityUrl: '/millrace/identity',
    storage,
    page: { crypto, location: { href: `${origin}/shirt` } },
    fetch: browserFetch,
  })
  const told = async (): Promise<string[]> => {
    await millrace.sync()
    const people = new Map(crm.objectsOf('contact').map(({ remoteId, key }) => [remoteId, key.replace('shop:', '')]))
    return crm.told().map(({ type, id }) => {
      const event = crm.objectsOf('event').find(({ key }) => key === id)
      return `${people.get(event?.parents[0] ?? '') ?? '?'} ${type}`
    })
  }
  return {
    tracker,
    told,
    answers,
    shopServer,
    login: (who: string | undefined) => void (session = who),
    offline: (is: boolean) => void (offline = is),
  }
}

const shirt = { sku: 'SHIRT-M', name: 'A shirt', url: `${origin}/shirt` }

describe('the snippet', () => {
  it('tells what somebody looked at before the login as that person’s, and after the logout as nobody’s', async () => {
    const { tracker, told, login } = await start()
    await tracker.start()
    tracker.productViewed(shirt)
    tracker.searched('shirts')
    await tracker.flush()
    expect(await told()).toEqual([])
    login('ada')
    await tracker.loggedIn()
    tracker.addedToCart(shirt)
    await tracker.flush()
    expect((await told()).toSorted()).toEqual(['ada cart.item-added', 'ada product.viewed', 'ada search'])
    login(undefined)
    await tracker.loggedOut()
    tracker.categoryViewed(['Clothing', 'Shirts'])
    await tracker.flush()
    expect(await told()).toHaveLength(3)
    login('bob')
    await tracker.loggedIn()
    expect((await told()).filter((name) => name.startsWith('bob'))).toEqual(['bob category.viewed'])
  })

  it('keeps nothing and sends nothing before it is started', async () => {
    const { tracker, answers } = await start()
    tracker.productViewed(shirt)
    await tracker.flush()
    await tracker.start()
    expect(answers).toEqual([])
  })

  it('keeps what it cannot send, and sends it once', async () => {
    const { tracker, told, answers, login, offline } = await start()
    await tracker.start()
    login('ada')
    await tracker.loggedIn()
    offline(true)
    tracker.productViewed(shirt)
    await tracker.flush()
    offline(false)
    await tracker.flush()
    await tracker.flush()
    expect(answers).toEqual([204, 204])
    expect(await told()).toEqual(['ada product.viewed'])
  })

  it('makes visitors that are hard to guess, another one after each logout', async () => {
    const { tracker } = await start()
    const first = tracker.visitor()
    expect(tracker.visitor()).toBe(first)
    expect(first).toMatch(/^[\w-]{36}$/)
    await tracker.loggedOut()
    expect(tracker.visitor()).not.toBe(first)
  })
})

describe('the shop’s server', () => {
  it('names nobody who is not logged in, whatever the browser says', async () => {
    const { shopServer } = await start()
    const request = new Request(`${origin}/millrace/identity`, {
      method: 'POST',
      body: JSON.stringify({ anonymousId: 'v'.repeat(20), customerId: 'ada' }),
    })
    expect((await answerIdentity(shopServer, request)).status).toBe(401)
  })

  it('tells a checkout of its customer', async () => {
    const { shopServer, told } = await start()
    expect(await tellCheckout(shopServer, { cartId: 'k1', customerId: 'ada' })).toBe(true)
    expect(await told()).toEqual(['ada checkout.started'])
    expect(await tellCheckout({ ...shopServer, collectSecret: identitySecret }, { cartId: 'k2', customerId: 'ada' })).toBe(false)
  })
})
