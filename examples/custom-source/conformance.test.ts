import { sourceSuite, type SourceFake } from '@millrace/adapter-kit/testing'
import type { Entity } from '@millrace/core'
import { shopSource } from './shop-source.ts'
import { tinyShop, type Row, type Shop } from './shop.ts'

const stampOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

const startShop = (): SourceFake & { shop: Shop; now: () => number } => {
  const shop = tinyShop()
  let now = 0
  let made = 0
  const table = (entity: Entity): Row[] => shop.tables[entity === 'order' ? 'orders' : 'customers']
  const put = (entity: Entity, row: Partial<Row>): string => {
    made += 1
    const stamp = stampOf(now)
    table(entity).push({ entity_id: made, created_at: stamp, updated_at: stamp, email: `buyer.${made}@example.com`, ...row })
    return String(made)
  }
  const change = (entity: Entity, id: string, edit: Partial<Row>): void => {
    const row = table(entity).find(({ entity_id }) => String(entity_id) === id)
    if (row !== undefined) Object.assign(row, edit, { updated_at: stampOf(now) })
  }
  return {
    shop,
    now: () => now,
    setNow: (epochMs) => void (now = epochMs),
    add: (entity, n) =>
      put(
        entity,
        entity === 'order' ? { increment_id: `${n}`, currency: 'EUR', grand_total: 1, total_paid: 1 } : { lastname: `Buyer ${n}` },
      ),
    edit: (entity, id) => change(entity, id, entity === 'order' ? { increment_id: `edited ${now}` } : { lastname: `Edited ${now}` }),
    spoil: (entity, id) => change(entity, id, entity === 'order' ? { currency: 'euro' } : { email: 42 as unknown as string }),
    remove(entity, id) {
      const rows = table(entity)
      rows.splice(
        rows.findIndex(({ entity_id }) => String(entity_id) === id),
        1,
      )
    },
    addOrder: ({ currency, amount }) =>
      put('order', { increment_id: amount, currency, grand_total: Number(amount), total_paid: Number(amount) }),
    close: () => {},
  }
}

sourceSuite({
  source: (_, fake) => shopSource(fake?.shop ?? tinyShop(), { pageSize: 10, now: fake?.now ?? Date.now }),
  fake: startShop,
  pageSize: 10,
  asksServer: false,
})
