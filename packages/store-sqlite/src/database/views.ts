import type { Claimed, DeliveryCounts, LinkState, OpenTicket } from '@millrace/core'
import { resultCodes, stateWord } from './codes.ts'
import { readyGroups } from './claim.ts'
import type { Connection } from './connection.ts'
import { columns, findDelivery, tables, toClaimed } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { all, queries } from './queries.ts'
import { compareText } from './sorting.ts'
import { findUnit } from './units.ts'

/** What is known of objects at the vendor. */
export const links = (
  connection: Connection,
  name: string,
  wanted: readonly { object: string; unit: string }[],
): (LinkState | undefined)[] => {
  const id = connection.names.find(name)
  return wanted.map(({ object, unit }) => {
    const unitId = findUnit(connection, unit)
    const objectId = connection.names.find(object)
    if (id === undefined || unitId === undefined || objectId === undefined) return undefined
    const row = findDelivery(connection, unitId, id, objectId)
    return (
      row && {
        object,
        unit,
        state: stateWord(row.state),
        result: row.result === null ? null : resultCodes.word(row.result),
        remoteId: row.remote_id,
        fingerprint: row.fingerprint,
      }
    )
  })
}

const ticketsSql = `SELECT ${columns} FROM ${tables} WHERE state = 5 AND connection = ? AND next_at <= ? ORDER BY next_at, delivery.did LIMIT ?`

/** Pending rows that are due to be asked for. */
export const tickets = (connection: Connection, name: string, now: number, limit: number): Claimed[] => {
  const id = connection.names.find(name)
  if (id === undefined) return []
  return connection
    .prepare<number[], DeliveryRow>(ticketsSql)
    .all(id, now, limit)
    .map((row) => toClaimed(connection, row, 0))
}

const openTicketsSql = `SELECT DISTINCT object, ticket FROM delivery WHERE state = 5 AND connection = ?`

/** Distinct tickets of pending rows, in the order of object and ticket. */
export const openTickets = (connection: Connection, name: string): OpenTicket[] => {
  const id = connection.names.find(name)
  if (id === undefined) return []
  return connection
    .prepare<[number], { object: number; ticket: string }>(openTicketsSql)
    .all(id)
    .map(({ object, ticket }) => ({ object: connection.names.text(object), ticket }))
    .toSorted((a, b) => compareText(a.object, b.object) || compareText(a.ticket, b.ticket))
}

const nextObjectSql = 'SELECT object FROM delivery WHERE state = 2 AND connection = ? AND object > ? ORDER BY object LIMIT 1'

/** Earliest time of rows that are ready or pending. */
export const nextAt = (connection: Connection, name: string): number | undefined => {
  const id = connection.names.find(name)
  if (id === undefined) return undefined
  const times: number[] = []
  const nextObject = connection.prepare<[number, number], number>(nextObjectSql).pluck()
  for (let object = nextObject.get(id, -1); object !== undefined; object = nextObject.get(id, object)) {
    for (const group of readyGroups(connection, id, object)) times.push(group.next_at)
  }
  const pending = connection
    .prepare<[number], number | null>('SELECT min(next_at) FROM delivery WHERE state = 5 AND connection = ?')
    .pluck()
    .get(id)
  if (pending !== null && pending !== undefined) times.push(pending)
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b))
}

/** Rows by connection, object, state, result and code, in that order. */
export const counts = (connection: Connection, name: string | undefined): DeliveryCounts[] => {
  const { names } = connection
  const id = name === undefined ? undefined : names.find(name)
  if (name !== undefined && id === undefined) return []
  let query = queries.selectFrom('delivery_count').selectAll().where('count', '>', 0)
  if (id !== undefined) query = query.where('connection', '=', id)
  return all(connection, query.compile())
    .map((row) => ({
      connection: names.text(row.connection),
      object: names.text(row.object),
      state: stateWord(row.state),
      result: row.result === -1 ? null : resultCodes.word(row.result),
      code: row.code === -1 ? null : names.text(row.code),
      count: row.count,
    }))
    .toSorted((a, b) => compareText(sortKey(a), sortKey(b)))
}

const sortKey = (group: Omit<DeliveryCounts, 'count'>): string =>
  [group.connection, group.object, group.state, group.result ?? '', group.code ?? ''].join('\0')
