import { isMillraceError, type Outcome, type RemoteConsent } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAccounts, input, known, openAccount, order, people, person, ticketsOf, type TestAccount } from '../test-support/account.ts'

afterEach(closeAccounts)

type Body = Record<string, unknown>

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Edits the next answers of a path. */
const rewriteNext = (account: TestAccount, path: string, edit: (body: Body) => object): void => {
  account.fake.faults.next(
    { kind: 'rewrite', rewrite: (reply) => (isBody(reply.body) ? { ...reply, body: edit(reply.body) } : reply) },
    { method: 'GET', path },
  )
}

const codes = (outcomes: ReadonlyMap<string, Outcome>): string[] =>
  [...outcomes.values()].map((outcome) => (outcome.result === 'failed' ? outcome.error.code : outcome.result))

const codeOf = async (work: Promise<unknown> | undefined): Promise<string> => {
  try {
    await work
    return 'resolved'
  } catch (error) {
    return isMillraceError(error) ? error.code : 'thrown'
  }
}

const html = { 'content-type': 'text/html; charset=utf-8' }
const page = (status: number) => ({ kind: 'reply' as const, reply: { status, headers: html, body: '<html><body>Not here</body></html>' } })

describe('reports of imports of documents', () => {
  const orders = async (account: TestAccount) => {
    const [one] = people(1)
    const made = await account.deliver(person('a'), ...(one === undefined ? [] : [one]))
    const owner = made.get('contact:a')?.remoteId ?? ''
    return Array.from({ length: 12 }, (_, index) => order(`o${index}`, owner, index === 3 ? { couponCode: 'x'.repeat(4_001) } : {}))
  }

  it('that name a refused record without its contact never count it as delivered', async () => {
    const account = await openAccount()
    const inputs = await orders(account)
    rewriteNext(account, '/insightData/v3/import/', (body) => ({
      ...body,
      failures: [{ key: 'o3', failureReason: 'JsonValueTooLong', details: ['too long'] }],
    }))
    const outcomes = await account.deliver(...inputs)
    expect(outcomes.get('order:o3')).toMatchObject({ result: 'failed', error: { code: 'schema_conflict' } })
    expect(codes(outcomes).filter((code) => code === 'delivered')).toHaveLength(11)
  })

  it('that name it by the e-mail of its contact neither', async () => {
    const account = await openAccount()
    const inputs = await orders(account)
    rewriteNext(account, '/insightData/v3/import/', (body) => ({
      ...body,
      failures: [{ key: 'o3', contactIdentity: { identifier: 'email', value: 'a@example.com' }, failureReason: 'JsonValueTooLong' }],
    }))
    expect((await account.deliver(...inputs)).get('order:o3')).toMatchObject({ result: 'failed', error: { code: 'schema_conflict' } })
  })

  it.each([
    ['no counts', (body: Body) => ({ importId: body['importId'], status: body['status'] })],
    ['counts that leave records open', (body: Body) => ({ ...body, summary: { totalRecords: 12, totalImported: 3, totalRejected: 0 } })],
  ])('with %s leave each record to be written and read back by itself, once', async (_, edit) => {
    const account = await openAccount()
    const inputs = (await orders(account)).filter(({ key }) => key !== 'o3').concat(order('o12', '1'))
    account.fake.faults.schedule({
      fault: { kind: 'rewrite', rewrite: (reply) => (isBody(reply.body) ? { ...reply, body: edit(reply.body) } : reply) },
      where: ({ method, path }) => method === 'GET' && path.startsWith('/insightData/v3/import/'),
      times: 50,
    })
    const owned = inputs.map((one) => ({ ...one, parents: inputs[0]?.parents ?? [] }))
    const first = await account.deliver(...owned)
    expect(new Set(codes(first))).toEqual(new Set(['unconfirmed']))
    account.fake.resetRequests()
    const again = owned.map((one) => {
      const { progress } = first.get(one.unit) ?? {}
      return { ...one, progress, uncertain: true }
    })
    expect(new Set(codes(await account.deliver(...again)))).toEqual(new Set(['delivered']))
    expect(account.calls().filter((call) => call.includes('/import'))).toEqual([])
  })

  it('that refuse a record without naming it confirm none', async () => {
    const account = await openAccount()
    const inputs = await orders(account)
    rewriteNext(account, '/insightData/v3/import/', (body) => ({ ...body, failures: [{ failureReason: 'InvalidClientKey' }] }))
    expect(new Set(codes(await account.deliver(...inputs)))).toEqual(new Set(['unconfirmed']))
  })
})

describe('documents', () => {
  it('whose description is pages long keep its beginning, and are not refused for it', async () => {
    const account = await openAccount()
    const text = `${'x'.repeat(999)}😀 and so on ${'y'.repeat(20_000)}`
    const outcomes = await account.deliver(input('product', 'p', { id: 'p', name: 'Shirt', price: '1', shortDescription: text }))
    expect(codes(outcomes)).toEqual(['delivered'])
    expect(account.fake.account.record('catalog_shop', 'p')?.['shortDescription']).toBe('x'.repeat(999))
  })

  it('list and read over many pages, each once', async () => {
    const account = await openAccount()
    await account.deliver(...Array.from({ length: 2_100 }, (_, index) => input('product', `p${index}`, { id: `p${index}`, name: 'x' })))
    const keys: string[] = []
    for await (const listed of account.destination.list?.({ object: 'product', fields: ['name'] }, account.ctx) ?? [])
      keys.push(...listed.map(({ key }) => key))
    expect(keys).toHaveLength(2_100)
    expect(new Set(keys).size).toBe(2_100)
  })

  it('of orders that nobody expects are taken: without lines, zero, yen, dinars, refunds above the total, hundreds of lines', async () => {
    const account = await openAccount()
    const owner = (await account.deliver(person('a'))).get('contact:a')?.remoteId ?? ''
    const line = (key: string) => ({
      object: 'product',
      key,
      fields: { product_id: key, name: 'x', sku: key, price: '0.00045678901234567890', qty: 1 },
      links: [],
      changed: true,
    })
    const outcomes = await account.deliver(
      order('empty', owner, { orderTotal: '0.00' }),
      order('yen', owner, { orderTotal: '500', currency: 'JPY' }),
      order('dinar', owner, { orderTotal: '3.125', currency: 'KWD' }),
      order('refunded', owner, { orderTotal: '-1.00', refundedAmount: '20.99', orderStatus: 'Cancelled' }),
      order('long', owner, {}, { children: Array.from({ length: 600 }, (_, index) => line(`l${index}`)) }),
    )
    expect(codes(outcomes)).toEqual(['delivered', 'delivered', 'delivered', 'delivered', 'delivered'])
  })
})

describe('answers that are no answers', () => {
  it.each([404, 400])('a web page with %i is neither an absent contact nor an erasure', async (status) => {
    const account = await openAccount()
    const made = await account.deliver(person('a'))
    const remoteId = made.get('contact:a')?.remoteId ?? ''
    account.fake.faults.schedule({ fault: page(status), times: 50 })
    const target = { unit: 'contact:a', key: 'a', remoteId, emails: ['a@example.com'], phones: [], related: [] }
    const erasing = async () => {
      for await (const outcomes of account.destination.erase?.([target], account.ctx) ?? []) expect(outcomes).toEqual([])
    }
    expect(await codeOf(erasing())).toBe('unexpected_response')
    expect(await codeOf(account.destination.read?.({ object: 'contact', remoteIds: [remoteId], fields: [] }, account.ctx))).toBe(
      'unexpected_response',
    )
    account.fake.faults.clear()
    expect(account.fake.account.contactOf('a@example.com')).toBeDefined()
  })

  it('the old rate scheme is recognised in plain text too', async () => {
    const account = await openAccount()
    const body = 'Error: ERROR_APIUSAGE_EXCEEDED'
    account.fake.faults.next({ kind: 'reply', reply: { status: 400, headers: { 'content-type': 'text/plain' }, body } })
    expect(await codeOf(account.deliver(person('a')))).toBe('rate_limited')
  })
})

describe('single writes', () => {
  it('always name what they are matched by, and bring it', async () => {
    const account = await openAccount()
    const made = await account.deliver(person('a'))
    const a = known(person('a'), made.get('contact:a'), { FIRSTNAME: 'Other' })
    await account.deliver(a)
    const said = {
      topic: 'newsletter',
      channel: 'email',
      purpose: 'marketing',
      at: '2026-03-01T12:00:00.000Z',
      mayResubscribe: false,
    } as const
    const parents = [{ object: 'contact', key: 'a', remoteId: made.get('contact:a')?.remoteId ?? '' }]
    await account.deliver(
      input('subscription', 'a', { email: 'a@example.com' }, { parents, consent: [{ ...said, status: 'granted' }] }),
      input('subscription', 'b', { email: 'b@example.com' }, { consent: [{ ...said, status: 'denied' }] }),
    )
    await account.deliver(input('subscription', 'a', { email: 'a@example.com' }, { parents, consent: [{ ...said, status: 'denied' }] }))
    const writes = account.fake.requests.filter(({ method, path }) => ['POST', 'PATCH'].includes(method) && path.startsWith('/contacts/v3'))
    expect(writes.length).toBeGreaterThanOrEqual(5)
    for (const { body = '' } of writes) {
      const sent: unknown = JSON.parse(body)
      const name = isBody(sent) ? sent['matchIdentifier'] : undefined
      const identifiers = isBody(sent) ? sent['identifiers'] : undefined
      expect(isBody(identifiers) ? identifiers[String(name)] : undefined).toBeDefined()
    }
  })

  it('leave out a consent record that is in no form, so that it takes no opt-in along', async () => {
    const account = await openAccount()
    const evidence = { text: 'I agree', url: 'the checkout', ipAddress: 'unknown', userAgent: 'x' }
    const at = '2026-03-01T12:00:00.000Z'
    const consent = [
      { topic: 'newsletter', channel: 'email', purpose: 'marketing', status: 'granted', at, evidence, mayResubscribe: true } as const,
    ]
    const outcomes = await account.deliver(input('subscription', 'a', { email: 'a@example.com' }, { consent }))
    expect(codes(outcomes)).toEqual(['delivered'])
    expect(account.fake.account.contactOf('a@example.com')).toMatchObject({ email: { status: 'subscribed' }, consentRecords: [] })
  })

  it('clear no field, since only imports are known to', async () => {
    const account = await openAccount()
    const made = await account.deliver(person('a'))
    const cleared = known(person('a'), made.get('contact:a'), { LASTNAME: null })
    const outcomes = await account.deliverOnce(cleared)
    expect(outcomes.get('contact:a')).toMatchObject({ result: 'pending' })
    expect(ticketsOf([cleared], outcomes)).toHaveLength(1)
    expect((await account.deliver(cleared)).get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(account.fake.account.contactOf('a@example.com')?.dataFields).not.toHaveProperty('LASTNAME')
  })
})

describe('times without a zone', () => {
  it('are UTC, wherever this machine stands', async () => {
    const account = await openAccount()
    await account.deliver(person('a', {}, { consent: [] }))
    account.fake.account.changeContact('a@example.com', { channelProperties: { email: { status: 'subscribed' } } })
    account.fake.account.unsubscribe('a@example.com')
    account.fake.faults.next(
      {
        kind: 'rewrite',
        rewrite: (reply) => ({
          ...reply,
          body: Array.isArray(reply.body)
            ? reply.body.map((entry: unknown) => ({ ...(isBody(entry) ? entry : {}), dateRemoved: '2026-03-01T12:00:00' }))
            : reply.body,
        }),
      },
      { path: '/unsubscribed-since/' },
    )
    const before = process.env['TZ']
    process.env['TZ'] = 'Asia/Tokyo'
    try {
      const found: RemoteConsent[] = []
      for await (const { changes } of account.destination.consentChanges?.('2026-01-01T00:00:00.000Z', account.ctx) ?? [])
        found.push(...changes)
      expect(found.map(({ at }) => at)).toContain(Date.parse('2026-03-01T12:00:00.000Z'))
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  })
})

describe('rate limits', () => {
  it.each([1, 1_000])('that name their reset in an epoch of units of %i per second are waited for, and not longer', async (units) => {
    const account = await openAccount()
    const at = account.ctx.clock.now() + 2_000
    const headers = {
      'x-ratelimit-limit': '600',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil((at / 1000) * units)),
    }
    account.fake.faults.next({ kind: 'reply', reply: { status: 429, headers, body: { errorCode: 'rateLimitExceeded' } } })
    expect((await account.deliver(person('a'))).get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(account.ctx.clock.now() - at).toBeLessThan(3_600_000)
  })
})
