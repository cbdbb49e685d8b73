import { hastyClock } from '@millrace/adapter-kit/testing'
import { afterEach, expect, test } from 'vitest'
import type { Outcome } from '@millrace/core'
import { closePortals, input, openPortal, people, person } from './test-support/portal.ts'

afterEach(closePortals)

const upsert = 'contacts/batch/upsert'
const results = (outcomes: ReadonlyMap<string, Outcome>): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(outcomes.values(), (outcome) => (outcome.result === 'failed' ? outcome.error.code : outcome.result))].map(
      ([name, all]) => [name, all.length],
    ),
  )

test('one bad record among 100 costs that record and no further request', async () => {
  const { fake, deliver } = await openPortal()
  await deliver(person('warm-up'))
  fake.resetRequests()
  const inputs = [...people(99), person('bad', { email: 'bad@nowhere.invalidtld' })]
  const outcomes = await deliver(...inputs)
  expect(results(outcomes)).toEqual({ delivered: 99, email_invalid: 1 })
  expect(outcomes.get('contact:bad')).toMatchObject({ error: { field: 'email', scope: 'record', retryable: false } })
  expect(JSON.stringify(outcomes.get('contact:bad'))).not.toContain('nowhere')
  expect(fake.requests).toHaveLength(1)
})

test.each([
  [1, 16],
  [3, 48],
])(
  'where HubSpot refuses the whole batch without naming rows, %i bad records cost themselves and at most %i requests',
  async (bad, most) => {
    const { fake, deliver } = await openPortal({ fake: { errorDetails: 'never' } })
    await deliver(person('warm-up'))
    fake.resetRequests()
    const isBad = (body: string): boolean => body.includes('invalidtld')
    fake.faults.schedule({
      path: upsert,
      where: (request) => isBad(request.text),
      times: 1_000,
      fault: {
        kind: 'reply',
        reply: { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Property values were not valid: []' } },
      },
    })
    const inputs = people(100 - bad)
    for (let index = 0; index < bad; index += 1)
      inputs.splice(index * 37, 0, person(`bad${index}`, { email: `bad${index}@nowhere.invalidtld` }))
    const outcomes = await deliver(...inputs)
    expect(results(outcomes)).toEqual({ delivered: 100 - bad, rejected_by_vendor: bad })
    expect(fake.requests.length).toBeLessThanOrEqual(most)
  },
)

test('an answer that confirms nothing is success for nobody', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next({ kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: { status: 'COMPLETE', results: [] } }) }, { path: upsert })
  expect(await deliver(...people(10))).toEqual(new Map())
})

test('companies and products of an attempt whose answer was lost take one request each: HubSpot links them to nothing of ours', async () => {
  const { fake, deliver } = await openPortal()
  const inputs = [
    input('company', 'c1', { name: 'Acme' }, { uncertain: true }),
    input('product', 'p1', { name: 'Shirt' }, { uncertain: true }),
  ]
  await deliver(...inputs)
  fake.resetRequests()
  expect(results(await deliver(...inputs))).toEqual({ delivered: 2 })
  expect(fake.requests).toHaveLength(2)
})

test('rows that an answer leaves out are not settled, the others are', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next(
    {
      kind: 'rewrite',
      rewrite: (reply) => {
        const body =
          typeof reply.body === 'object' && 'results' in reply.body && Array.isArray(reply.body.results) ? reply.body.results : []
        return { ...reply, body: { status: 'COMPLETE', results: body.slice(3) } }
      },
    },
    { path: upsert },
  )
  expect((await deliver(...people(10))).size).toBe(7)
})

test('rows without trace ids are recognised by their key, whatever order they come in', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next(
    {
      kind: 'rewrite',
      rewrite: (reply) => {
        const rows =
          typeof reply.body === 'object' && 'results' in reply.body && Array.isArray(reply.body.results) ? reply.body.results : []
        return { ...reply, body: { results: rows.toReversed().map((row) => ({ ...row, objectWriteTraceId: undefined })) } }
      },
    },
    { path: upsert },
  )
  const outcomes = await deliver(...people(10))
  for (const contact of fake.portal.all('contacts')) {
    expect(outcomes.get(`contact:${contact.properties['shop_customer_key']}`)).toMatchObject({ result: 'delivered', remoteId: contact.id })
  }
  expect(outcomes.size).toBe(10)
})

test('a connection that breaks after the write was applied makes no duplicate', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next({ kind: 'reset', when: 'after' }, { path: upsert })
  expect(results(await deliver(...people(10)))).toEqual({ delivered: 10 })
  expect(fake.portal.count('contacts')).toBe(10)
})

test('a request that HubSpot applies late, after it was repeated, makes no duplicate', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next({ kind: 'late', answer: 'reset', afterRequests: 1 }, { path: upsert })
  await deliver(...people(10))
  fake.faults.applyLate()
  expect(fake.portal.count('contacts')).toBe(10)
})

test.each([
  ['500', 500, {}, 'vendor_unavailable', 'batch'],
  ['an HTML page with 502', 502, '<html><body>Bad gateway</body></html>', 'vendor_unavailable', 'batch'],
  ['423 locked', 423, { status: 'error', message: 'locked' }, 'vendor_unavailable', 'batch'],
  ['477 migration', 477, { status: 'error', message: 'migrating' }, 'vendor_unavailable', 'destination'],
  ['524', 524, {}, 'vendor_unavailable', 'batch'],
])('%s is tried again later, for every record of the batch', async (_what, status, body, code, scope) => {
  const { fake, deliver } = await openPortal()
  const isHtml = typeof body === 'string'
  fake.faults.schedule({
    path: upsert,
    times: 2,
    fault: { kind: 'reply', reply: { status, body, headers: { 'content-type': isHtml ? 'text/html' : 'application/json' } } },
  })
  const outcomes = await deliver(...people(10))
  expect(results(outcomes)).toEqual({ [code]: 10 })
  expect(outcomes.get('contact:p1')).toMatchObject({ error: { retryable: true, scope } })
})

test('a 200 with an HTML page confirms nothing and is tried again later', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.next(
    { kind: 'reply', reply: { status: 200, body: '<html></html>', headers: { 'content-type': 'text/html' } } },
    { path: upsert },
  )
  expect(results(await deliver(...people(3)))).toEqual({ vendor_unavailable: 3 })
})

test('the failure of one batch leaves the others delivered', async () => {
  const { fake, deliver } = await openPortal()
  fake.faults.schedule({ path: upsert, skip: 1, times: 1, fault: { kind: 'reply', reply: { status: 500, body: {} } } })
  expect(results(await deliver(...people(300)))).toEqual({ delivered: 200, vendor_unavailable: 100 })
})

test('a refusal for too many requests waits for the Retry-After and then goes on by itself', async () => {
  const clock = hastyClock()
  const { fake, deliver } = await openPortal({ clock })
  const started = clock.monotonic()
  fake.faults.next(
    {
      kind: 'reply',
      reply: { status: 429, headers: { 'retry-after': '1' }, body: { status: 'error', policyName: 'TEN_SECONDLY_ROLLING' } },
    },
    { path: upsert },
  )
  expect(results(await deliver(...people(5)))).toEqual({ delivered: 5 })
  expect(clock.monotonic() - started).toBeGreaterThanOrEqual(1_000)
  expect(fake.count({ path: upsert })).toBe(2)
})

test('a used-up day stops the destination until midnight of the portal, and nothing more is sent', async () => {
  const { fake, deliver } = await openPortal({ fake: { timeZone: 'Asia/Tokyo' } })
  fake.faults.next(
    {
      kind: 'reply',
      reply: { status: 429, body: { status: 'error', policyName: 'DAILY', message: 'You have reached your daily limit.' } },
    },
    { path: upsert },
  )
  const outcomes = await deliver(...people(5))
  expect(results(outcomes)).toEqual({ daily_budget_exhausted: 5 })
  const one = outcomes.get('contact:p1')
  const wait = one?.result === 'failed' ? (one.error.retryAfterMs ?? 0) : 0
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    Date.now() + wait + 30_000,
  )
  expect(hour).toBe('00:00')
  expect(one).toMatchObject({ error: { scope: 'destination', retryable: true } })
  fake.resetRequests()
  expect(results(await deliver(...people(5)))).toEqual({ daily_budget_exhausted: 5 })
  expect(fake.requests).toHaveLength(0)
})

test('a token that is refused stops the destination and names the setting', async () => {
  const { fake, deliver } = await openPortal()
  fake.credentials.rotate('another')
  const outcomes = await deliver(...people(3))
  expect(results(outcomes)).toEqual({ credentials_rejected: 3 })
  expect(outcomes.get('contact:p1')).toMatchObject({ error: { scope: 'destination', field: 'accessToken' } })
})

test('a token function is asked again after a refusal, so that a rotated token goes on without a restart', async () => {
  let token = 'pat-fake-token'
  const { fake, deliver } = await openPortal({ settings: { accessToken: () => Promise.resolve(token) } })
  await deliver(person('k1'))
  token = 'rotated'
  fake.credentials.rotate(token)
  expect(results(await deliver(person('k2')))).toEqual({ delivered: 1 })
})

test('a missing scope stops the destination and is named', async () => {
  const { fake, deliver } = await openPortal()
  fake.credentials.revoke('crm.objects.contacts.write')
  const outcomes = await deliver(...people(3))
  expect(results(outcomes)).toEqual({ scope_missing: 3 })
  const one = outcomes.get('contact:p1')
  expect(one?.result === 'failed' && one.error.message).toContain('crm.objects.contacts.write')
})

test('a property that is missing stops the destination before any record is sent, and names the cure', async () => {
  const { fake, deliver } = await openPortal({ provision: false })
  const outcomes = await deliver(...people(3))
  expect(results(outcomes)).toEqual({ property_missing: 3 })
  expect(outcomes.get('contact:p1')).toMatchObject({ error: { scope: 'destination', field: 'shop_customer_key' } })
  expect(fake.count({ path: upsert })).toBe(0)
})

test('a key property without unique values is refused before any record is sent', async () => {
  const { fake, deliver } = await openPortal({ provision: false })
  fake.portal.defineProperty('contacts', { name: 'shop_customer_key' })
  expect(results(await deliver(...people(2)))).toEqual({ key_not_unique: 2 })
  expect(fake.count({ path: upsert })).toBe(0)
})

test('values that HubSpot would refuse fail alone and cost no request', async () => {
  const { fake, deliver } = await openPortal()
  await deliver(person('warm-up'))
  fake.resetRequests()
  const outcomes = await deliver(
    person('k1', { shop_order_count: '1,5' }),
    person('k2', { shop_first_order_at: '2026-02-30T00:00:00.000Z' }),
    person('k3', { shop_account_status: 'asleep' }),
    person('k4', { lastname: 'x'.repeat(65_537) }),
    person('k5', { lastname: 'nul\u0000byte' }),
  )
  expect(results(outcomes)).toEqual({ value_invalid: 2, option_unknown: 1, value_too_long: 1, delivered: 1 })
  expect(fake.requests).toHaveLength(1)
  expect(fake.portal.contactOf('k5@example.com')?.properties['lastname']).toBe('nulbyte')
})

test('a stopped pass ends its requests and settles nothing that is not known', async () => {
  const stop = new AbortController()
  const { fake, deliver } = await openPortal({ signal: stop.signal })
  await deliver(person('warm-up'))
  fake.faults.next({ kind: 'hang', applied: true }, { path: upsert })
  const running = deliver(...people(3))
  await expect.poll(() => fake.count({ path: upsert })).toBe(2)
  stop.abort()
  expect(results(await running)).toEqual({ aborted: 3 })
})

test('a host that cannot be reached says so and names nothing secret', async () => {
  const { destination, ctx } = await openPortal({ settings: { baseUrl: 'http://127.0.0.1:1' }, provision: false })
  const findings = await destination.check?.(ctx, 'quick')
  expect(findings).toMatchObject([{ level: 'error', code: 'connection_failed', setting: 'connections.hubspot.baseUrl' }])
  expect(JSON.stringify(findings)).not.toContain('pat-fake-token')
})
