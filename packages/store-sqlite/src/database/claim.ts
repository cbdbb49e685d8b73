import type { Claimed } from '@millrace/core'
import { state } from './codes.ts'
import type { Connection } from './connection.ts'
import { columns, tables, toClaimed } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { countKey } from './tally.ts'

/** The first due row of one (object, claim order). */
interface Group {
  object: number
  claim_order: number
  next_at: number
  did: number
}

const headSql = `
  SELECT object, claim_order, next_at, did FROM delivery
  WHERE state = 2 AND connection = ? AND object = ? AND claim_order > ?
  ORDER BY claim_order, next_at, did LIMIT 1`

/** One row per claim order of an object: the earliest. Leaps from group to group in the index, so that rows that back off cost nothing. */
export function* readyGroups(connection: Connection, connectionId: number, object: number): Generator<Group> {
  const statement = connection.prepare<[number, number, number], Group>(headSql)
  let head = statement.get(connectionId, object, -1)
  while (head !== undefined) {
    yield head
    head = statement.get(connectionId, object, head.claim_order)
  }
}

const earlier = (a: Group, b: Group): number => a.claim_order - b.claim_order || a.next_at - b.next_at || a.did - b.did

const rowsSql = `
  SELECT ${columns}, unit.name AS unit_name FROM ${tables} JOIN unit ON unit.id = delivery.unit
  WHERE state = 2 AND connection = ? AND object = ? AND claim_order = ? AND next_at <= ?
  ORDER BY next_at, delivery.did LIMIT ?`

const takeSql = 'UPDATE delivery SET state = 3, sending = wanted, updated_at = ? WHERE did IN (SELECT value FROM json_each(?))'

const fenceSql = `
  INSERT INTO fence (connection, value) VALUES (?, ?)
  ON CONFLICT (connection) DO UPDATE SET value = max(value + 1, excluded.value) RETURNING value`

/** Takes the next due rows of one object of a connection. */
export const claim = (
  connection: Connection,
  request: { connection: string; limits: Readonly<Record<string, number>>; now: number },
): Claimed[] => {
  const connectionId = connection.names.find(request.connection)
  if (connectionId === undefined) return []
  const due = Object.entries(request.limits).flatMap(([name, limit]) => {
    const object = limit > 0 ? connection.names.find(name) : undefined
    if (object === undefined) return []
    const groups = [...readyGroups(connection, connectionId, object)].filter((group) => group.next_at <= request.now)
    const first = groups[0]
    return first === undefined ? [] : [{ first, groups, limit }]
  })
  const best = due.toSorted((a, b) => earlier(a.first, b.first))[0]
  if (best === undefined) return []
  const rows: (DeliveryRow & { unit_name: string })[] = []
  const select = connection.prepare<number[], DeliveryRow & { unit_name: string }>(rowsSql)
  for (const group of best.groups) {
    if (rows.length >= best.limit) break
    rows.push(...select.all(connectionId, group.object, group.claim_order, request.now, best.limit - rows.length))
  }
  connection.prepare<[number, string]>(takeSql).run(request.now, JSON.stringify(rows.map((row) => row.did)))
  const fence = connection.prepare<[number, number], { value: number }>(fenceSql).get(connectionId, request.now)?.value ?? request.now
  return rows.map((row) => {
    const before = countKey(row)
    row.state = state.sending
    row.sending = row.wanted
    row.updated_at = request.now
    connection.tally.move(before, countKey(row))
    return toClaimed(connection, row, fence, row.unit_name)
  })
}
