import type { StoredExchange } from '@millrace/core'
import type { Connection } from './connection.ts'

const insertSql = `
  INSERT OR IGNORE INTO exchange (id, at, run, connection, object, method, path, status, duration_ms, correlation_id, fault, request, answer)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Keeps exchanges; one that is there already stays as it is. */
export const keepExchanges = ({ names, prepare }: Connection, exchanges: readonly StoredExchange[]): void => {
  for (const each of exchanges) {
    const run = each.run === null ? null : names.put(each.run)
    const object = each.object === null ? null : names.put(each.object)
    const { id, at, method, path, status, durationMs, correlationId, fault, request, answer } = each
    prepare<unknown[]>(insertSql).run(
      id,
      at,
      run,
      names.put(each.connection),
      object,
      method,
      path,
      status,
      durationMs,
      correlationId,
      fault,
      request,
      answer,
    )
  }
}

const selectSql = `
  SELECT exchange.id, at, run.text AS run, connection.text AS connection, object.text AS object, method, path, status, duration_ms AS durationMs,
    correlation_id AS correlationId, fault, request, answer
  FROM exchange
  JOIN name AS connection ON connection.id = exchange.connection
  LEFT JOIN name AS run ON run.id = exchange.run
  LEFT JOIN name AS object ON object.id = exchange.object
  WHERE exchange.id IN (SELECT value FROM json_each(?)) ORDER BY xid`

/** Exchanges in the order in which they were stored. */
export const exchanges = (connection: Connection, ids: readonly number[]): StoredExchange[] =>
  connection.prepare<[string], StoredExchange>(selectSql).all(JSON.stringify(ids))
