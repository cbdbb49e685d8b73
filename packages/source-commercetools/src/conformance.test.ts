import { sourceSuite, type SourceFake } from '@millrace/adapter-kit/testing'
import type { Entity } from '@millrace/core'
import { startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { commercetools } from './commercetools.ts'

const pageSize = 10
const types: Partial<Record<Entity, string>> = { company: 'business-unit' }
const typeOf = (entity: Entity): string => types[entity] ?? entity

const money = (currencyCode: string, centAmount: number, fractionDigits: number) => ({
  type: 'centPrecision',
  currencyCode,
  centAmount,
  fractionDigits,
})
const order = (id: string, totalPrice: object) => ({
  id,
  orderNumber: id,
  customerEmail: 'buyer@example.com',
  lineItems: [],
  customLineItems: [],
  shipping: [],
  totalPrice,
  orderState: 'Open',
  paymentState: 'Paid',
  origin: 'Customer',
})

const rows: Partial<Record<Entity, (id: string, n: number) => Record<string, unknown> & { id: string }>> = {
  customer: (id, n) => ({ id, email: `buyer.${n}@example.com`, lastName: 'Buyer', isEmailVerified: false, addresses: [], stores: [] }),
  order: (id) => order(id, money('EUR', 1000, 2)),
  category: (id, n) => ({ id, name: { en: `Category ${n}` }, slug: { en: id }, ancestors: [], orderHint: '0.5' }),
  product: (id, n) => {
    const variant = { id: 1, sku: `sku-${n}`, prices: [], attributes: [] }
    const data = { name: { en: `Product ${n}` }, slug: { en: id }, categories: [], masterVariant: variant, variants: [], attributes: [] }
    return { id, productType: { typeId: 'product-type', id: 'none' }, masterData: { published: true, current: data, staged: data } }
  },
}

/** What the source reads of each kind and a person may change. */
const edits: Partial<Record<Entity, (row: Record<string, unknown>) => void>> = {
  customer: (row) => void (row['lastName'] = `Buyer ${String(row['version'])}`),
  order: (row) => void (row['orderNumber'] = `changed ${String(row['version'])}`),
  category: (row) => void (row['name'] = { en: `Category ${String(row['version'])}` }),
  product: (row) => {
    const data = row['masterData'] as { current: Record<string, unknown> }
    data.current['name'] = { en: `Product ${String(row['version'])}` }
  },
}

const fakeShop = async () => {
  let now = 0
  const shop = await startFakeCommercetools({ now: () => now })
  const fake: SourceFake & { shop: typeof shop } = {
    shop,
    url: shop.apiUrl,
    setNow: (epochMs) => void (now = epochMs),
    add(entity, n) {
      const row = rows[entity]?.(`${entity}-${(n * 7919) % 1000}-${n}`, n)
      if (row === undefined) throw new Error(`no rows of ${entity}`)
      return shop.project.add(typeOf(entity), row).id
    },
    edit: (entity, id) => void shop.project.update(typeOf(entity), id, (row) => edits[entity]?.(row)),
    spoil: (entity, id) => void shop.project.update(typeOf(entity), id, { createdAt: 'yesterday' }),
    remove: (entity, id) => void shop.project.delete(typeOf(entity), id),
    addOrder({ currency, amount }) {
      const [whole = '', fraction = ''] = amount.split('.')
      return shop.project.add('order', order(`amount-${currency}-${amount}`, money(currency, Number(whole + fraction), fraction.length))).id
    },
    // Tokens are asked for by POST, and so is what GraphQL reads.
    isWrite: ({ method, path, text }) =>
      method !== 'GET' && !path.startsWith('/oauth/') && !(path.endsWith('/graphql') && !text.includes('mutation')),
    close: () => shop.close(),
  }
  return fake
}

sourceSuite({
  source: (baseUrl, fake) => {
    const { projectKey = 'p', clientId = 'c', clientSecret = 's' } = fake?.shop ?? {}
    const pageSizes = { customer: pageSize, order: pageSize, category: pageSize, product: pageSize }
    return commercetools({ projectKey, clientId, clientSecret, apiUrl: baseUrl, authUrl: baseUrl, companies: false, pageSizes })
  },
  fake: fakeShop,
  pageSize,
})
