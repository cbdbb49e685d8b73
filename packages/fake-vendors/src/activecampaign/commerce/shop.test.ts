import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const shop = { service: 'millrace', externalid: 'eu', name: 'EU', logoUrl: 'https://example.com/l.png', linkUrl: 'https://example.com' }
const customer = (fake: FakeActiveCampaign, row: object): Promise<RawReply> => raw(fake, 'POST', 'ecomCustomers', { ecomCustomer: row })

test('connection-required: everything but the list is needed, and success is 200', () =>
  withFake({}, async (fake) => {
    for (const name of Object.keys(shop)) {
      const reply = await raw(fake, 'POST', 'connections', { connection: { ...shop, [name]: undefined } })
      expect([name, reply.status, reply.many('errors')[0]?.['code']]).toEqual([name, 422, 'field_missing'])
    }
    const reply = await raw(fake, 'POST', 'connections', { connection: shop })
    expect([reply.status, reply.one('connection')]).toEqual([200, expect.objectContaining({ ...shop, id: '1' })])
    expect((await raw(fake, 'PUT', 'connections/1', { connection: { name: 'Europe' } })).one('connection')).toMatchObject({
      name: 'Europe',
    })
    expect((await raw(fake, 'GET', 'connections/1')).one('connection')).toMatchObject({ name: 'Europe', externalid: 'eu' })
  }))

test('connection-duplicate: service and external id exist once', () =>
  withFake({}, async (fake) => {
    fake.account.addConnection('millrace', 'eu')
    expect((await raw(fake, 'POST', 'connections', { connection: shop })).status).toBe(422)
    expect(fake.account.connections()).toHaveLength(1)
  }))

test('connection-filters: found by service and external id; an unknown filter is ignored', () =>
  withFake({}, async (fake) => {
    fake.account.addConnection('millrace', 'eu')
    fake.account.addConnection('millrace', 'us')
    const found = async (query: string): Promise<unknown[]> =>
      (await raw(fake, 'GET', `connections?${query}`)).many('connections').map(({ externalid }) => externalid)
    expect(await found('filters[service]=millrace&filters[externalid]=us')).toEqual(['us'])
    expect(await found('filters[service]=other')).toEqual([])
    expect(await found('filters[externalId]=us')).toEqual(['eu', 'us'])
  }))

test('ecom-customer-per-connection: the same address has a row in each connection', () =>
  withFake({}, async (fake) => {
    const [eu, us] = [fake.account.addConnection('millrace', 'eu'), fake.account.addConnection('millrace', 'us')]
    for (const connectionid of [eu, us]) {
      expect((await customer(fake, { connectionid, externalid: 'c1', email: 'ada@example.com' })).status).toBe(201)
    }
    const rows = await raw(fake, 'GET', 'ecomCustomers?filters[email]=ada@example.com')
    expect(rows.many('ecomCustomers').map(({ connectionid }) => connectionid)).toEqual([eu, us])
    expect((await raw(fake, 'GET', `ecomCustomers?filters[connectionid]=${us}&filters[externalid]=c1`)).many('ecomCustomers')).toHaveLength(
      1,
    )
  }))

test('ecom-customer-duplicate: an external id and an address exist once per connection', () =>
  withFake({}, async (fake) => {
    const row = { connectionid: fake.account.addConnection('millrace', 'eu'), externalid: 'c1', email: 'ada@example.com' }
    const path = `ecomCustomers/${String((await customer(fake, row)).one('ecomCustomer')['id'])}`
    expect([
      (await customer(fake, { ...row, email: 'b@example.com' })).status,
      (await customer(fake, { ...row, externalid: 'c2' })).status,
    ]).toEqual([422, 422])
    expect((await customer(fake, { ...row, externalid: 'c2', email: 'bob@example.com' })).status).toBe(201)
    expect((await raw(fake, 'PUT', path, { ecomCustomer: { email: 'BOB@example.com' } })).status).toBe(422)
    expect((await raw(fake, 'PUT', path, { ecomCustomer: { email: 'ada@example.org' } })).status).toBe(200)
    expect((await raw(fake, 'GET', path)).one('ecomCustomer')).toMatchObject({ email: 'ada@example.org', externalid: 'c1' })
  }))

test('ecom-customer-no-subscription: accepting marketing is a flag and subscribes nobody', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.setStatus('ada@example.com', list, '2')
    const connectionid = fake.account.addConnection('millrace', 'eu')
    await customer(fake, { connectionid, externalid: 'c1', email: 'ada@example.com', acceptsMarketing: '1' })
    expect(fake.account.ecomCustomers()).toMatchObject([{ acceptsMarketing: '1' }])
    expect(fake.account.contactOf('ada@example.com')?.lists).toEqual({ [list]: '2' })
  }))

test('field-invalid: the flag is 0 or 1', () =>
  withFake({}, async (fake) => {
    const row = { connectionid: fake.account.addConnection('millrace', 'eu'), externalid: 'c1', email: 'ada@example.com' }
    expect((await customer(fake, { ...row, acceptsMarketing: 'yes' })).status).toBe(422)
    expect((await customer(fake, { ...row, acceptsMarketing: true })).one('ecomCustomer')['acceptsMarketing']).toBe('1')
  }))

test('related-missing: a customer belongs to a connection that exists', () =>
  withFake({}, async (fake) => {
    const reply = await customer(fake, { connectionid: '7', externalid: 'c1', email: 'ada@example.com' })
    expect([reply.status, reply.many('errors')[0]?.['code']]).toEqual([422, 'related_missing'])
  }))
