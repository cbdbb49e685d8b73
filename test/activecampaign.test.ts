import { createMillrace, type Millrace } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { seedShop, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeActiveCampaign, unlimited, type FakeActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedClock } from './support/shared-clock.ts'

let shop: FakeCommercetools
let account: FakeActiveCampaign
let millrace: Millrace
let news: string

beforeEach(async () => {
  const clock = sharedClock(Date.now(), 20)
  shop = await startFakeCommercetools({ now: clock.now })
  seedShop(shop, { customers: 120, orders: 150, products: 20, businessUnits: 0 })
  account = await startFakeActiveCampaign({ limits: unlimited, now: clock.now, importDelayMs: 1_000, orderLagMs: 0, deepDataLagMs: 0 })
  news = account.account.addList('News')
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, companies: false }) },
    connections: {
      activecampaign: {
        destination: activecampaign({ apiUrl: account.url, apiToken: account.apiToken, tracking: account.tracking }),
        contract: { currencies: ['EUR', 'USD', 'JPY', 'KWD'], consent: { topics: { newsletter: { channel: 'email', target: 'News' } } } },
      },
    },
    store: memoryStore(),
    clock,
  })
})
afterEach(async () => {
  await millrace.close()
  await shop.close()
  await account.close()
})

describe('a whole shop', () => {
  it('arrives in ActiveCampaign by a backfill that starts no automation, and a second one sends nothing', async () => {
    await millrace.apply()
    const run = await millrace.backfill()
    expect(run.connections.activecampaign).toMatchObject({ deadLettered: 0 })
    account.account.settle()
    const contacts = account.account.contacts()
    const keys = contacts.flatMap(({ fields }) => fields['shop_customer_key'] ?? [])
    expect(new Set(keys).size).toBe(contacts.length)
    expect(account.account.orders()).toHaveLength(150)
    const gross = new Map(shop.project.all('order').map((order) => [`shop:${order.id}`, order]))
    for (const { storeOrderId } of account.account.orders()) expect(gross.has(storeOrderId)).toBe(true)
    expect(account.account.triggers()).toEqual([])
    expect(account.account.resubscriptions()).toEqual([])
    expect(news).not.toBe('')
    account.resetRequests()
    const again = await millrace.backfill()
    expect(again.connections.activecampaign).toMatchObject({ delivered: 0 })
    expect(account.count(({ method, path }) => method !== 'GET' && !path.endsWith('graphql'))).toBe(0)
  })
})
