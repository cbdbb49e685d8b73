/**
 * A price that falls in a large shop: how many watchers a second are found, priced and noted as events to be sent, in the pages and transactions in which that is done.
 * Every account watches the same SKU, which is the worst that can happen. The destination is paused, so that nothing of it is sending.
 */
import { productSchema, shoppingListSchema, type Change } from '@millrace/core'
import { scriptedSource } from '@millrace/core/testing'
import { changeOf, customerId } from './lib/customer.ts'
import { openEngine } from './lib/engine.ts'
import { machineLine, printFigures, ratesOf } from './lib/report.ts'

const total = process.argv.includes('--quick') ? 10_000 : 100_000
const rounds = 3
const pageSize = 500
const start = Date.parse('2026-02-01T00:00:00.000Z')
const at = (round: number): string => new Date(start + round * 60_000).toISOString()

const listOf = (index: number): Change => ({
  type: 'upsert',
  version: { 'shopping-list': 1 },
  modifiedAt: start,
  record: shoppingListSchema.parse({
    entity: 'shopping-list',
    id: `list-${index}`,
    createdAt: at(0),
    modifiedAt: at(0),
    name: { en: 'Wishlist' },
    customerId: customerId(index),
    items: [{ id: 'l1', sku: 'SHIRT-M', addedAt: at(0) }],
  }),
})

const product = (round: number): Change => ({
  type: 'upsert',
  version: { product: round + 1 },
  modifiedAt: start + round * 60_000,
  record: productSchema.parse({
    entity: 'product',
    id: 'shirt',
    platformId: 'shirt',
    createdAt: at(0),
    modifiedAt: at(round),
    published: true,
    name: { en: 'A shirt' },
    variants: [{ id: '1', sku: 'SHIRT-M', prices: [{ value: { currency: 'EUR', amount: `${50 - round}.00` } }] }],
  }),
})

const { ids: _ids, ...base } = scriptedSource()
const makers: Partial<Record<string, (index: number) => Change>> = { customer: changeOf, 'shopping-list': listOf }
let round = 0
const engine = openEngine(
  {
    ...base,
    entities: ['product', 'customer', 'shopping-list'],
    now: async () => start + round * 60_000,
    async *read(entity, { mode }) {
      if (entity === 'product') yield { changes: [product(round)], cursor: '' }
      const make = mode === 'full' ? makers[entity] : undefined
      if (make === undefined) return
      for (let first = 0; first < total; first += pageSize)
        yield {
          changes: Array.from({ length: Math.min(pageSize, total - first) }, (_, offset) => make(first + offset)),
          cursor: `${first}`,
        }
    },
    get: async (_entity, id) => (id === 'shirt' ? product(round) : changeOf(0)),
  },
  { events: 'idempotent' },
)

try {
  console.log(machineLine())
  const pass = async (): Promise<void> => void (await engine.millrace.sync())
  await pass()
  await engine.millrace.pause('crm')
  const told = await ratesOf(rounds, total, async () => {
    round += 1
    await pass()
  })
  const { event = {} } = (await engine.millrace.status()).connections['crm']?.objects ?? {}
  if (event['ready'] !== rounds * total) throw new Error(`Something else was measured: ${JSON.stringify(event)}`)
  const kept = printFigures([{ name: 'watchers of one SKU told of its price', unit: 'watchers/s', floor: 2_000, ...told }])
  if (!kept) process.exitCode = 1
} finally {
  await engine.close()
}
