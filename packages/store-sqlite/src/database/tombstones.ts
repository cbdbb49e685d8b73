import type { Tombstone } from '@millrace/core'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Connection } from './connection.ts'

type Line = { key: string } | { mark: string; erasedAt: number }

const pathOf = (path: string): string => `${path}.erased`

/** A line that a crash cut was never promised to anybody. */
const parse = (text: string): Line[] => {
  try {
    // Only this file writes these lines.
    return text === '' ? [] : [JSON.parse(text) as Line]
  } catch {
    return []
  }
}

const readBeside = (path: string): Line[] => (existsSync(pathOf(path)) ? readFileSync(pathOf(path), 'utf8').split('\n').flatMap(parse) : [])

/** On disk when it returns, readable by nobody else. */
const writeBeside = (path: string, lines: readonly Line[]): void => {
  const file = openSync(pathOf(path), 'a', 0o600)
  try {
    writeSync(file, lines.map((line) => `\n${JSON.stringify(line)}\n`).join(''))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const putSql = `
  INSERT INTO tombstone (mark, erased_at, applied) VALUES (:mark, :erasedAt, :applied)
  ON CONFLICT (mark) DO UPDATE SET erased_at = max(erased_at, excluded.erased_at), applied = max(applied, excluded.applied)`

const put = (connection: Connection, mark: string, erasedAt: number, applied: boolean): void => {
  connection.prepare<[Record<string, string | number>]>(putSql).run({ mark, erasedAt, applied: Number(applied) })
}

/**
 * Takes over what stands beside the database: after an older copy was put back, people who were erased since would be in it again. The file is small and is read when
 * the database is opened.
 */
export const mergeTombstones = (connection: Connection): void => {
  const known = new Set(tombstones(connection).map(({ mark }) => mark))
  const key = knownKey(connection)
  const lines = readBeside(connection.path).filter((line) => ('key' in line ? line.key !== key : !known.has(line.mark)))
  if (lines.length === 0) return
  connection.transaction(() => {
    for (const line of lines) {
      if ('key' in line) connection.prepare<[string]>('INSERT OR REPLACE INTO erasure_key (id, key) VALUES (1, ?)').run(line.key)
      else put(connection, line.mark, line.erasedAt, false)
    }
  })
}

/** Adds tombstones, beside the database first: a crash in between erases once more, and forgets nothing. */
export const addTombstones = (connection: Connection, tombstones: readonly Omit<Tombstone, 'applied'>[]): void => {
  if (tombstones.length === 0) return
  writeBeside(
    connection.path,
    tombstones.map(({ mark, erasedAt }) => ({ mark, erasedAt })),
  )
  for (const { mark, erasedAt } of tombstones) put(connection, mark, erasedAt, true)
}

/** Whoever was erased, by mark. */
export const tombstones = (connection: Connection): Tombstone[] =>
  connection
    .prepare<[], { mark: string; erasedAt: number; applied: number }>(
      'SELECT mark, erased_at AS erasedAt, applied FROM tombstone ORDER BY mark',
    )
    .all()
    .map((row) => ({ ...row, applied: row.applied === 1 }))

const knownKey = (connection: Connection): string | undefined => connection.prepare<[], string>('SELECT key FROM erasure_key').pluck().get()

/** The key of the marks, made once and kept beside the database too. */
export const erasureKey = (connection: Connection): string => {
  const known = knownKey(connection)
  if (known !== undefined) return known
  const made = randomBytes(32).toString('hex')
  writeBeside(connection.path, [{ key: made }])
  connection.prepare<[string]>('INSERT INTO erasure_key (id, key) VALUES (1, ?)').run(made)
  return made
}
