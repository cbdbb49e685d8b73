import { createMillrace, type ContractOverride, type Millrace, type Store } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { crmOne, dealContract, signalAttributes } from '@millrace/destination-crm-one'
import { seedShop, startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne, type FakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { commercetools } from '@millrace/source-commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let shop: FakeCommercetools
let crm: FakeCrmOne
let ahead = 0
const opened: Millrace[] = []

beforeEach(async () => {
  ahead = 0
  shop = await startFakeCommercetools({ now: () => Date.now() + ahead })
  crm = await startFakeCrmOne()
})
afterEach(async () => {
  for (const millrace of opened.splice(0)) await millrace.close()
  await shop.close()
  await crm.close()
})

const open = (contract: ContractOverride = {}, store: Store = memoryStore(), connections: readonly string[] = ['crm']): Millrace => {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const consent = [{ field: 'newsletter', channel: 'email' as const }]
  const millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, consent }) },
    connections: Object.fromEntries(
      connections.map((name) => [name, { destination: crmOne({ baseUrl: crm.url, token: crm.token }), contract }]),
    ),
    store,
  })
  opened.push(millrace)
  return millrace
}

const settle = async (millrace: Millrace): Promise<void> => {
  await millrace.backfill()
  await millrace.sync()
}

describe('commercetools to CRM One', () => {
  it('brings people, orders with their lines, deals and attributes, each once, and then nothing more', async () => {
    seedShop(shop, { customers: 120, orders: 200, products: 20, carts: 0 })
    const millrace = open({ objects: { contact: { fields: signalAttributes }, deal: dealContract } })
    await settle(millrace)
    expect((await millrace.deadLetters.list({})).filter(({ code }) => code !== 'identity_conflict')).toEqual([])
    expect(crm.crm.orders()).toHaveLength(200)
    expect(crm.crm.deals()).toHaveLength(200)
    const own = crm.crm.contacts().flatMap(({ externalIds }) => externalIds.map(({ source, id }) => `${source}/${id}`))
    expect(new Set(own).size).toBe(own.length)
    for (const order of shop.project.all('order')) {
      const arrived = crm.crm.order('commercetools:shop', order.id)
      const lines = Array.isArray(order['lineItems']) ? order['lineItems'] : []
      expect(arrived?.lines.length).toBeGreaterThanOrEqual(lines.length)
      expect(arrived?.contact === null).toBe(order['customerId'] === undefined && order['customerEmail'] === undefined)
    }
    crm.resetRequests()
    await millrace.sync()
    expect(crm.count(({ method }) => method !== 'GET')).toBe(0)
  })

  it('goes on with higher versions after the store was lost: nothing is doubled, and changes arrive', async () => {
    seedShop(shop, { customers: 30, orders: 20, products: 5, carts: 0 })
    await settle(open())
    const before = crm.crm.contacts().length
    const [customer] = shop.project.all('customer')
    const id = customer?.id ?? ''
    ahead += 60_000
    shop.project.update('customer', id, { firstName: 'Renamed' })
    ahead += 60_000
    await settle(open())
    expect(crm.crm.contacts()).toHaveLength(before)
    expect(crm.crm.contact(`commercetools:shop/${id}`)?.name).toMatchObject({ given: 'Renamed' })
  })

  it('takes two contracts into one CRM: both write, whoever wrote last', async () => {
    seedShop(shop, { customers: 10, orders: 5, products: 5, carts: 0 })
    const millrace = open({}, memoryStore(), ['crm-a', 'crm-b'])
    await settle(millrace)
    const { connections } = await millrace.status()
    for (const name of ['crm-a', 'crm-b']) expect(connections[name]).toMatchObject({ problems: [] })
    expect(crm.crm.contacts()).toHaveLength(10)
    ahead += 60_000
    const [customer] = shop.project.all('customer')
    shop.project.update('customer', customer?.id ?? '', { firstName: 'Renamed' })
    ahead += 60_000
    const run = await millrace.sync()
    for (const name of ['crm-a', 'crm-b']) expect(run.connections[name]).toMatchObject({ updated: 1, deadLettered: 0 })
    expect(crm.crm.contact(`commercetools:shop/${customer?.id}`)?.name).toMatchObject({ given: 'Renamed' })
  })

  it('keeps an opt-out of either side, and tells what happens to orders as activities', async () => {
    seedShop(shop, { customers: 10, orders: 10, products: 5, carts: 0 })
    const [reader, refuser] = shop.project.all('customer')
    const says = (id: string, newsletter: boolean): void => {
      shop.project.update('customer', id, (row) => {
        row['custom'] = { type: { typeId: 'type', id: 'customer-type' }, fields: { newsletter } }
      })
      ahead += 60_000
    }
    says(reader?.id ?? '', true)
    says(refuser?.id ?? '', false)
    const millrace = open()
    await settle(millrace)
    const statusOf = (id: string | undefined) =>
      crm.crm.contact(`commercetools:shop/${id}`)?.consents.map(({ channel, status }) => `${channel} ${status}`)
    expect([statusOf(reader?.id), statusOf(refuser?.id)]).toEqual([['email granted'], ['email denied']])

    crm.crm.withdraw(`commercetools:shop/${reader?.id}`, 'email', 'marketing')
    shop.project.update('customer', reader?.id ?? '', { firstName: 'Renamed' })
    const order = shop.project.all('order').find((row) => row['orderState'] === 'Open' && row['customerId'] !== undefined)
    shop.project.update('order', order?.id ?? '', { orderState: 'Cancelled' })
    ahead += 60_000
    await millrace.sync()
    expect(statusOf(reader?.id)).toEqual(['email withdrawn'])
    expect(crm.crm.activities().filter(({ type }) => type === 'order.cancelled')).toMatchObject([
      { id: `shop:order.cancelled:${order?.id}`, subject: `commercetools:shop/${String(order?.['customerId'])}` },
    ])
  })
})
