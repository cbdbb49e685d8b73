import { causeCodes, claimOrder, kindCodes } from './codes.ts'
import type { Connection } from './connection.ts'
import { columns, tables, updateDelivery, type DeliveryRow } from './delivery-row.ts'
import { raiseRow } from './raise.ts'
import { countKey } from './tally.ts'

const putSql = `
  INSERT INTO delivery_due (did, at) SELECT did, ? FROM delivery WHERE did = ?
  ON CONFLICT (did) DO UPDATE SET at = excluded.at WHERE at <> excluded.at`
const forgetSql = 'DELETE FROM delivery_due WHERE did = ?'

/** Notes when rows have to be looked at again; null forgets it. Rows that are gone are ignored. */
export const schedule = (connection: Connection, times: readonly { did: number; at: number | null }[]): void => {
  const put = connection.prepare<[number, number]>(putSql)
  const forget = connection.prepare<[number]>(forgetSql)
  for (const { did, at } of times) {
    if (at === null) forget.run(did)
    else put.run(at, did)
  }
}

const dueSql = `
  SELECT ${columns} FROM delivery_due CROSS JOIN ${tables.replace('delivery LEFT', 'delivery ON delivery.did = delivery_due.did LEFT')}
  WHERE delivery_due.at <= ? AND delivery.connection = ?`

/** Raises the rows of a connection whose time has come, and forgets their times. Returns how many. */
export const raiseDue = (connection: Connection, name: string, now: number): number => {
  const id = connection.names.find(name)
  if (id === undefined) return 0
  const rows = connection.prepare<[number, number], DeliveryRow>(dueSql).all(now, id)
  const forget = connection.prepare<[number]>(forgetSql)
  for (const row of rows) {
    const before = countKey(row)
    const raise = { cause: causeCodes.of('due'), claimOrder: claimOrder(2, kindCodes.word(row.kind)), held: undefined, dueAt: now }
    raiseRow(row, raise, now)
    updateDelivery(connection, row)
    connection.tally.move(before, countKey(row))
    forget.run(row.did)
  }
  return rows.length
}
