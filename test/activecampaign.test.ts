import { createMillrace, type Millrace } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { seedShop, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeActiveCampaign, unlimited, type FakeActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedClock } from './support/shared-clock.ts'

const newsletter = { channel: 'email', field: 'newsletter', timestampField: 'newsletterAt' } as const

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
    sources: {
      shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, companies: false, consent: [newsletter] }),
    },
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

  it('keeps opt-outs of both sides, on every path', async () => {
    const customers = shop.project.all('customer').slice(0, 40)
    const say = (id: string, yes: boolean, at: string): void => {
      const fields = { newsletter: yes, newsletterAt: at }
      shop.project.update('customer', id, { custom: { type: { typeId: 'type', id: 'newsletter-type' }, fields } })
    }
    const emailOf = (id: string): string => String(customers.find((customer) => customer.id === id)?.['email'])
    const statusOf = (id: string): string | undefined => account.account.contactOf(emailOf(id))?.lists[news]
    const [left, agreed, refused] = [customers.slice(0, 10), customers.slice(10, 30), customers.slice(30)]
    for (const { id } of [...left, ...agreed]) say(id, true, '2026-01-01T10:00:00.000Z')
    for (const { id } of refused) say(id, false, '2026-01-01T10:00:00.000Z')
    // They unsubscribed at ActiveCampaign before we came.
    for (const { id } of left) account.account.setStatus(emailOf(id), news, '2')
    await millrace.apply()
    await millrace.backfill()
    await millrace.sync()
    expect(left.map(({ id }) => statusOf(id))).toEqual(left.map(() => '2'))
    expect(agreed.map(({ id }) => statusOf(id))).toEqual(agreed.map(() => '1'))
    expect(refused.map(({ id }) => statusOf(id))).toEqual(refused.map(() => '2'))
    expect(account.account.resubscriptions()).toEqual([])

    // Some leave there, and their profile changes in the shop.
    const leaving = agreed.slice(0, 5)
    for (const { id } of leaving) account.account.setStatus(emailOf(id), news, '2')
    for (const { id } of [...left, ...leaving]) shop.project.update('customer', id, { lastName: 'Renamed' })
    await millrace.sync()
    await millrace.backfill()
    expect([...left, ...leaving].map(({ id }) => statusOf(id))).toEqual([...left, ...leaving].map(() => '2'))
    expect(account.account.contactOf(emailOf(leaving[0]?.id ?? ''))?.lastName).toBe('Renamed')
    expect(account.account.resubscriptions()).toEqual([])
  })
})
