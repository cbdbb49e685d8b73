import type { Entity, ReadWindow, Source, SourceVersion } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const eur = { type: 'centPrecision', currencyCode: 'EUR', centAmount: 100, fractionDigits: 2 }

/** An edit made while the source reads: before which request, of which row, and how long after the one before. */
const edit = fc.record({
  afterRequests: fc.nat(20),
  kind: fc.constantFrom('customer', 'order', 'payment', 'price', 'inventory', 'product', 'new-order', 'new-customer'),
  row: fc.nat(11),
  advanceMs: fc.constantFrom(0, 0, 1, 400, 1500, 5000),
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

const rows = 12

/** Stamps are in another order than ids, and several rows share one. */
const seed = (shop: FakeCommercetools, ties: number): void => {
  const stamp = (index: number): string => new Date(start - 60_000 + Math.floor(((index * 7) % rows) / ties)).toISOString()
  for (let index = 0; index < rows; index++) {
    const at = { createdAt: stamp(index), lastModifiedAt: stamp(index) }
    shop.project.add('customer', {
      id: `customer-${index}`,
      email: `c${index}@example.com`,
      isEmailVerified: false,
      addresses: [],
      stores: [],
      ...at,
    })
    shop.project.add('payment', {
      id: `payment-${index}`,
      amountPlanned: eur,
      paymentMethodInfo: {},
      paymentStatus: {},
      transactions: [],
      ...at,
    })
    addOrder(shop, `order-${index}`, index, at)
    const variant = { id: 1, sku: `sku-${index}`, prices: [], attributes: [] }
    const current = { name: { en: 'Product' }, slug: {}, categories: [], masterVariant: variant, variants: [], attributes: [] }
    shop.project.add('product', {
      id: `product-${index}`,
      priceMode: 'Standalone',
      productType: { typeId: 'product-type', id: 'none' },
      masterData: { published: true, current, staged: current },
      ...at,
    })
    shop.project.add('standalone-price', { id: `price-${index}`, sku: `sku-${index}`, value: eur, active: true, ...at })
    shop.project.add('inventory-entry', { id: `inventory-${index}`, sku: `sku-${index}`, quantityOnStock: 1, availableQuantity: 1, ...at })
  }
}

const addOrder = (shop: FakeCommercetools, id: string, index: number, at: { createdAt?: string; lastModifiedAt?: string } = {}): void => {
  const payments = [index, (index + 1) % rows].map((row) => ({ typeId: 'payment', id: `payment-${row}` }))
  shop.project.add('order', {
    id,
    lineItems: [],
    customLineItems: [],
    shipping: [],
    totalPrice: eur,
    orderState: 'Open',
    origin: 'Customer',
    paymentInfo: { payments },
    ...at,
  })
}

const apply = (shop: FakeCommercetools, { kind, row }: Edit, number: number): void => {
  if (kind === 'new-customer')
    shop.project.add('customer', {
      id: `customer-${String.fromCharCode(97 + row)}${number}`,
      email: `n${number}@example.com`,
      isEmailVerified: false,
      addresses: [],
      stores: [],
    })
  else if (kind === 'new-order') addOrder(shop, `order-${String.fromCharCode(97 + row)}${number}`, row)
  else if (kind === 'price') shop.project.update('standalone-price', `price-${row}`, { value: { ...eur, centAmount: 1000 + number } })
  else if (kind === 'inventory') shop.project.update('inventory-entry', `inventory-${row}`, { availableQuantity: 1000 + number })
  else shop.project.update(kind, `${kind}-${row}`, { key: `edit-${number}` })
}

interface Held {
  version: SourceVersion
  body: unknown
}

/** A pass as the engine makes it: one window, now and then stopped after a page and taken up again with that page's cursor. */
const pass = async (source: Source, entity: Entity, window: ReadWindow, held: Map<string, Held>, stopAfter: number): Promise<void> => {
  let cursor: string | undefined
  for (;;) {
    let pages = 0
    for await (const page of source.read(entity, { ...window, ...(cursor === undefined ? {} : { cursor }) }, quickContext())) {
      for (const change of page.changes) {
        const before = held.get(idOf(change))
        const olderPart = Object.entries(change.version).find(([part, version]) => version < (before?.version[part] ?? 0))
        expect(olderPart, 'a version that goes backwards').toBeUndefined()
        held.set(idOf(change), { version: change.version, body: change.type === 'upsert' ? change.record : change })
      }
      cursor = page.cursor
      pages += 1
      if (pages === stopAfter) break
    }
    if (pages < stopAfter) return
  }
}

const expectComplete = (shop: FakeCommercetools, held: Record<string, Map<string, Held>>): void => {
  const versionOf = (type: string, id: string): number | undefined => shop.project.get(type, id)?.version
  for (const { id, version } of shop.project.all('customer'))
    expect([id, held['customer']?.get(id)?.version]).toEqual([id, { customer: version }])
  for (const order of shop.project.all('order')) {
    const { payments } = order['paymentInfo'] as { payments: { id: string }[] }
    const parts = payments.map(({ id }) => [`payment:${id}`, versionOf('payment', id)])
    expect([order.id, held['order']?.get(order.id)?.version]).toEqual([order.id, { order: order.version, ...Object.fromEntries(parts) }])
  }
  for (const product of shop.project.all('product')) {
    const found = held['product']?.get((product['key'] as string | undefined) ?? product.id)
    const number = product.id.slice('product-'.length)
    const price = shop.project.get('standalone-price', `price-${number}`)?.['value'] as { centAmount: number }
    const stock = shop.project.get('inventory-entry', `inventory-${number}`)?.['availableQuantity']
    expect(found?.version['product']).toBe(product.version)
    expect(found?.body).toMatchObject({ variants: [{ stock, prices: [{ value: { amount: (price.centAmount / 100).toFixed(2) } }] }] })
  }
}

describe('whatever is edited while the source reads, at whatever page size', () => {
  it('nothing is lost and nothing goes backwards', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 25 }),
        fc.record({
          pageSize: fc.integer({ min: 1, max: 7 }),
          ties: fc.integer({ min: 1, max: rows }),
          settleMs: fc.constantFrom(1, 2000),
          stopAfter: fc.integer({ min: 1, max: 5 }),
          first: fc.constantFrom('full' as const, 'delta' as const),
        }),
        async (edits, { pageSize, ties, settleMs, stopAfter, first }) => {
          let now = start
          const shop = await startFakeCommercetools({ now: () => now })
          try {
            seed(shop, ties)
            const queue = [...edits]
            let waiting = queue[0]?.afterRequests ?? 0
            shop.onRequest(() => {
              if (queue.length === 0 || waiting-- > 0) return
              const next = queue.shift()
              if (next === undefined) return
              now += next.advanceMs
              apply(shop, next, edits.length - queue.length)
              waiting = queue[0]?.afterRequests ?? 0
            })
            const source = sourceOf(shop, { companies: false, pageSizes: { customer: pageSize, order: pageSize, product: pageSize } })
            const held: Record<string, Map<string, Held>> = { customer: new Map(), order: new Map(), product: new Map() }
            const lastTo: Record<string, number> = {}
            // Enough passes to run out of edits, then one more that sees a quiet shop.
            for (let number = 0; number < 4 || queue.length > 0; number++) {
              now += 10_000
              for (const entity of ['product', 'customer', 'order'] as const) {
                const to = (await source.now(quickContext())) - settleMs
                const from = lastTo[entity]
                const window: ReadWindow = from === undefined ? { mode: first, from: 0, to } : { mode: 'delta', from, to }
                await pass(source, entity, window, held[entity] ?? new Map(), stopAfter)
                lastTo[entity] = to
              }
            }
            now += 10_000
            for (const entity of ['product', 'customer', 'order'] as const) {
              const to = (await source.now(quickContext())) - settleMs
              await pass(source, entity, { mode: 'delta', from: lastTo[entity] ?? 0, to }, held[entity] ?? new Map(), stopAfter)
            }
            expectComplete(shop, held)
          } finally {
            await shop.close()
          }
        },
      ),
      { numRuns: 20 },
    )
  }, 240_000)
})
