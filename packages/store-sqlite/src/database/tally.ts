import { state } from './codes.ts'
import type { Connection } from './connection.ts'
import type { DeliveryRow } from './delivery-row.ts'

/** What rows are counted by. */
type Counted = Pick<DeliveryRow, 'connection' | 'object' | 'state' | 'result' | 'code'>

/** A row's place in `delivery_count`: connection, object, state, result (of settled rows) and code; -1 = none. */
export type CountKey = readonly [connection: number, object: number, state: number, result: number, code: number]

/** The place of a row as it is now: taken before and after a change. */
export const countKey = (row: Counted): CountKey => [
  row.connection,
  row.object,
  row.state,
  row.state === state.settled ? (row.result ?? -1) : -1,
  row.code ?? -1,
]

/**
 * Keeps `delivery_count` in step with `delivery`, so that counting millions of rows costs nothing. Changes are added up in memory and written once, as the last
 * part of the transaction that made them.
 */
export interface Tally {
  /** A row moved from one place to another; undefined = it was not there, or is no more. */
  move(before: CountKey | undefined, after: CountKey | undefined): void
  /** Writes what has changed. */
  flush(): void
  /** Forgets what has changed, after a transaction was undone. */
  reset(): void
}

const upsertSql = `
  INSERT INTO delivery_count (connection, object, state, result, code, count) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`

/** The tally of one database. */
export const tallyOf = (connection: Pick<Connection, 'prepare'>): Tally => {
  const changes = new Map<string, { key: CountKey; by: number }>()
  const add = (key: CountKey | undefined, by: number): void => {
    if (key === undefined) return
    const text = key.join()
    const known = changes.get(text)
    if (known === undefined) changes.set(text, { key, by })
    else known.by += by
  }
  return {
    move: (before, after) => {
      add(before, -1)
      add(after, 1)
    },
    flush: () => {
      for (const { key, by } of changes.values()) if (by !== 0) connection.prepare<number[]>(upsertSql).run(...key, by)
      changes.clear()
    },
    reset: () => changes.clear(),
  }
}
