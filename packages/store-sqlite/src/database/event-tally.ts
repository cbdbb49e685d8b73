import type { EventCount } from '@millrace/core'
import type { Connection } from './connection.ts'

const slotMs = 300_000

/** Counts journal entries by five minutes, connection, event and code: added up in memory, written as the last part of the transaction. */
export interface EventTally {
  add(at: number, connection: number, event: number, code: number | null): void
  flush(): void
  /** Forgets what was counted, after a transaction was undone. */
  reset(): void
}

const upsertSql = `
  INSERT INTO event_count (at, connection, event, code, count) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`

/** The counts of one database. */
export const eventTallyOf = (connection: Pick<Connection, 'prepare'>): EventTally => {
  const counts = new Map<string, { key: readonly number[]; count: number }>()
  return {
    add: (at, connectionId, event, code) => {
      const key = [at - (at % slotMs), connectionId, event, code ?? -1]
      const text = key.join()
      const known = counts.get(text)
      if (known === undefined) counts.set(text, { key, count: 1 })
      else known.count += 1
    },
    flush: () => {
      for (const { key, count } of counts.values()) connection.prepare<number[]>(upsertSql).run(...key, count)
      counts.clear()
    },
    reset: () => counts.clear(),
  }
}

const selectSql = `
  SELECT at, connection.text AS connection, event.text AS event, code.text AS code, count
  FROM event_count
  JOIN name AS connection ON connection.id = event_count.connection
  JOIN name AS event ON event.id = event_count.event
  LEFT JOIN name AS code ON code.id = event_count.code
  WHERE at >= ? ORDER BY at, connection.text, event.text, coalesce(code.text, '')`

/** Counts from a time on. */
export const eventCounts = (connection: Connection, since: number): EventCount[] =>
  connection.prepare<[number], EventCount>(selectSql).all(since)
