import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type FakeCommercetools, type FakeCommercetoolsOptions, startFakeCommercetools } from './index.ts'
import { basic, fetchToken, get } from './test-support.ts'

const START = Date.parse('2026-05-01T12:00:00.250Z')

let time = START
let shop: FakeCommercetools

async function start(options: FakeCommercetoolsOptions = {}): Promise<void> {
  shop = await startFakeCommercetools({ now: () => time, ...options })
  shop.project.add('customer', { id: 'c1', email: 'a@example.com', stores: [], addresses: [] })
}

beforeEach(() => {
  time = START
})

afterEach(() => shop.close())

async function post(
  path: string,
  authorization: string,
  body: string,
  type = 'application/x-www-form-urlencoded',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${shop.apiUrl}${path}`, { method: 'POST', headers: { authorization, 'content-type': type }, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('tokens', () => {
  test('CT-AUTH-1 wrong credentials are an invalid client', async () => {
    await start()
    for (const authorization of [basic(shop.clientId, 'wrong'), basic('nobody', shop.clientSecret), 'Bearer x', '']) {
      const { status, body } = await post('/oauth/token', authorization, 'grant_type=client_credentials')
      expect(status).toBe(401)
      expect(body).toEqual({
        statusCode: 401,
        message: 'Please provide valid client credentials using HTTP Basic Authentication.',
        errors: [{ code: 'invalid_client', message: 'Please provide valid client credentials using HTTP Basic Authentication.' }],
        error: 'invalid_client',
        error_description: 'Please provide valid client credentials using HTTP Basic Authentication.',
      })
    }
    shop.rotateSecret('new')
    expect((await post('/oauth/token', basic(shop.clientId, shop.clientSecret), 'grant_type=client_credentials')).status).toBe(401)
    expect((await post('/oauth/token', basic(shop.clientId, 'new'), 'grant_type=client_credentials')).status).toBe(200)
  })

  test('CT-AUTH-1 other grants are refused', async () => {
    await start()
    const authorization = basic(shop.clientId, shop.clientSecret)
    expect((await post('/oauth/token', authorization, 'grant_type=password')).body['error']).toBe('unsupported_grant_type')
    expect((await post('/oauth/token', authorization, '')).body['error']).toBe('invalid_request')
    expect((await post('/oauth/token?grant_type=client_credentials', authorization, '')).status).toBe(200)
  })

  test('CT-AUTH-2 without a valid token there is a 401', async () => {
    await start({ tokenLifetimeSeconds: 60 })
    const token = await fetchToken(shop)
    expect((await get(shop, '/customers', [], token)).status).toBe(200)
    time += 60_000
    const expired = await get(shop, '/customers', [], token)
    expect([expired.status, expired.body['error']]).toEqual([401, 'invalid_token'])
    expect((await get(shop, '/customers', [], 'made-up')).status).toBe(401)
    expect((await fetch(`${shop.apiUrl}/${shop.projectKey}/customers`)).status).toBe(401)
    const fresh = await fetchToken(shop)
    shop.expireTokens()
    expect((await get(shop, '/customers', [], fresh)).status).toBe(401)
  })

  test('CT-AUTH-5 introspection tells scopes and expiry', async () => {
    await start({ scopes: ['view_customers', 'view_orders'] })
    const token = await fetchToken(shop)
    const authorization = basic(shop.clientId, shop.clientSecret)
    const { body } = await post('/oauth/introspect', authorization, `token=${token}`)
    expect(body).toEqual({
      active: true,
      scope: 'view_customers:fake-shop view_orders:fake-shop',
      exp: START + 172_800_000,
      client_id: shop.clientId,
    })
    shop.revokeScope('view_orders')
    expect((await post('/oauth/introspect', authorization, `token=${token}`)).body['scope']).toBe('view_customers:fake-shop')
    expect((await post('/oauth/introspect', authorization, 'token=made-up')).body).toEqual({ active: false })
    expect((await post('/oauth/introspect', basic('a', 'b'), `token=${token}`)).status).toBe(401)
  })

  test('CT-AUTH-7 a token may ask for fewer scopes, not for others', async () => {
    await start({ scopes: ['view_customers', 'view_orders'] })
    const narrow = await fetchToken(shop, 'view_customers:fake-shop')
    expect((await get(shop, '/customers', [], narrow)).status).toBe(200)
    expect((await get(shop, '/orders', [], narrow)).status).toBe(403)
    const { status, body } = await post(
      '/oauth/token',
      basic(shop.clientId, shop.clientSecret),
      'grant_type=client_credentials&scope=manage_project:fake-shop',
    )
    expect([status, body['error']]).toEqual([400, 'invalid_scope'])
  })
})

describe('scopes', () => {
  test('CT-AUTH-3 a missing scope is a 403', async () => {
    await start({ scopes: ['view_orders'] })
    const { status, body } = await get(shop, '/customers')
    expect(status).toBe(403)
    expect(body).toEqual({
      statusCode: 403,
      message: 'Insufficient scope',
      errors: [{ code: 'insufficient_scope', message: 'Insufficient scope' }],
      error: 'insufficient_scope',
      error_description: 'Insufficient scope',
    })
    expect((await get(shop, '')).status).toBe(403)
  })

  test('CT-AUTH-3 reading does not open writing, and another project stays closed', async () => {
    await start()
    const token = await fetchToken(shop)
    const draft = JSON.stringify({ email: 'new@example.com', password: 'x' })
    expect((await post(`/${shop.projectKey}/customers`, `Bearer ${token}`, draft, 'application/json')).status).toBe(403)
    expect((await fetch(`${shop.apiUrl}/other/customers`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403)
  })

  test('CT-AUTH-4 wider scopes open what they include', async () => {
    const opens = async (scope: string, path: string): Promise<number> => {
      await start({ scopes: [scope] })
      const { status } = await get(shop, path)
      await shop.close()
      return status
    }
    expect(await opens('manage_customers', '/customers')).toBe(200)
    expect(await opens('manage_project', '/customers')).toBe(200)
    expect(await opens('view_products', '/channels')).toBe(200)
    expect(await opens('view_channels', '/channels')).toBe(200)
    expect(await opens('view_categories', '/products')).toBe(403)
    expect(await opens('view_published_products', '/product-projections')).toBe(200)
    expect(await opens('view_published_products', '/product-projections?staged=true')).toBe(403)
    expect(await opens('view_project_settings', '')).toBe(200)
  })

  test('CT-AUTH-6 a store scope opens that store only', async () => {
    await start({ scopes: ['view_orders:fake-shop:de'] })
    expect((await get(shop, '/in-store/key=de/orders')).status).toBe(200)
    expect((await get(shop, '/in-store/key=jp/orders')).status).toBe(403)
    expect((await get(shop, '/orders')).status).toBe(403)
  })

  test('CT-AUTH-8 a revoked scope can read as empty', async () => {
    await start()
    const token = await fetchToken(shop)
    shop.revokeScope('view_customers', 'empty')
    const list = await get(shop, '/customers', [['withTotal', 'false']], token)
    expect([list.status, list.body]).toEqual([200, { limit: 20, offset: 0, count: 0, results: [] }])
    expect((await get(shop, '/customers/c1', [], token)).status).toBe(404)
    expect((await get(shop, '/orders', [], token)).status).toBe(200)
    shop.grantScope('view_customers')
    expect((await get(shop, '/customers', [], token)).body.results).toHaveLength(1)
    shop.revokeScope('view_customers')
    expect((await get(shop, '/customers', [], token)).status).toBe(403)
  })
})

describe('writes over HTTP', () => {
  test('CT-CLOCK-1 the Date header tells the time of the shop, on errors too', async () => {
    await start()
    expect((await get(shop, '/customers')).headers.get('date')).toBe('Fri, 01 May 2026 12:00:00 GMT')
    time += 3_600_000
    expect((await get(shop, '/customers', [['limit', '501']])).headers.get('date')).toBe('Fri, 01 May 2026 13:00:00 GMT')
  })

  test('CT-CORRELATION-1 every answer can be named, errors too', async () => {
    await start()
    const first = (await get(shop, '/customers')).headers.get('x-correlation-id')
    const second = (await get(shop, '/customers', [['limit', '501']])).headers.get('x-correlation-id')
    expect([first, second, first === second]).toEqual([expect.stringMatching(/./u), expect.stringMatching(/./u), false])
    expect(shop.requests.at(-1)?.correlationId).toBe(second)
    const own = await fetch(shop.apiUrl, { headers: { 'x-correlation-id': 'mine' } })
    expect(own.headers.get('x-correlation-id')).toBe('mine')
  })

  test('CT-VERSION-1 updates raise version and stamp, stale versions conflict', async () => {
    await start({ scopes: ['manage_project'] })
    const authorization = `Bearer ${await fetchToken(shop)}`
    const path = `/${shop.projectKey}/customers/c1`
    const update = JSON.stringify({ version: 1, actions: [{ action: 'setFirstName', firstName: 'Ada' }] })
    time += 5000
    const changed = await post(path, authorization, update, 'application/json')
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, firstName: 'Ada', lastModifiedAt: '2026-05-01T12:00:05.250Z', createdAt: '2026-05-01T12:00:00.250Z' },
    })
    const stale = await post(path, authorization, update.replace('Ada', 'Bob'), 'application/json')
    expect([stale.status, stale.body['errors']]).toEqual([
      409,
      [expect.objectContaining({ code: 'ConcurrentModification', currentVersion: 2 })],
    ])
    expect(shop.project.get('customer', 'c1')).toMatchObject({ version: 2, firstName: 'Ada' })
  })

  test('CT-EMAIL-1 the same e-mail in other letters is refused', async () => {
    await start({ scopes: ['manage_project'] })
    const authorization = `Bearer ${await fetchToken(shop)}`
    const sign = (email: string): ReturnType<typeof post> =>
      post(`/${shop.projectKey}/customers`, authorization, JSON.stringify({ email, password: 'x' }), 'application/json')
    expect((await sign('A@Example.com')).status).toBe(400)
    expect((await sign('b@example.com')).status).toBe(201)
    expect(shop.project.count('customer')).toBe(2)
  })
})
