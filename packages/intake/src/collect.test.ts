import { ReadableStream } from 'node:stream/web'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { collect } from './collect.ts'
import { signIdentity } from './identity-token.ts'
import { signRequest } from './signature.ts'
import { collecting, identitySecret, iso, now, origin, secret, viewed, visitor, writeKey } from './test-support/collecting.ts'

const page = (events: unknown[], more: Record<string, unknown> = {}) => ({ anonymousId: visitor, events, ...more })
const ofAda = (id: string, more: Record<string, unknown> = {}) => ({ ...viewed(id), subject: { customerId: 'ada' }, ...more })

describe('a server', () => {
  it('tells events of whomever it names, once', async () => {
    const { server, told } = await collecting()
    const body = { events: [ofAda('1'), ofAda('2', { id: 'checkout.started:k1', type: 'checkout.started', data: { cartId: 'k1' } })] }
    expect([await server(body), await server(body)]).toEqual([204, 204])
    expect(await told()).toEqual(['ada checkout.started:k1', 'ada event-1'])
  })

  it('introduces a visitor', async () => {
    const { server, browser, told } = await collecting()
    expect((await browser(page([viewed('1')]))).status).toBe(204)
    expect(await told()).toEqual([])
    expect(await server({ identities: [{ anonymousId: visitor, customerId: 'ada' }] })).toBe(204)
    expect(await told()).toEqual(['ada event-1'])
  })
})

describe('a page', () => {
  it('tells browse events, of whom the token of the shop’s server names', async () => {
    const { browser, identity, told, crm } = await collecting()
    const response = await browser(
      page(
        [
          viewed('1'),
          viewed('2', { type: 'search', data: { query: 'shirt' } }),
          viewed('3', { type: 'category.viewed', data: {} }),
          viewed('4', { type: 'cart.item-added' }),
        ],
        { identity: await identity('ada') },
      ),
    )
    expect([response.status, response.headers.get('access-control-allow-origin'), await response.text()]).toEqual([204, origin, ''])
    expect(await told()).toEqual(['ada event-1', 'ada event-2', 'ada event-3', 'ada event-4'])
    expect(
      crm
        .told()
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['cart.item-added', 'category.viewed', 'product.viewed', 'search'])
  })

  it('is kept until somebody logs in, and is never of a second person', async () => {
    const { browser, identity, told } = await collecting()
    await browser(page([viewed('1')]))
    await browser(page([], { identity: await identity('ada') }))
    await browser(page([viewed('2')]))
    await browser(page([viewed('3')], { identity: await identity('bob') }))
    expect(await told()).toEqual(['ada event-1', 'bob event-3'])
  })

  it('that tells the same again changes nothing', async () => {
    const { browser, identity, told, crm } = await collecting()
    const body = page([viewed('1')], { identity: await identity('ada') })
    for (let time = 0; time < 3; time += 1) await browser(body)
    expect(await told()).toEqual(['ada event-1'])
    await browser(body)
    await told()
    expect(crm.inputs.flat().filter(({ object }) => object === 'event')).toHaveLength(1)
  })

  it('cannot take the id of what another visitor or a record tells', async () => {
    const { browser, identity, told } = await collecting()
    const other = 'visitor-of-somebody'
    await browser({ anonymousId: other, events: [viewed('1')] })
    await browser(page([viewed('1')], { identity: await identity('ada') }))
    expect(await told()).toEqual(['ada event-1'])
  })

  it('may ask first, from the shop’s origin only', async () => {
    const { call } = await collecting()
    const ask = (from: string) => call({ method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST' } })
    const allowed = await ask(origin)
    expect(allowed.status).toBe(204)
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-millrace-key',
      vary: 'origin',
    })
    for (const from of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null']) {
      const refused = await ask(from)
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    }
  })

  it('is limited by address and by key, and then may go on', async () => {
    const { browser, pass } = await collecting({ browser: { writeKey, origins: [origin], perAddress: 3, perKey: 5 } })
    const statuses = async (address: string, times: number) => {
      const all: number[] = []
      for (let time = 0; time < times; time += 1) all.push((await browser(page([]), {}, address)).status)
      return all
    }
    expect(await statuses('192.0.2.1', 4)).toEqual([204, 204, 204, 429])
    expect(await statuses('192.0.2.2', 3)).toEqual([204, 204, 429])
    pass(60_000)
    expect(await statuses('192.0.2.1', 3)).toEqual([204, 204, 204])
  })

  it('behind a proxy is limited by the address that the proxy saw, whatever the caller claims', async () => {
    const { browser } = await collecting({ browser: { writeKey, origins: [origin], perAddress: 1, addressHeader: 'X-Forwarded-For' } })
    const ask = async (header: string) => (await browser(page([]), { 'x-forwarded-for': header })).status
    expect(await ask('198.51.100.9, 192.0.2.1')).toBe(204)
    expect(await ask('203.0.113.7, 192.0.2.1')).toBe(429)
    expect(await ask('192.0.2.2')).toBe(204)
  })
})

describe('sampling', () => {
  it('keeps all of a visitor or nothing, and everything that is not a view or a search', async () => {
    const { browser, told, server } = await collecting({ sample: { 'product.viewed': 0.5 } })
    const visitors = Array.from({ length: 60 }, (_, index) => `${visitor}-${index}`)
    for (const anonymousId of visitors) {
      await browser({ anonymousId, events: [viewed('1'), viewed('2'), viewed('3', { type: 'cart.item-added' })] })
      await server({ identities: [{ anonymousId, customerId: 'ada' }] })
    }
    const all = await told()
    const count = (id: string): number => all.filter((name) => name.endsWith(id)).length
    expect(count('event-3')).toBe(60)
    expect(count('event-1')).toBe(count('event-2'))
    expect(count('event-1')).toBeGreaterThan(15)
    expect(count('event-1')).toBeLessThan(45)
  })
})

describe('what a server may not', () => {
  const valid = JSON.stringify({ events: [ofAda('1')] })
  const signed = signRequest(secret, valid, now)
  const signature = signed['x-millrace-signature'] ?? ''
  it.each<[string, string, Record<string, string>, number]>([
    ['no signature at all, and no origin', valid, {}, 403],
    ['a signature of another secret', valid, signRequest('another secret of 32 characters!!!', valid, now), 401],
    ['the secret of identities', valid, signRequest(identitySecret, valid, now), 401],
    ['a signature of another body', valid.replace('ada', 'bob'), signed, 401],
    ['a signature in upper case', valid, { ...signed, 'x-millrace-signature': signature.toUpperCase() }, 401],
    ['a signature cut short', valid, { ...signed, 'x-millrace-signature': 'ab' }, 401],
    ['an empty signature', valid, { ...signed, 'x-millrace-signature': '' }, 401],
    ['no time', valid, { 'x-millrace-signature': signature }, 401],
    ['a time that was moved', valid, { ...signed, 'x-millrace-timestamp': String(now + 1) }, 401],
    ['a request of six minutes ago', valid, signRequest(secret, valid, now - 6 * 60_000), 401],
    ['a request of the future', valid, signRequest(secret, valid, now + 6 * 60_000), 401],
  ])('%s', async (_, text, headers, status) => {
    const { server, told } = await collecting()
    expect(await server(text, headers)).toBe(status)
    expect(await told()).toEqual([])
  })

  it.each<[string, unknown]>([
    ['no JSON', '{"events":'],
    ['a list', '[]'],
    ['something else beside', { events: [], consent: {} }],
    ['what records tell', { events: [ofAda('1', { type: 'order.placed' })] }],
    ['what nobody knows', { events: [ofAda('1', { type: 'page.liked' })] }],
    ['no subject', { events: [viewed('1')] }],
    ['a subject with consent', { events: [ofAda('1', { subject: { customerId: 'ada', consent: true } })] }],
    ['no time', { events: [ofAda('1', { occurredAt: undefined })] }],
    ['the future', { events: [ofAda('1', { occurredAt: iso(now + 6 * 60_000) })] }],
    ['last month', { events: [ofAda('1', { occurredAt: iso(now - 30 * 24 * 60 * 60_000) })] }],
    ['money that is none', { events: [ofAda('1', { data: { value: { currency: 'EUR', amount: 'lots' } } })] }],
    ['a checkout under another id', { events: [ofAda('1', { type: 'checkout.started', data: { cartId: 'k1' } })] }],
    ['a visitor who is nobody', { identities: [{ anonymousId: visitor }] }],
    ['too many events', { events: Array.from({ length: 501 }, (_, index) => ofAda(String(index))) }],
  ])('%s, well signed', async (_, body) => {
    const { server, told } = await collecting()
    expect(await server(body)).toBe(400)
    expect(await told()).toEqual([])
  })

  it('more than 512 KiB', async () => {
    const { server } = await collecting()
    expect(await server(`{"events":[],"x":"${'x'.repeat(512 * 1024)}"}`)).toBe(413)
  })
})

describe('what a page may not', () => {
  it.each<[string, unknown, Record<string, string>, number]>([
    ['another origin', page([viewed('1')]), { origin: 'https://evil.example' }, 403],
    ['an origin that looks like it', page([viewed('1')]), { origin: 'https://shop.example.evil.example' }, 403],
    ['no origin', page([viewed('1')]), { origin: '' }, 403],
    ['another key', page([viewed('1')]), { 'x-millrace-key': 'public-key-of-another' }, 401],
    ['no key', page([viewed('1')]), { 'x-millrace-key': '' }, 401],
    ['a form', page([viewed('1')]), { 'content-type': 'text/plain' }, 400],
    ['no JSON', '{', {}, 400],
    ['a deep nest', '['.repeat(50_000), {}, 400],
    ['no visitor', { events: [viewed('1')] }, {}, 400],
    ['a visitor anybody can guess', { anonymousId: '1', events: [viewed('1')] }, {}, 400],
    ['an e-mail', page([viewed('1')], { email: 'ada@example.com' }), {}, 400],
    ['an e-mail in an event', page([viewed('1', { subject: { email: 'ada@example.com' } })]), {}, 400],
    ['a customer by its word alone', page([viewed('1')], { customerId: 'ada' }), {}, 400],
    ['consent', page([viewed('1', { data: { consent: { channel: 'email', status: 'granted' } } })]), {}, 400],
    ['a checkout', page([viewed('1', { type: 'checkout.started', data: {} })]), {}, 400],
    ['a purchase', page([viewed('1', { type: 'order.placed' })]), {}, 400],
    ['an amount', page([viewed('1', { data: { value: { currency: 'EUR', amount: '1.00' } } })]), {}, 400],
    ['an address elsewhere', page([viewed('1', { data: { url: 'https://evil.example/' } })]), {}, 400],
    ['an address that is code', page([viewed('1', { data: { url: 'javascript:alert(1)' } })]), {}, 400],
    ['goods elsewhere', page([viewed('1', { data: { lines: [{ url: 'https://evil.example/' }] } })]), {}, 400],
    ['an image', page([viewed('1', { data: { lines: [{ image: `${origin}/x.png` }] } })]), {}, 400],
    ['the future', page([viewed('1', { occurredAt: iso(now + 6 * 60_000) })]), {}, 400],
    ['the day before yesterday', page([viewed('1', { occurredAt: iso(now - 48 * 60 * 60_000) })]), {}, 400],
    ['a short id', page([viewed('1', { id: 'x' })]), {}, 400],
    ['an id of a record', page([viewed('1', { id: 'order.placed:o1' })]), {}, 400],
    ['fifty-one events', page(Array.from({ length: 51 }, (_, index) => viewed(String(index)))), {}, 400],
    ['a prototype', `{"anonymousId":"${visitor}","events":[],"__proto__":{"identity":"x"}}`, {}, 400],
    ['more than 64 KiB', page([viewed('1', { data: { query: 'x'.repeat(64 * 1024) } })]), {}, 413],
  ])('%s', async (_, body, headers, status) => {
    const { browser, told } = await collecting()
    const response = await browser(body, headers)
    expect([response.status, await response.text()]).toEqual([status, ''])
    expect(await told()).toEqual([])
  })

  it.each<[string, () => Promise<string>]>([
    ['made up', async () => 'a.b.c'],
    ['of another secret', () => signIdentity('another secret of 32 characters!!!', { customerId: 'ada' }, { now })],
    ['that is over', () => signIdentity(identitySecret, { customerId: 'ada' }, { now: now - 16 * 60_000 })],
    ['of another visitor', () => signIdentity(identitySecret, { customerId: 'ada', anonymousId: 'visitor-of-somebody' }, { now })],
    [
      'that is good for ever',
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('ada')
          .setAudience('millrace-collect')
          .sign(Buffer.from(identitySecret)),
    ],
    [
      'for something else',
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('ada')
          .setAudience('shop')
          .setIssuedAt(now / 1000)
          .setExpirationTime(now / 1000 + 60)
          .sign(Buffer.from(identitySecret)),
    ],
    [
      'without signature',
      async () => {
        const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `${part({ alg: 'none' })}.${part({ sub: 'ada', aud: 'millrace-collect', iat: now / 1000, exp: now / 1000 + 60 })}.`
      },
    ],
  ])('a token %s', async (_, make) => {
    const { browser, told, store } = await collecting()
    expect((await browser(page([viewed('1')], { identity: await make() }))).status).toBe(401)
    expect(await told()).toEqual([])
    expect(await store.aliasKeys('visitors', ['customer:shop:ada'])).toEqual([[]])
  })

  it('anything at all where pages are not switched on', async () => {
    const closed = collect({ secret })
    const ctx = {
      clock: { now: () => now } as never,
      logger: { debug: () => {} } as never,
      address: undefined,
      keep: () => Promise.reject(new Error('kept')),
    }
    const request = new Request('http://localhost/collect/shop', {
      method: 'POST',
      body: JSON.stringify(page([viewed('1')])),
      headers: { origin },
    })
    expect((await closed.handle(request, ctx)).status).toBe(401)
  })

  it('bytes without end: no more than 64 KiB are read', async () => {
    const { call } = await collecting()
    let pulled = 0
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(Buffer.alloc(16 * 1024, 'x'))
      },
    })
    const headers = { origin, 'content-type': 'application/json', 'x-millrace-key': writeKey }
    expect((await call({ body, headers, duplex: 'half' } as RequestInit)).status).toBe(413)
    expect(pulled).toBeLessThan(10)
  })

  it('another method, or another endpoint', async () => {
    const { call } = await collecting()
    expect((await call({ method: 'GET', headers: { origin } })).status).toBe(405)
    expect((await call({ headers: { origin } }, '/collect/other')).status).toBe(404)
  })

  it('break it with garbage', async () => {
    const { browser, told } = await collecting()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect([400, 429]).toContain((await browser(text)).status)
      }),
      { numRuns: 60 },
    )
    expect(await told()).toEqual([])
  })
})

describe('while the engine is another process’s', () => {
  it('events are kept all the same, and told once by the next pass', async () => {
    const { server, store, told } = await collecting()
    const token = await store.acquire('another process')
    expect(await server({ events: [ofAda('1')] })).toBe(204)
    expect(await server({ events: [ofAda('1')] })).toBe(204)
    expect((await store.noticeCounts())[0]).toMatchObject({ source: 'shop', waiting: 2, dead: 0 })
    await store.release(token)
    expect(await told()).toEqual(['ada event-1'])
    expect(await store.noticeCounts()).toEqual([])
  })
})

describe('settings', () => {
  it.each<[string, unknown]>([
    ['secret', { secret: 'short' }],
    ['browser.origins.0', { browser: { writeKey, origins: ['https://shop.example/path'] } }],
    ['browser.origins.0', { browser: { writeKey, origins: ['*'] } }],
    ['browser.writeKey', { browser: { writeKey: 'short', origins: [origin] } }],
    ['sample.search', { sample: { search: 2 } }],
    ['settings', { sample: {}, password: 'x' }],
  ])('with a wrong %s are refused', (field, given) => {
    expect(() => collect(given as never)).toThrow(field)
  })

  it('of a token need a long secret', async () => {
    await expect(signIdentity('short', { customerId: 'ada' })).rejects.toThrow(/32 characters/)
  })
})
