import {
  currencyDigits,
  customerSchema,
  orderSchema,
  subtractMoney,
  type Change,
  type CommerceRecord,
  type Entity,
  type Money,
  type ReadWindow,
  type Source,
  type SourcePage,
} from '@millrace/core'
import type { Filter, Row, Shop, Table } from './shop.ts'

const states = { new: 'open', processing: 'confirmed', complete: 'complete', canceled: 'cancelled' } as const
const tableOf = (entity: Entity): Table => (entity === 'order' ? 'orders' : 'customers')

const toMs = (stamp: string): number => Date.parse(`${stamp.replace(' ', 'T')}Z`)
const toStamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

const customerOf = (row: Row): CommerceRecord =>
  customerSchema.parse({ entity: 'customer', email: row.email, firstName: row.firstname, lastName: row.lastname, ...common(row) })

const orderOf = (row: Row): CommerceRecord => {
  const { currency = 'EUR', grand_total = 0, tax_amount = 0, total_paid = 0, items = [] } = row
  // Amounts are DECIMAL(20,4) in the shop: as floats they are exact to far more digits than a currency has.
  const money = (value: number): Money => ({ currency, amount: value.toFixed(currencyDigits(currency)) })
  return orderSchema.parse({
    entity: 'order',
    ...common(row),
    number: row.increment_id,
    placedAt: new Date(toMs(row.created_at)).toISOString(),
    customerId: row.customer_id == null ? undefined : String(row.customer_id),
    email: row.email,
    orderState: states[row.state ?? 'new'],
    paymentState: total_paid >= grand_total ? 'paid' : 'balance-due',
    gross: money(grand_total),
    net: subtractMoney(money(grand_total), money(tax_amount)),
    tax: money(tax_amount),
    refunded: money(0),
    lines: items.map((item) => ({
      id: String(item.item_id),
      sku: item.sku,
      name: { en: item.name },
      quantity: item.qty_ordered,
      unitPrice: money(item.price),
      total: money(item.row_total),
    })),
  })
}

const common = (row: Row): { id: string; createdAt: string; modifiedAt: string } => ({
  id: String(row.entity_id),
  createdAt: new Date(toMs(row.created_at)).toISOString(),
  modifiedAt: new Date(toMs(row.updated_at)).toISOString(),
})

/** One unreadable row becomes one rejected record, not a failed pass. */
const changeOf = (entity: Entity, row: Row): Change => {
  const base = { version: { [entity]: toMs(row.updated_at) }, modifiedAt: toMs(row.updated_at) }
  try {
    return { type: 'upsert', record: entity === 'order' ? orderOf(row) : customerOf(row), ...base }
  } catch (error) {
    return { type: 'invalid', entity, id: String(row.entity_id), problem: String(error), raw: row, ...base }
  }
}

/** A source over the shop's one search call. `now` is the shop's own clock. */
export const shopSource = (shop: Shop, { pageSize = 100, now = Date.now }: { pageSize?: number; now?: () => number } = {}): Source => {
  const find = (entity: Entity, filters: Filter[], by: 'entity_id' | 'updated_at'): Row[] =>
    shop.search(tableOf(entity), {
      filters,
      sort: [
        [by, 'ASC'],
        ['entity_id', 'ASC'],
      ],
      pageSize,
    }).items

  /** Page numbers drift while rows change, so every request asks for page 1 behind the last row: first the rest of its second, then later seconds. */
  const nextRows = (entity: Entity, { mode, from = 0, to, cursor }: ReadWindow): Row[] => {
    const upper: Filter = { field: 'updated_at', condition: 'lteq', value: toStamp(to) }
    const [stamp, id] = cursor?.split('|') ?? [undefined, '0']
    const behind: Filter = { field: 'entity_id', condition: 'gt', value: Number(id) }
    if (mode === 'full') return find(entity, [behind, upper, { field: 'updated_at', condition: 'gteq', value: toStamp(from) }], 'entity_id')
    if (stamp === undefined) return find(entity, [upper, { field: 'updated_at', condition: 'gteq', value: toStamp(from) }], 'updated_at')
    const sameSecond = find(entity, [{ field: 'updated_at', condition: 'eq', value: stamp }, behind], 'updated_at')
    return sameSecond.length > 0 ? sameSecond : find(entity, [upper, { field: 'updated_at', condition: 'gt', value: stamp }], 'updated_at')
  }

  async function* read(entity: Entity, window: ReadWindow): AsyncGenerator<SourcePage> {
    let cursor = window.cursor
    for (;;) {
      const rows = nextRows(entity, cursor === undefined ? window : { ...window, cursor })
      const last = rows.at(-1)
      if (last === undefined) return
      cursor = `${last.updated_at}|${last.entity_id}`
      yield { changes: rows.map((row) => changeOf(entity, row)), cursor }
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'tiny-shop',
    entities: ['customer', 'order'],
    // No versions: two edits in one second look alike, and core reads such a record again by itself.
    versioning: 'timestamp',
    // A second is only complete when it is over, and a slow transaction may be stamped a little in the past.
    settleMs: 2_000,
    overlapMs: 30_000,
    check: async () => [{ level: 'ok', code: 'reachable', message: 'The tiny shop answers.' }],
    now: async () => now(),
    read,
    get: async (entity, id) =>
      find(entity, [{ field: 'entity_id', condition: 'eq', value: Number(id) }], 'entity_id').map((row) => changeOf(entity, row))[0],
    async *ids(entity) {
      for await (const { changes } of read(entity, { mode: 'full', to: now() }))
        yield changes.flatMap((change) => (change.type === 'upsert' ? change.record.id : change.id))
    },
    count: async (entity, since = 0) =>
      shop.search(tableOf(entity), {
        filters: [{ field: 'updated_at', condition: 'gteq', value: toStamp(since) }],
        sort: [['entity_id']],
        pageSize: 1,
      }).total_count,
  }
}
