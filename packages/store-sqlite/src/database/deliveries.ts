import type { Delivery, DeliveryFilter } from '@millrace/core'
import { sql } from 'kysely'
import { state } from './codes.ts'
import type { Connection } from './connection.ts'
import { toDelivery } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { all, queries } from './queries.ts'
import { findUnit } from './units.ts'

/** States that the index `delivery_attention` holds. */
const attention = new Set(['parked', 'dead', 'held'])

/** Rows that match every given part of a filter, in the order of `did`. */
export const matching = (connection: Connection, filter: DeliveryFilter, page: { afterDid: number; limit: number }): DeliveryRow[] => {
  const ids = idsOf(connection, filter)
  if (ids === undefined) return []
  let query = queries
    .selectFrom('delivery')
    .leftJoin('delivery_remote', 'delivery_remote.did', 'delivery.did')
    .selectAll('delivery')
    .select(['remote_id', 'fingerprint', 'objects', 'progress'])
    .where('delivery.did', '>', page.afterDid)
    .orderBy('delivery.did')
    .limit(page.limit)
  if (ids.connection !== undefined) query = query.where('connection', '=', ids.connection)
  if (ids.object !== undefined) query = query.where('object', '=', ids.object)
  if (ids.code !== undefined) query = query.where('code', '=', ids.code)
  if (ids.unit !== undefined) query = query.where('unit', '=', ids.unit)
  if (filter.state !== undefined) query = query.where('state', '=', state[filter.state])
  // The condition of the partial index, literally.
  if (filter.state !== undefined && attention.has(filter.state)) query = query.where(sql<boolean>`state >= 6`)
  if (filter.dids !== undefined)
    query = query.where(sql<boolean>`delivery.did IN (SELECT value FROM json_each(${JSON.stringify(filter.dids)}))`)
  if (filter.replayedLess !== undefined) {
    query = query.where(sql<boolean>`NOT (state = 7 AND ${filter.replayedLess} <= coalesce((
      SELECT count FROM replay WHERE replay.did = delivery.did AND replay.wanted = delivery.wanted AND replay.code IS delivery.code), 0))`)
  }
  return all(connection, query.compile())
}

/** The numbers behind a filter's words; undefined when one of them was never used, so that nothing can match. */
const idsOf = (
  connection: Connection,
  filter: DeliveryFilter,
): { connection?: number; object?: number; code?: number; unit?: number } | undefined => {
  const ids: { connection?: number; object?: number; code?: number; unit?: number } = {}
  for (const part of ['connection', 'object', 'code', 'unit'] as const) {
    const word = filter[part]
    if (word === undefined) continue
    const id = part === 'unit' ? findUnit(connection, word) : connection.names.find(word)
    if (id === undefined) return undefined
    ids[part] = id
  }
  return ids
}

/** Matching deliveries in the order of `did`. */
export const deliveries = (connection: Connection, filter: DeliveryFilter, page: { afterDid: number; limit: number }): Delivery[] =>
  matching(connection, filter, page).map((row) => toDelivery(connection, row))
