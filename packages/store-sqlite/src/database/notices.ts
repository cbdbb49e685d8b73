import type { IncomingNotice, NoticeFailure, NoticeRef, Problem, Store, StoredNotice } from '@millrace/core'
import type { Connection } from './connection.ts'

type Which = Parameters<Store['requeueNotices']>[1]

// Of equal versions the last counts; a dead notice that is received again waits anew.
const receiveSql = `
  INSERT INTO notice (source, key, version, at, data, seq, received_at, attempts, next_at, problem, updated_at)
  VALUES (:source, :key, :version, :at, :data, 1, :now, 0, :nextAt, :problem, :now)
  ON CONFLICT (source, key) DO UPDATE SET
    at = CASE WHEN excluded.version >= version THEN excluded.at ELSE at END,
    data = CASE WHEN excluded.version >= version THEN excluded.data ELSE data END,
    version = max(version, excluded.version),
    seq = seq + 1,
    received_at = CASE WHEN next_at IS NULL THEN excluded.received_at ELSE received_at END,
    attempts = 0, next_at = excluded.next_at, problem = excluded.problem, updated_at = excluded.updated_at`

/** Keeps what was announced; of one key the highest version. */
export const receive = (connection: Connection, notices: readonly IncomingNotice[], now: number): void => {
  const statement = connection.prepare<[Record<string, string | number | null>]>(receiveSql)
  for (const { source, key, version, at, data, problem } of notices) {
    statement.run({
      source: connection.names.put(source),
      key,
      version,
      at,
      data: JSON.stringify(data),
      now,
      nextAt: problem === undefined ? now : null,
      problem: problem === undefined ? null : JSON.stringify(problem),
    })
  }
}

const dueSql = `
  SELECT name.text AS source, key, version, at, data, seq, received_at AS receivedAt, attempts
  FROM notice JOIN name ON name.id = notice.source
  WHERE next_at <= :now AND (substr(key, 1, length(:prefix)) = :prefix) = :is ORDER BY next_at, name.text, key LIMIT :limit`

/** Notices that are due, the longest waiting first. */
export const dueNotices = (
  connection: Connection,
  now: number,
  limit: number,
  { prefix, excluded = false }: NonNullable<Parameters<Store['notices']>[2]> = { prefix: '' },
): StoredNotice[] =>
  connection
    .prepare<[Record<string, string | number>], Omit<StoredNotice, 'data'> & { data: string }>(dueSql)
    .all({ now, limit, prefix, is: Number(!excluded) })
    .map((row) => ({ ...row, data: JSON.parse(row.data) }))

/** Forgets what was answered, unless it was received again. */
export const forgetNotices = (connection: Connection, refs: readonly NoticeRef[]): void => {
  const statement = connection.prepare<[number, string, number]>('DELETE FROM notice WHERE source = ? AND key = ? AND seq = ?')
  for (const { source, key, seq } of refs) statement.run(connection.names.put(source), key, seq)
}

/** Puts notices off, or gives them up. */
export const deferNotices = (connection: Connection, failures: readonly NoticeFailure[], now: number): void => {
  const statement = connection.prepare<unknown[]>(
    'UPDATE notice SET attempts = ?, next_at = ?, problem = ?, updated_at = ? WHERE source = ? AND key = ? AND seq = ?',
  )
  for (const { source, key, seq, attempts, nextAt, problem } of failures)
    statement.run(attempts, nextAt, JSON.stringify(problem), now, connection.names.put(source), key, seq)
}

const countSql = `
  SELECT name.text AS source, count(next_at) AS waiting, count(*) - count(next_at) AS dead, min(next_at) AS nextAt
  FROM notice JOIN name ON name.id = notice.source GROUP BY notice.source ORDER BY name.text`

/** How many wait and how many are dead. */
export const countNotices = (connection: Connection): Awaited<ReturnType<Store['noticeCounts']>> =>
  connection.prepare<[], Awaited<ReturnType<Store['noticeCounts']>>[number]>(countSql).all()

const deadSql = `
  SELECT name.text AS source, key, problem, attempts, updated_at AS at
  FROM notice JOIN name ON name.id = notice.source WHERE next_at IS NULL ORDER BY updated_at DESC, name.text, key LIMIT ?`

/** Dead ones, the newest first. */
export const deadNotices = (connection: Connection, limit: number): Awaited<ReturnType<Store['deadNotices']>> =>
  connection
    .prepare<[number], { source: string; key: string; problem: string; attempts: number; at: number }>(deadSql)
    .all(limit)
    // Nothing but this file writes problems here.
    .map((row) => ({ ...row, problem: JSON.parse(row.problem) as Problem }))

const sourceOf = (connection: Connection, { source }: Which): number | null =>
  source === undefined ? null : (connection.names.find(source) ?? -1)

const ofDead = 'next_at IS NULL AND (:source IS NULL OR source = :source) AND (:key IS NULL OR key = :key)'

/** Makes dead notices due again. */
export const requeueNotices = (connection: Connection, which: Which, now: number): number =>
  connection
    .prepare<[Record<string, string | number | null>]>(
      `UPDATE notice SET next_at = :now, attempts = 0, seq = seq + 1, updated_at = :now WHERE ${ofDead}`,
    )
    .run({ source: sourceOf(connection, which), key: which.key ?? null, now }).changes

/** Forgets dead notices. */
export const discardNotices = (connection: Connection, which: Which): number =>
  connection
    .prepare<[Record<string, string | number | null>]>(`DELETE FROM notice WHERE ${ofDead}`)
    .run({ source: sourceOf(connection, which), key: which.key ?? null }).changes
