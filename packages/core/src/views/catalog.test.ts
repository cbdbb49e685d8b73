import { describe, expect, it } from 'vitest'
import { childCatalog, kindAt, viewCatalog } from './catalog.ts'

describe('what stands at a path', () => {
  it.each([
    ['person', 'email', 'text'],
    ['person', 'createdAt', 'instant'],
    ['person', 'dateOfBirth', 'date'],
    ['person', 'registered', 'boolean'],
    ['person', 'custom.anything.below', 'open'],
    ['person', 'signals.orderCount', 'integer'],
    ['person', 'signals.totals.EUR', 'money'],
    ['person', 'signals.totals.EUR.amount', 'decimal'],
    ['person', 'groups.0.name', 'text'],
    ['person', 'groups.name', 'list'],
    ['person', 'addresses', 'list'],
    ['person', 'billingAddress', 'object'],
    ['order', 'gross', 'money'],
    ['order', 'paidAt', 'instant'],
    ['order', 'itemCount', 'integer'],
    ['order', 'lines.sku', 'list'],
    ['order', 'deletedAt', 'instant'],
    ['product', 'name', 'localized'],
    ['product', 'name.en', 'text'],
    ['product', 'stock', 'number'],
    ['product', 'variants.attributes.color', 'list'],
    ['company', 'status', 'text'],
    ['cart', 'recoveryUrl', 'text'],
    ['category', 'level', 'integer'],
    ['event', 'occurredAt', 'instant'],
  ] as const)('%s %s is %s', (unit, path, kind) => {
    expect(kindAt(viewCatalog[unit], path)?.kind).toBe(kind)
  })

  it.each(['', 'emial', 'email.x', 'billingAddress.', 'constructor', '__proto__', 'signals.orderCount.x', 'groups.0.0'])(
    'nothing stands at "%s"',
    (path) => {
      expect(kindAt(viewCatalog.person, path)).toBeUndefined()
    },
  )

  it('knows the values of enums', () => {
    expect(kindAt(viewCatalog.order, 'pipeline')).toEqual({ kind: 'text', values: ['commerce', 'sales-assisted'] })
  })

  it('knows the children of orders, carts and products, and that people have none', () => {
    expect(kindAt(childCatalog('order') ?? { kind: 'open' }, 'unitPrice')?.kind).toBe('money')
    expect(kindAt(childCatalog('cart') ?? { kind: 'open' }, 'orderKey')?.kind).toBe('text')
    expect(kindAt(childCatalog('product') ?? { kind: 'open' }, 'sku')?.kind).toBe('text')
    expect(childCatalog('person')).toBeUndefined()
  })
})
