import Database from 'better-sqlite3'

/** A lock that the operating system takes back the moment the process ends. */
export interface FileLock {
  release(): void
}

/**
 * Takes the lock of a database: an exclusive transaction held open on a second, empty database file. Unlike a row it cannot outlive a killed process, and
 * unlike a bare file lock it is also refused to a second instance in this process. Undefined when somebody else has it after `waitMs`.
 */
export const takeLock = (path: string, waitMs: number): FileLock | undefined => {
  const holder = new Database(`${path}-lock`, { timeout: waitMs })
  try {
    holder.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    holder.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
  return { release: () => holder.close() }
}
