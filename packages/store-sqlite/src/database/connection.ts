import Database from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { eventTallyOf } from './event-tally.ts'
import type { EventTally } from './event-tally.ts'
import { migrate } from './migrate.ts'
import { namesOf } from './names.ts'
import type { Names } from './names.ts'
import { tallyOf } from './tally.ts'
import type { Tally } from './tally.ts'

/** An open database file and what every command needs of it. */
export interface Connection {
  path: string
  names: Names
  tally: Tally
  eventTally: EventTally
  /** A statement, compiled once. */
  prepare<Parameters extends unknown[], Row = unknown>(sql: string): Database.Statement<Parameters, Row>
  /** Runs `work` in one transaction that is on disk when it returns, or undone when it throws. */
  transaction<Result>(work: () => Result): Result
  close(): void
}

/** Opens a database file, making it and its directory, and brings its schema up to date. */
export const openConnection = (path: string): Connection => {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { timeout: 5000 })
  try {
    // FULL: a commit that was acknowledged survives a power cut. The larger checkpoint doubles the writes of random keys; more cache than this did not (1M records), and all of it is resident.
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('wal_autocheckpoint = 20000')
    database.pragma('cache_size = -24576')
    database.pragma('temp_store = MEMORY')
    // What is erased is overwritten, not only let go.
    database.pragma('secure_delete = ON')
    migrate(database, path)
  } catch (error) {
    database.close()
    throw error
  }
  return wrap(database, path)
}

const wrap = (database: Database.Database, path: string): Connection => {
  const statements = new Map<string, Database.Statement>()
  const prepare = <Parameters extends unknown[], Row>(sql: string): Database.Statement<Parameters, Row> => {
    const known = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, known)
    // The text of a statement decides its parameters and rows; whoever writes the text names their types.
    return known as unknown as Database.Statement<Parameters, Row>
  }
  const names = namesOf({ prepare })
  const tally = tallyOf({ prepare })
  const eventTally = eventTallyOf({ prepare })
  return {
    path,
    names,
    tally,
    eventTally,
    prepare,
    transaction: (work) => {
      prepare('BEGIN IMMEDIATE').run()
      try {
        const result = work()
        tally.flush()
        eventTally.flush()
        prepare('COMMIT').run()
        return result
      } catch (error) {
        if (database.inTransaction) prepare('ROLLBACK').run()
        names.reset()
        tally.reset()
        eventTally.reset()
        throw error
      }
    },
    close: () => database.close(),
  }
}
