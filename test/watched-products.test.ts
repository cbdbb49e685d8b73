import { createMillrace } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeActiveCampaign, unlimited as unlimitedAccount, type FakeActiveCampaign } from '@millrace/fake-vendors/activecampaign'
import { startFakeCommercetools, type FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { startFakeHubSpot, unlimited as unlimitedPortal, type FakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { commercetools, type CommercetoolsSettings } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedClock } from './support/shared-clock.ts'

const hour = 60 * 60_000
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let ahead = 0
let shop: FakeCommercetools
let portal: FakeHubSpot
let account: FakeActiveCampaign
let folder: string
const opened: { close(): Promise<void> }[] = []

const scopes = ['products', 'customers', 'orders', 'payments', 'project_settings', 'states', 'stores', 'types']
beforeEach(async () => {
  ahead = 0
  shop = await startFakeCommercetools({
    now: () => Date.now() + ahead,
    scopes: [...scopes, 'shopping_lists'].map((scope) => `view_${scope}`),
  })
  portal = await startFakeHubSpot({ limits: unlimitedPortal })
  account = await startFakeActiveCampaign({ limits: unlimitedAccount, importDelayMs: 0 })
  folder = mkdtempSync(join(tmpdir(), 'millrace-watched-'))
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await Promise.all([shop.close(), portal.close(), account.close()])
  rmSync(folder, { recursive: true, force: true })
})

const open = (settings: Partial<CommercetoolsSettings> = { shoppingLists: ['Wunschliste', 'Wishlist'] }) => {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
  const access = { projectKey, clientId, clientSecret, apiUrl, authUrl, settleMs: 0, companies: false }
  const productUrl = 'https://shop.example/{locale}/{slug}'
  const { accessToken, url: baseUrl } = portal
  const { apiToken, url: apiUrlOfAccount, tracking } = account
  const millrace = createMillrace({
    sources: { shop: commercetools({ ...access, productUrl, ...settings }) },
    connections: {
      hubspot: { destination: hubspot({ accessToken, baseUrl, events: 'auto' }) },
      activecampaign: { destination: activecampaign({ apiUrl: apiUrlOfAccount, apiToken, tracking }) },
    },
    store: sqlite({ path: join(folder, 'store.db') }),
    clock: sharedClock(Date.now(), 20),
  })
  opened.push(millrace)
  return millrace
}

/** Ada watches the shirt in medium; Ben watches it on a list that is not named, and Cleo without an account. */
const fillShop = (): void => {
  shop.project.configure({ languages: ['en', 'de'], currencies: ['EUR'] })
  shop.project.add('category', { id: 'shirts', key: 'shirts', name: { en: 'Shirts', de: 'Hemden' }, slug: { en: 'shirts' }, ancestors: [] })
  const variant = (id: number, sku: string) => ({
    id,
    sku,
    prices: [{ id: `p${id}`, value: eur(2999) }],
    images: [{ url: 'https://shop.example/shirt.jpg', dimensions: { w: 1, h: 1 } }],
    attributes: [],
  })
  const data = {
    name: { en: 'A shirt', de: 'Ein Hemd' },
    slug: { en: 'shirt', de: 'hemd' },
    categories: [{ typeId: 'category', id: 'shirts' }],
    masterVariant: variant(1, 'SHIRT-S'),
    variants: [variant(2, 'SHIRT-M')],
  }
  shop.project.add('product', {
    id: 'shirt-id',
    key: 'shirt',
    productType: { typeId: 'product-type', id: 'none' },
    priceMode: 'Embedded',
    masterData: { published: true, hasStagedChanges: false, current: data, staged: data },
  })
  shop.project.add('inventory-entry', { id: 'stock-m', sku: 'SHIRT-M', quantityOnStock: 0, availableQuantity: 0 })
  for (const [id, locale] of [
    ['ada', 'de'],
    ['ben', 'en'],
  ]) {
    const name = { email: `${id}@example.com`, firstName: id, lastName: 'Test', locale }
    shop.project.add('customer', {
      id: id ?? '',
      ...name,
      addresses: [],
      stores: [],
      isEmailVerified: true,
      authenticationMode: 'Password',
    })
  }
  const line = { id: 'l1', productId: 'shirt-id', variantId: 2, name: {}, quantity: 1, addedAt: '2026-01-01T00:00:00.000Z' }
  const list = (id: string, name: object, owner: object) =>
    shop.project.add('shopping-list', { id, name, ...owner, lineItems: [line], textLineItems: [] })
  list('list-ada', { de: 'Wunschliste' }, { customer: { typeId: 'customer', id: 'ada' } })
  list('list-ben', { en: 'Party' }, { customer: { typeId: 'customer', id: 'ben' } })
  list('list-cleo', { en: 'Wishlist' }, { anonymousId: 'cleo' })
}

const reprice = (centAmount: number) =>
  shop.project.update('product', 'shirt-id', (product) => {
    const { current } = product['masterData'] as { current: { variants: { prices: { value: unknown }[] }[] } }
    for (const { prices } of current.variants) for (const price of prices) price.value = eur(centAmount)
  })
const restock = (pieces: number) =>
  shop.project.update('inventory-entry', 'stock-m', { quantityOnStock: pieces, availableQuantity: pieces })

const toldHubSpot = () =>
  portal.portal.events.map(({ eventName, recordId, properties }) => ({
    name: eventName.replace(/^pe\d+_/, ''),
    email: portal.portal.all('contacts').find(({ id }) => id === recordId)?.properties['email'],
    properties,
  }))
const toldAccount = () =>
  account.account.events().map(({ event, email, eventdata }) => ({ event, email, data: JSON.parse(eventdata) as Record<string, unknown> }))

describe('goods on a shopping list that the config names', () => {
  const readWhole = async () => {
    fillShop()
    const millrace = open()
    await millrace.apply()
    expect((await millrace.sync()).run.status).toBe('completed')
    const pass = async (change: () => unknown) => {
      ahead += hour
      change()
      ahead += hour
      return millrace.sync()
    }
    return { millrace, pass }
  }

  it('cost less, or can be had again: their watcher is told at HubSpot and at ActiveCampaign, once', async () => {
    const { millrace, pass } = await readWhole()
    expect([toldHubSpot(), toldAccount()]).toEqual([[], []])
    const report = await pass(() => reprice(1999))
    expect(report.run.status).toBe('completed')
    await pass(() => restock(4))
    await pass(() => shop.project.update('product', 'shirt-id', {}))
    await millrace.backfill()
    await millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
    const goods = { sku: 'SHIRT-M', value: '19.99', currency: 'EUR', product_key: 'shirt', category: 'Hemden', product_name: 'Ein Hemd' }
    const where = { url: 'https://shop.example/de/hemd', image: 'https://shop.example/shirt.jpg', locale: 'de' }
    expect(toldHubSpot()).toMatchObject([
      { name: 'shop_price_dropped', email: 'ada@example.com', properties: { ...goods, ...where, previous_price: '29.99' } },
      { name: 'shop_product_back_in_stock', email: 'ada@example.com', properties: { ...goods, ...where } },
    ])
    expect(toldAccount()).toMatchObject([
      {
        event: 'shop_price_dropped',
        email: 'ada@example.com',
        data: { sku: 'SHIRT-M', name: 'Ein Hemd', productKey: 'shirt', ...where },
      },
      { event: 'shop_back_in_stock', email: 'ada@example.com' },
    ])
    expect(toldAccount().map(({ data }) => [String(data['value']), data['previousPrice'] === undefined])).toEqual([
      ['19.99', false],
      ['19.99', true],
    ])
  })

  it('that were bought meanwhile are nothing to write of', async () => {
    const { millrace, pass } = await readWhole()
    await pass(() => {
      shop.project.add('order', {
        id: 'o1',
        customerId: 'ada',
        customerEmail: 'ada@example.com',
        orderState: 'Open',
        shippingMode: 'Single',
        totalPrice: eur(2999),
        lineItems: [
          {
            id: 'ol1',
            productId: 'shirt-id',
            name: { de: 'Ein Hemd' },
            variant: { id: 2, sku: 'SHIRT-M' },
            price: { id: 'p2', value: eur(2999) },
            quantity: 1,
            totalPrice: eur(2999),
            discountedPricePerQuantity: [],
          },
        ],
      })
      reprice(1999)
      restock(1)
    })
    expect(toldHubSpot().map(({ name }) => name)).toEqual(['shop_order_placed'])
    expect(toldAccount()).toEqual([])
    const report = await millrace.export({ email: 'ada@example.com' })
    expect(report.records).toContainEqual(expect.objectContaining({ entity: 'shopping-list', id: 'list-ada' }))
  })

  it('are forgotten with an account that is erased', async () => {
    const { millrace, pass } = await readWhole()
    await millrace.erase({ email: 'ada@example.com' })
    await pass(() => {
      shop.project.update('shopping-list', 'list-ada', {})
      reprice(1999)
    })
    expect([toldHubSpot(), toldAccount()]).toEqual([[], []])
  })
})

it('no shopping list is asked for, and nobody told, where the config names none', async () => {
  fillShop()
  const millrace = open({})
  await millrace.apply()
  await millrace.sync()
  ahead += hour
  reprice(999)
  ahead += hour
  await millrace.sync()
  expect(shop.count({ path: 'shopping-lists' })).toBe(0)
  expect([toldHubSpot(), toldAccount()]).toEqual([[], []])
})
