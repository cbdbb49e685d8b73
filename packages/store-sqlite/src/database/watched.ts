import type { IngestPage, OfferChange, Watcher } from '@millrace/core'
import type { Connection } from './connection.ts'

const forgetSql = 'DELETE FROM watched WHERE source = ? AND list = ?'
const watchSql = 'INSERT INTO watched (source, sku, customer, since, list) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'

/** Notes what lists hold now. */
export const applyWatched = (connection: Connection, page: IngestPage): void => {
  for (const { list, customer, items } of page.watched ?? []) {
    const source = connection.names.put(page.source)
    forgetList(connection, source, list)
    for (const { sku, since } of items) connection.prepare<unknown[]>(watchSql).run(source, sku, customer, since, list)
  }
}

/** Forgets what a list holds. */
export const forgetList = (connection: Connection, source: number, list: string): void => {
  connection.prepare<[number, string]>(forgetSql).run(source, list)
}

const keepSql = `
  INSERT INTO offer_change (source, id, at, body, position) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (source, id) DO UPDATE SET at = excluded.at, body = excluded.body, position = excluded.position`

/** Keeps and forgets changes of offers. */
export const applyOffers = (connection: Connection, page: IngestPage): void => {
  for (const offer of page.offers ?? []) {
    const source = connection.names.put(page.source)
    if (offer.body === null) connection.prepare<unknown[]>('DELETE FROM offer_change WHERE source = ? AND id = ?').run(source, offer.id)
    else connection.prepare<unknown[]>(keepSql).run(source, offer.id, offer.at, offer.body, offer.position)
  }
}

const dueSql = 'SELECT id, at, body, position FROM offer_change WHERE source = ? AND at <= ? ORDER BY at, id LIMIT ?'

/** Changes of offers that are due. */
export const dueOffers = (connection: Connection, query: { source: string; upTo: number; limit: number }): OfferChange[] => {
  const source = connection.names.find(query.source)
  return source === undefined ? [] : connection.prepare<number[], OfferChange>(dueSql).all(source, query.upTo, query.limit)
}

const watchersSql = `
  SELECT customer, list, since FROM watched WHERE source = ? AND sku = ? AND customer > ? AND since <= ?
  ORDER BY customer, since DESC, list LIMIT ?`

/** Who watches a SKU. */
export const watchers = (
  connection: Connection,
  query: { source: string; sku: string; upTo: number; after: string | null; limit: number },
): Watcher[] => {
  const source = connection.names.find(query.source)
  if (source === undefined) return []
  return connection.prepare<unknown[], Watcher>(watchersSql).all(source, query.sku, query.after ?? '', query.upTo, query.limit)
}
