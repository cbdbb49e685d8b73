import { expect, test } from 'vitest'

import { activeCampaignFaults } from './faults.ts'
import { operations, order, withShop } from './graphql/test-support.ts'
import { graphql, raw, withFake, type RawReply } from './raw.ts'
import type { FakeActiveCampaign } from './server.ts'

const sync = (fake: FakeActiveCampaign, email: string): Promise<RawReply> => raw(fake, 'POST', 'contact/sync', { contact: { email } })

test('a refusal that strikes is not applied, and looks as the vendor writes it', () =>
  withFake({}, async (fake) => {
    const { rateLimited, importLimited, serverError, badGateway, unavailable, silentNoOp } = activeCampaignFaults
    const seen: unknown[] = []
    for (const fault of [rateLimited(3), importLimited(), serverError(), badGateway(), unavailable(), silentNoOp()]) {
      fake.faults.next(fault)
      const { status, headers, body } = await sync(fake, 'ada@example.com')
      seen.push([status, headers.get('retry-after'), headers.get('content-type')?.includes('html'), Array.isArray(body)])
    }
    expect(seen).toEqual([
      [429, '3', false, false],
      [400, null, false, true],
      [500, null, false, false],
      [502, null, true, false],
      [503, null, true, false],
      [200, null, false, false],
    ])
    expect(fake.account.contacts()).toEqual([])
    expect((await sync(fake, 'ada@example.com')).status).toBe(201)
  }))

test('a connection that breaks leaves the work undone or done', () =>
  withFake({}, async (fake) => {
    fake.faults.next(activeCampaignFaults.resetBeforeCommit())
    await expect(sync(fake, 'before@example.com')).rejects.toThrow()
    fake.faults.next(activeCampaignFaults.resetAfterCommit())
    await expect(sync(fake, 'after@example.com')).rejects.toThrow()
    expect(fake.account.contacts().map(({ email }) => email)).toEqual(['after@example.com'])
  }))

test('a request that is applied late comes after newer ones', () =>
  withFake({}, async (fake) => {
    fake.faults.next(activeCampaignFaults.appliedLate({ afterRequests: 2 }, 'reset'))
    await expect(sync(fake, 'late@example.com')).rejects.toThrow()
    await sync(fake, 'first@example.com')
    await sync(fake, 'second@example.com')
    expect(fake.account.contacts().map(({ email }) => email)).toEqual(['first@example.com', 'late@example.com', 'second@example.com'])
  }))

test('an import can be confirmed without being queued', () =>
  withFake({}, async (fake) => {
    fake.faults.next(activeCampaignFaults.lyingImport())
    const lie = await raw(fake, 'POST', 'import/bulk_import', { contacts: [{ email: 'a@b.co' }, { email: 'c@d.co' }] })
    expect([lie.status, lie.body, fake.account.imports()]).toEqual([200, expect.objectContaining({ Success: 1, queued_contacts: 2 }), []])
    expect((await raw(fake, 'GET', 'import/info?batchId=never-queued')).status).toBe(404)
  }))

test('GraphQL can be applied and answer nothing', () =>
  withShop({}, async (fake) => {
    fake.faults.next(activeCampaignFaults.emptyData(), { path: '/ecom/graphql' })
    expect((await graphql(fake, operations.async, { orders: [order('1')] })).body).toEqual({ data: {} })
    fake.account.settle()
    expect(fake.account.orders()).toHaveLength(1)
  }))

test('an account that is down fails every request, events included, until it is up', () =>
  withFake({}, async (fake) => {
    fake.setDown(activeCampaignFaults.unavailable())
    expect([(await sync(fake, 'ada@example.com')).status, (await fetch(fake.tracking.url, { method: 'POST' })).status]).toEqual([503, 503])
    fake.setDown(undefined)
    expect([(await sync(fake, 'ada@example.com')).status, fake.requests.map(({ fault }) => fault)]).toEqual([
      201,
      ['reply', 'reply', undefined],
    ])
  }))
