import { type Change, type CommerceRecord, type Entity } from '@millrace/core'
import { type FakeCommercetools, seedHostileRecords, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf, quickContext, sourceOf } from './test-support.ts'

let shop: FakeCommercetools
let changes: Change[]
beforeAll(async () => {
  shop = await startFakeCommercetools()
  seedHostileRecords(shop)
  const source = sourceOf(shop, { carts: true, consent: [{ channel: 'email', field: 'NEWSLETTER_SUBSCRIBE' }] })
  changes = []
  for (const entity of source.entities) changes.push(...(await changesOf(source, entity, { mode: 'full', to: shop.now() })))
})
afterAll(() => shop.close())

const find = (entity: Entity, kind: string): CommerceRecord => {
  for (const change of changes)
    if (change.type === 'upsert' && change.record.entity === entity && change.record.id === `hostile-${kind}`) return change.record
  throw new Error(`no ${entity} hostile-${kind}`)
}

describe('hostile records', () => {
  it('are all read, each once, and none costs another', () => {
    const types = ['category', 'product', 'business-unit', 'customer', 'order', 'cart']
    expect(changes.filter(({ type }) => type !== 'upsert')).toEqual([])
    expect(changes).toHaveLength(types.reduce((sum, type) => sum + shop.project.count(type), 0))
  })

  it.each<[string, Entity, object]>([
    ['nul-in-name', 'customer', { firstName: 'NulByte' }],
    ['blank-names', 'customer', { firstName: undefined, lastName: undefined }],
    ['invisible-names', 'customer', { firstName: undefined, lastName: undefined }],
    ['birth-date-impossible', 'customer', { dateOfBirth: undefined }],
    ['default-address-missing', 'customer', { billingAddress: undefined, shippingAddress: undefined }],
    ['no-email', 'customer', { email: undefined }],
    ['blank-email', 'customer', { email: undefined }],
    ['unknown-enum-value', 'customer', { consents: [] }],
    ['number-beyond-safe', 'customer', { custom: { loyaltyPoints: 1e21 } }],
    ['largest-amount', 'order', { gross: { currency: 'EUR', amount: '90071992547409.91' } }],
    ['unknown-currency', 'order', { gross: { currency: 'XTS', amount: '1.23456' } }],
    ['missing-taxed-price', 'order', { net: undefined, tax: undefined }],
    ['discount-takes-all', 'order', { gross: { amount: '0.00' }, discount: { amount: '19.90' } }],
    ['unknown-order-state', 'order', { orderState: 'unknown' }],
    ['unknown-payment-state', 'order', { paymentState: 'unknown' }],
    ['unknown-shipment-state', 'order', { shipmentState: 'unknown' }],
    ['payment-missing', 'order', { payments: [], refunded: { amount: '0.00' } }],
    ['refund-pending-only', 'order', { refunded: { amount: '0.00' } }],
    ['refund-without-charge', 'order', { paidAt: undefined }],
    ['imported-long-ago', 'order', { placedAt: expect.stringMatching(/^1999/) as string }],
    ['impossible-times', 'order', { placedAt: expect.stringMatching(/^2026/) as string }],
    ['unsafe-image-address', 'product', { variants: [{ images: [] }] }],
    ['category-parent-missing', 'category', { parentId: undefined, path: [{}] }],
    ['category-parent-missing', 'product', { categoryIds: [] }],
    ['category-cycle-a', 'category', { path: [{}, {}] }],
  ])('%s: the %s is what it should be', (kind, entity, expected) => {
    expect(find(entity, kind)).toMatchObject(expected)
  })

  it('hold 500 lines, and no line twice', () => {
    const order = find('order', 'five-hundred-lines')
    expect(order.entity === 'order' && new Set(order.lines.map(({ id }) => id)).size).toBe(500)
  })

  it('leave every prototype alone', () => {
    const customer = find('customer', 'proto-keys')
    const custom = customer.entity === 'customer' ? customer.custom : {}
    expect(Object.getPrototypeOf(custom)).toBe(Object.prototype)
    expect(Object.keys(custom)).toEqual(expect.arrayContaining(['constructor', 'toString']))
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('are well-formed text throughout', () => {
    const text = JSON.stringify(changes)
    expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i)
  })

  it('are found one by one, whatever is in their ids', async () => {
    const source = sourceOf(shop)
    for (const { id } of [
      ...shop.project.all('customer').slice(0, 60),
      ...shop.project.all('customer').filter((row) => /[^\w-]/.test(row.id)),
    ]) {
      expect(await source.get('customer', id, quickContext())).toMatchObject({ type: 'upsert', record: { id } })
    }
  })
})
