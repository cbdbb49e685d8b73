import { createMillrace, type Millrace } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne, dealContract } from '@millrace/destination-crm-one'
import { warehouse } from '@millrace/destination-warehouse'
import { startFakeActiveCampaign, unlimited, type FakeActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import {
  seedHostileRecords,
  startFakeCommercetools,
  type FakeCommercetools,
  type HostileRecord,
} from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne, type FakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { commercetools } from '@millrace/source-commercetools'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedClock } from './support/shared-clock.ts'

let shop: FakeCommercetools
let account: FakeActiveCampaign
let crm: FakeCrmOne
let millrace: Millrace
let records: HostileRecord[]

beforeAll(async () => {
  const clock = sharedClock(Date.now(), 20)
  shop = await startFakeCommercetools({ now: clock.now })
  records = seedHostileRecords(shop)
  account = await startFakeActiveCampaign({ limits: unlimited, now: clock.now, importDelayMs: 1_000, orderLagMs: 0, deepDataLagMs: 0 })
  crm = await startFakeCrmOne({ now: clock.now })
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0 }) },
    connections: {
      activecampaign: {
        destination: activecampaign({ apiUrl: account.url, apiToken: account.apiToken, tracking: account.tracking }),
        contract: { currencies: ['EUR', 'USD', 'JPY', 'KWD', 'CHF'] },
      },
      'crm-one': { destination: crmOne({ baseUrl: crm.url, token: crm.token }), contract: { objects: { deal: dealContract } } },
      warehouse: { destination: warehouse({ directory: join(mkdtempSync(join(tmpdir(), 'millrace-hostile-')), 'log') }) },
    },
    store: memoryStore(),
    clock,
  })
  await millrace.apply()
  const { problems } = await millrace.backfill()
  expect(problems).toEqual([])
  await millrace.sync()
})
afterAll(async () => {
  await millrace.close()
  await shop.close()
  await account.close()
  await crm.close()
})

/** Kinds of which a row died at a connection. */
const deadAt = async (connection: string): Promise<HostileRecord[]> => {
  const ids = (await millrace.deadLetters.list({})).flatMap((one) => (one.connection === connection ? [one.unit] : []))
  return records.filter(({ rows }) => rows.some(({ id }) => ids.some((unit) => unit.endsWith(`:shop:${id}`))))
}

describe('hostile records', () => {
  it.each([
    ['activecampaign', []],
    // The CRM takes names of 100 characters, and no address outside ASCII.
    ['crm-one', ['combining-flood', 'non-ascii-keys']],
    ['warehouse', []],
  ])('that must be delivered are delivered at %s', async (connection, but) => {
    const dead = await deadAt(connection)
    expect(dead.filter(({ fate }) => fate === 'delivered').map(({ id }) => id)).toEqual(but)
    expect(dead.map(({ id }) => id)).toEqual(expect.arrayContaining(['invalid-email', 'endless-email']))
  })

  it('arrive with the amounts of the shop, at ActiveCampaign and at CRM One', () => {
    const amountOf = (kind: string): unknown[] => [
      account.account.orders().find(({ storeOrderId }) => storeOrderId === `shop:hostile-${kind}`)?.fields['finalAmount'],
      crm.crm.order('commercetools:shop', `hostile-${kind}`)?.gross,
    ]
    expect(amountOf('largest-amount')).toEqual(['90071992547409.91', '90071992547409.91'])
    expect(amountOf('negative-custom-line')).toEqual(['19.85', '19.85'])
    expect(amountOf('discount-takes-all')).toEqual(['0.00', '0.00'])
    expect(amountOf('unknown-currency')).toEqual(['1.23456', '1.23456'])
    expect(amountOf('no-lines')).toEqual(['4.95', '4.95'])
  })
})
