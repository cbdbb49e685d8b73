import type Database from 'better-sqlite3'
import { StoreFault } from './fault.ts'
import { takeLock } from './lock.ts'
import { migrations } from './schema.ts'

/** Brings a database to the newest schema. Throws `store_schema_newer` for a file of a newer Millrace, `store_in_use` while an engine runs on an older one. */
export const migrate = (database: Database.Database, path: string, steps: readonly string[] = migrations, waitMs = 5000): void => {
  if (versionOf(database, path, steps) === steps.length) return
  const lock = takeLock(path, waitMs)
  if (lock === undefined) {
    throw new StoreFault(
      'store_in_use',
      `${path} has to be brought to a newer schema, but an engine is using it. Stop that engine, then try again.`,
      { path },
    )
  }
  try {
    database.exec('BEGIN IMMEDIATE')
    // Another process may have done it meanwhile.
    for (const step of steps.slice(versionOf(database, path, steps))) database.exec(step)
    database.pragma(`user_version = ${steps.length}`)
    database.exec('COMMIT')
  } finally {
    if (database.inTransaction) database.exec('ROLLBACK')
    lock.release()
  }
}

const versionOf = (database: Database.Database, path: string, steps: readonly string[]): number => {
  const version = Number(database.pragma('user_version', { simple: true }))
  const foreign = version === 0 && database.prepare('SELECT 1 FROM sqlite_master').get() !== undefined
  if (foreign) throw new StoreFault('store_unreachable', `${path} is a database of another program. Name another path.`, { path })
  if (version <= steps.length) return version
  throw new StoreFault(
    'store_schema_newer',
    `${path} was written by a newer Millrace (schema ${version}, this one knows ${steps.length}). Update Millrace, or name another path.`,
    { path, schema: version, known: steps.length },
  )
}
