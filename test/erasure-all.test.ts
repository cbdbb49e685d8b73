import { createMillrace, type Millrace } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne, dealContract } from '@millrace/destination-crm-one'
import { hubspot } from '@millrace/destination-hubspot'
import { marketing } from '@millrace/destination-marketing'
import { warehouse } from '@millrace/destination-warehouse'
import {
  startFakeActiveCampaign,
  unlimited as unlimitedActiveCampaign,
  type FakeActiveCampaign,
} from '@millrace/fake-vendors/activecampaign'
import { startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeCrmOne, type FakeCrmOne } from '@millrace/fake-vendors/crm-one'
import { startFakeDotdigital, unlimited as unlimitedDotdigital, type FakeDotdigital } from '@millrace/fake-vendors/dotdigital'
import { startFakeHubSpot, unlimited, type FakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedClock } from './support/shared-clock.ts'

const canary = 'canary7f3a'
const email = `${canary}@example.com`
const second = `${canary}.second@example.com`
const bystander = 'bystander@example.com'
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

const hour = 3_600_000

let folder: string
let shop: FakeCommercetools
let portal: FakeHubSpot
let account: FakeActiveCampaign
let mailing: FakeDotdigital
let crm: FakeCrmOne
let millrace: Millrace
let ahead: number

beforeEach(async () => {
  // What happens in the shop is hours old by the engine's clock, so that carts are abandoned.
  ahead = -4 * hour
  folder = mkdtempSync(join(tmpdir(), 'millrace-erasure-'))
  const clock = sharedClock(Date.now(), 20)
  shop = await startFakeCommercetools({ now: () => clock.now() + ahead })
  portal = await startFakeHubSpot({ limits: unlimited, currencies: ['EUR'] })
  account = await startFakeActiveCampaign({
    limits: unlimitedActiveCampaign,
    now: clock.now,
    importDelayMs: 0,
    orderLagMs: 0,
    deepDataLagMs: 0,
    unknownEvents: 'accept',
  })
  mailing = await startFakeDotdigital({ limits: unlimitedDotdigital, importMs: 0 })
  crm = await startFakeCrmOne({ now: clock.now })
  account.account.addList('News')
  const listId = mailing.account.addList('Shop')
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const consent = [{ field: 'newsletter', channel: 'email', timestampField: 'newsletterAt' } as const]
  millrace = createMillrace({
    sources: { shop: commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, consent, carts: true }) },
    connections: {
      hubspot: {
        destination: hubspot({ accessToken: portal.accessToken, baseUrl: portal.url }),
        contract: { consent: { topics: { news: { channel: 'email', target: '1001', basis: 'CONSENT_WITH_NOTICE' } } } },
      },
      activecampaign: {
        destination: activecampaign({ apiUrl: account.url, apiToken: account.apiToken, tracking: account.tracking }),
        contract: { consent: { topics: { news: { channel: 'email', target: 'News' } } } },
      },
      marketing: {
        destination: marketing({ baseUrl: mailing.url, username: mailing.username, password: mailing.password, listId, carts: true }),
      },
      crm: { destination: crmOne({ baseUrl: crm.url, token: crm.token }), contract: { objects: { deal: dealContract } } },
      warehouse: { destination: warehouse({ directory: join(folder, 'warehouse') }) },
    },
    store: sqlite({ path: join(folder, 'store.db') }),
    clock,
  })
})
afterEach(async () => {
  await millrace.close()
  for (const { close } of [shop, portal, account, mailing, crm]) await close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (): string => new Date(shop.now()).toISOString()
const line = (id: string, price: number) => ({
  id,
  productId: 'p1',
  name: { en: 'Shirt' },
  variant: { id: 1, sku: 'SKU-1' },
  quantity: 1,
  price: { value: eur(price) },
  totalPrice: eur(price),
})
const address = (name: string) => ({ country: 'DE', lastName: name, streetName: `${name} street`, phone: '+4930123456' })

const addCustomer = (id: string, mail: string, lastName: string) =>
  shop.project.add('customer', {
    id,
    createdAt: at(),
    email: mail,
    firstName: 'Pat',
    lastName,
    addresses: [{ id: 'a', ...address(lastName) }],
    stores: [],
    custom: { type: { typeId: 'type', id: 'newsletter-type' }, fields: { newsletter: true, newsletterAt: '2026-01-01T10:00:00.000Z' } },
  })

const addOrder = (id: string, mail: string, name: string, extra: Record<string, unknown> = {}) =>
  shop.project.add('order', {
    id,
    orderNumber: `N-${id}`,
    createdAt: at(),
    lineItems: [line(`${id}-1`, 5000)],
    customLineItems: [],
    shipping: [],
    totalPrice: eur(5000),
    orderState: 'Open',
    paymentState: 'Paid',
    origin: 'Customer',
    customerEmail: mail,
    shippingAddress: address(name),
    billingAddress: address(name),
    ...extra,
  })

/** A person with an account, an order of it, a guest order and a cart; and a bystander with the same. */
const filled = async (): Promise<void> => {
  await millrace.apply()
  await pass()
  for (const [id, mail, name] of [
    ['c1', email, canary],
    ['c2', bystander, 'Bystander'],
  ] as const) {
    addCustomer(id, mail, name)
    addOrder(`o-${id}`, mail, name, { customerId: id })
    addOrder(`g-${id}`, mail.toUpperCase(), name)
    shop.project.add('cart', {
      id: `cart-${id}`,
      createdAt: at(),
      customerId: id,
      customerEmail: mail,
      cartState: 'Active',
      origin: 'Customer',
      lineItems: [line(`cart-${id}-1`, 700)],
      customLineItems: [],
      totalPrice: eur(700),
      shippingAddress: address(name),
    })
  }
  ahead += hour
  await pass()
  // Something happens to the orders, so that events are told.
  for (const id of ['c1', 'c2']) shop.project.update('order', `o-${id}`, { orderState: 'Cancelled' })
  ahead += hour
  await pass()
}

const pass = async (): Promise<void> => {
  await millrace.sync()
  account.account.settle()
  mailing.account.finishImports()
  await millrace.sync()
}

/** Everything that each system holds, by what it is. */
const held = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      'hubspot contacts': portal.portal.all('contacts'),
      'hubspot deals': portal.portal.all('deals'),
      'hubspot line items': portal.portal.all('line_items'),
      'activecampaign contacts': account.account.contacts(),
      'activecampaign orders': account.account.orders(),
      'activecampaign copies of orders': account.account.ecomOrders().filter(({ externalid }) => externalid !== null),
      'activecampaign carts': account.account.ecomOrders().filter(({ externalid }) => externalid === null),
      'activecampaign e-commerce customers': account.account.ecomCustomers(),
      'activecampaign events': account.account.events(),
      'marketing contacts': mailing.account.contacts().map((contact) => ({ ...contact, lists: [...contact.lists] })),
      'marketing orders': mailing.account.records('Orders').map(({ json }) => json),
      'marketing carts': mailing.account.records('CartInsight').map(({ json }) => json),
      'marketing events': mailing.account.events(),
      'crm contacts': crm.crm.contacts(),
      'crm orders': crm.crm.orders(),
      'crm deals': crm.crm.deals(),
      'crm activities': crm.crm.activities(),
      warehouse: readdirSync(join(folder, 'warehouse')).map((name) => readFileSync(join(folder, 'warehouse', name), 'utf8')),
    }).map(([name, all]) => [name, JSON.stringify(all).toLowerCase()]),
  )

const naming = (text: string): string[] => Object.entries(held()).flatMap(([name, all]) => (all.includes(text.toLowerCase()) ? [name] : []))

/** What `remains` says in words that ActiveCampaign and Marketing keep. */
const keptByVendors = [
  'activecampaign orders',
  'activecampaign copies of orders',
  'activecampaign e-commerce customers',
  'activecampaign events',
  'marketing events',
]

describe('a person who is at every destination', () => {
  it('is erased at all of them, but for what each of them says that it keeps; the bystander stays', async () => {
    await filled()
    expect(await millrace.deadLetters.list({})).toEqual([])
    const [before, bystanders] = [naming(canary), naming('bystander')]
    expect(before).toEqual(
      expect.arrayContaining(['hubspot contacts', 'activecampaign orders', 'marketing contacts', 'crm contacts', 'warehouse']),
    )
    expect(naming('cart-c1')).toEqual(expect.arrayContaining(['activecampaign carts', 'marketing carts']))
    const proof = await millrace.erase({ email })
    expect(proof.complete).toBe(true)
    expect(Object.values(proof.connections).map(({ result }) => result)).toEqual(Array.from({ length: 5 }, () => 'erased'))
    expect(naming(canary).filter((name) => !keptByVendors.includes(name))).toEqual([])
    expect(naming(canary).filter((name) => name.startsWith('activecampaign'))).not.toEqual([])
    expect(proof.connections['activecampaign']?.remains.join(' ')).toMatch(/Orders and the e-commerce customer .* Events/)
    expect(naming('cart-c1').filter((name) => !keptByVendors.includes(name))).toEqual(['warehouse'])
    expect(naming('bystander')).toEqual(bystanders)
  })

  it('is not harmed by a second erasure, and comes back by no pass', async () => {
    await filled()
    await millrace.erase({ email })
    const after = naming(canary)
    const again = await millrace.erase({ email })
    expect(again).toMatchObject({ complete: true, store: { records: 0 } })
    shop.project.update('customer', 'c1', { firstName: 'Again' })
    for (const id of ['o-c1', 'g-c1']) shop.project.update('order', id, { orderState: 'Complete' })
    shop.project.update('cart', 'cart-c1', { lineItems: [line('another', 900)] })
    ahead += hour
    await pass()
    await millrace.backfill()
    await millrace.push([{ source: 'shop', entity: 'customer', id: 'c1' }])
    await millrace.deadLetters.replay({})
    await pass()
    expect(naming(canary)).toEqual(after)
  })

  it('is erased with the address of before too', async () => {
    await filled()
    shop.project.update('customer', 'c1', { email: second })
    ahead += hour
    await pass()
    expect(naming(second)).not.toEqual([])
    const proof = await millrace.erase({ source: 'shop', id: 'c1' })
    expect(proof.complete).toBe(true)
    expect(naming(canary).filter((name) => !keptByVendors.includes(name))).toEqual([])
  })
})

it('somebody whom only the destinations know is erased there', async () => {
  await filled()
  const stranger = 'stranger9x@example.com'
  portal.portal.create('contacts', { email: stranger })
  account.account.contact({ email: stranger })
  mailing.account.addContact({ identifiers: { email: stranger } })
  crm.crm.create({ emails: [{ value: stranger, primary: true }] })
  const proof = await millrace.erase({ email: stranger })
  for (const name of ['hubspot', 'activecampaign', 'marketing', 'crm']) expect(proof.connections[name]?.result).toBe('erased')
  expect(naming(stranger)).toEqual([])
})
