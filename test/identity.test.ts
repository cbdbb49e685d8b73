import { createMillrace, customerSchema, orderSchema, type ContractOverride, type Customer, type Order } from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited, type FakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { afterEach, describe, expect, it } from 'vitest'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string, email: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email, lastName: `Name ${id}`, ...over })
const order = (id: string, over: Partial<Order>): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    gross: { currency: 'EUR', amount: '10.00' },
    refunded: { currency: 'EUR', amount: '0.00' },
    ...over,
  })

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** Shops that are scripted, and a strict fake portal. */
const world = async (
  contract: ContractOverride = {},
  shops: Record<string, ReturnType<typeof scriptedSource>> = { shop: scriptedSource() },
) => {
  const fake: FakeHubSpot = await startFakeHubSpot({ limits: unlimited, topLevelDomains: ['test'] })
  const destination = hubspot({ accessToken: fake.accessToken, baseUrl: fake.url })
  const millrace = createMillrace({ sources: shops, connections: { hubspot: { destination, contract } }, store: memoryStore() })
  ends.push(
    () => fake.close(),
    () => millrace.close(),
  )
  await millrace.apply()
  const contacts = () => fake.portal.all('contacts')
  const keys = () =>
    contacts()
      .map(({ properties }) => properties['shop_customer_key'])
      .toSorted()
  const buyerOf = (key: string) => {
    const [deal] = fake.portal.find('deals', 'shop_order_key', key)
    return deal === undefined ? [] : fake.portal.associated('deals', deal.id, 'contacts')
  }
  const contact = (key: string) => fake.portal.find('contacts', 'shop_customer_key', key)[0]
  const call = (path: string, body: object) =>
    fetch(fake.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${fake.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { fake, millrace, contacts, contact, keys, buyerOf, call, deadLetters: () => millrace.deadLetters.list() }
}

describe('one inbox of several accounts', () => {
  const accounts = (shop: ReturnType<typeof scriptedSource>): void => {
    shop.put(customer('a', 'office@example.com', { createdAt: '2026-04-01T00:00:00.000Z' }))
    shop.put(customer('b', 'Office@Example.com'))
    shop.put(order('o1', { customerId: 'b' }))
  }

  it('is one contact with all orders where accounts merge', async () => {
    const shop = scriptedSource()
    accounts(shop)
    const { millrace, keys, contact, buyerOf } = await world({}, { shop })
    await millrace.sync()
    expect(keys()).toEqual(['shop:a'])
    expect(buyerOf('shop:o1')).toEqual([contact('shop:a')?.id])
  })

  it('belongs to the first account where they are separate; the other is told, and nothing is written over', async () => {
    const shop = scriptedSource()
    accounts(shop)
    const { millrace, keys, contact, deadLetters } = await world({ identity: { accounts: 'separate' } }, { shop })
    await millrace.sync()
    expect(keys()).toEqual(['shop:a'])
    expect(contact('shop:a')?.properties['lastname']).toBe('Name a')
    expect((await deadLetters()).map(({ code, unit }) => [code, unit])).toEqual([['identity_conflict', 'customer:shop:b']])
    // An address of its own mends it, and its order follows.
    shop.put(customer('b', 'b@example.com'))
    await millrace.backfill()
    expect(keys()).toEqual(['shop:a', 'shop:b'])
    expect(await deadLetters()).toEqual([])
  })
})

describe('an e-mail in two stores', () => {
  it('is two people where e-mails count by store', async () => {
    const shop = scriptedSource()
    shop.put(order('o1', { store: 'de', email: 'ada@example.com' }))
    shop.put(order('o2', { store: 'at', email: 'ada@example.com' }))
    shop.put(order('o3', { store: 'de', email: 'ADA@example.com' }))
    const { millrace, keys, deadLetters, buyerOf, contact } = await world({ identity: { emailScope: 'store' } }, { shop })
    await millrace.sync()
    // HubSpot holds one contact for an address: the other store's guest is for a person to decide about.
    expect([keys().length, (await deadLetters()).map(({ code }) => code)]).toEqual([1, ['identity_conflict']])
    const [key = ''] = keys()
    const owner = key?.startsWith('guest:de:') ? ['shop:o1', 'shop:o3'] : ['shop:o2']
    for (const one of owner) expect(buyerOf(one)).toEqual([contact(key)?.id])
  })

  it('is one person where they count everywhere', async () => {
    const shop = scriptedSource()
    shop.put(order('o1', { store: 'de', email: 'ada@example.com' }))
    shop.put(order('o2', { store: 'at', email: 'ada@example.com' }))
    const { millrace, keys, buyerOf } = await world({}, { shop })
    await millrace.sync()
    expect(keys()).toHaveLength(1)
    expect(buyerOf('shop:o1')).toEqual(buyerOf('shop:o2'))
  })
})

describe('a person who changes', () => {
  it('the e-mail keeps the contact', async () => {
    const shop = scriptedSource()
    shop.put(customer('a', 'old@example.com'))
    const { millrace, contacts } = await world({}, { shop })
    await millrace.sync()
    const [before] = contacts()
    shop.put(customer('a', 'new@example.com'))
    await millrace.backfill()
    expect(contacts().map(({ id, properties }) => [id, properties['email']])).toEqual([[before?.id, 'new@example.com']])
  })

  it('from guest to account keeps the contact and its orders, under the key of the account', async () => {
    const shop = scriptedSource()
    shop.put(order('o1', { email: 'ada@example.com' }))
    const { millrace, contacts, contact, buyerOf } = await world({}, { shop })
    await millrace.sync()
    const [guest] = contacts()
    expect(guest?.properties['shop_customer_key']).toMatch(/^guest:/)
    shop.put(customer('a', 'Ada@Example.com'))
    shop.put(order('o2', { customerId: 'a' }))
    await millrace.backfill()
    expect(contacts().map(({ id }) => id)).toEqual([guest?.id])
    expect([contact('shop:a')?.id, buyerOf('shop:o1'), buyerOf('shop:o2')]).toEqual([guest?.id, [guest?.id], [guest?.id]])
  })
})

describe('what happens in HubSpot', () => {
  it('a merge gives our contact a new id, which is followed', async () => {
    const shop = scriptedSource()
    shop.put(customer('a', 'ada@example.com'))
    const { millrace, fake, contacts, contact, buyerOf, call } = await world({}, { shop })
    await millrace.sync()
    const ours = contact('shop:a')?.id
    const theirs = fake.portal.create('contacts', { email: 'ada.private@example.com', jobtitle: 'Countess' })
    await call('/crm/objects/2026-03/contacts/merge', { primaryObjectId: theirs, objectIdToMerge: ours })
    shop.put(customer('a', 'ada@example.com', { lastName: 'Lovelace' }))
    shop.put(order('o1', { customerId: 'a' }))
    await millrace.backfill()
    expect(contacts()).toHaveLength(1)
    const [merged] = contacts()
    expect([ours, theirs]).not.toContain(merged?.id)
    expect(merged?.properties).toMatchObject({ lastname: 'Lovelace', jobtitle: 'Countess', shop_customer_key: 'shop:a' })
    expect(buyerOf('shop:o1')).toEqual([merged?.id])
  })

  it('a contact that knows the address as an additional one is taken over, not doubled', async () => {
    const shop = scriptedSource()
    shop.put(customer('a', 'Ada.Private@example.com'))
    const { millrace, fake, contacts } = await world({}, { shop })
    fake.portal.create('contacts', { email: 'ada@example.com', jobtitle: 'Countess' }, ['ada.private@example.com'])
    await millrace.sync()
    expect(contacts()).toHaveLength(1)
    expect(contacts()[0]?.properties).toMatchObject({ shop_customer_key: 'shop:a', jobtitle: 'Countess', email: 'ada@example.com' })
  })
})

describe('two projects in one portal', () => {
  const twins = () => {
    const shops = { eu: scriptedSource(), us: scriptedSource() }
    shops.eu.put(customer('1', 'ada@example.com'))
    shops.us.put(customer('1', 'bob@example.com'))
    shops.eu.put(order('1', { customerId: '1' }))
    shops.us.put(order('1', { customerId: '1' }))
    return shops
  }

  it('keep equal ids apart', async () => {
    const { millrace, keys, buyerOf, contact } = await world({}, twins())
    await millrace.sync()
    expect(keys()).toEqual(['eu:1', 'us:1'])
    expect(buyerOf('eu:1')).toEqual([contact('eu:1')?.id])
    expect(buyerOf('us:1')).toEqual([contact('us:1')?.id])
  })

  it('join a person by e-mail across them', async () => {
    const shops = twins()
    shops.us.put(customer('1', 'Ada@example.com'))
    const { millrace, keys, buyerOf } = await world({}, shops)
    await millrace.sync()
    expect(keys()).toHaveLength(1)
    expect(buyerOf('eu:1')).toEqual(buyerOf('us:1'))
  })
})
