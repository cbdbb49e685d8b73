import type { Fault } from '../protocol.ts'

/** An error that the store means: its code and message cross the thread as they are. */
export class StoreFault extends Error {
  readonly fault: Fault

  constructor(code: string, message: string, context: Fault['context'] = {}) {
    super(message)
    this.name = 'StoreFault'
    this.fault = { code, message, retryable: false, context }
  }
}

interface Known {
  code: string
  says: (path: string) => string
  retryable?: boolean
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) by what a person can do about them. */
const known: Readonly<Record<string, Known>> = {
  SQLITE_CORRUPT: {
    code: 'store_corrupt',
    says: (path) =>
      `${path} is damaged. Stop every process that uses it and put back a backup, or delete it and run a backfill: what the destinations hold is found again by its keys.`,
  },
  SQLITE_NOTADB: {
    code: 'store_corrupt',
    says: (path) => `${path} is not an SQLite database. Name another path, or move that file away.`,
  },
  SQLITE_READONLY: {
    code: 'store_read_only',
    says: (path) => `${path} cannot be written. Give this user write access to the file, its -wal and -shm files and its directory.`,
  },
  EACCES: {
    code: 'store_read_only',
    says: (path) => `The directory of ${path} cannot be made or written. Give this user write access to it, or name another path.`,
  },
  EROFS: {
    code: 'store_read_only',
    says: (path) => `The directory of ${path} is on a read-only file system. Name a path that can be written.`,
  },
  SQLITE_FULL: {
    code: 'store_full',
    says: (path) => `The disk of ${path} is full. Nothing of the last command was stored. Free some space and start again.`,
  },
  SQLITE_BUSY: {
    code: 'store_busy',
    says: (path) => `${path} is locked by another process for longer than 5 seconds. End what holds it open, then try again.`,
    retryable: true,
  },
  SQLITE_CANTOPEN: {
    code: 'store_unreachable',
    says: (path) => `${path} cannot be opened. It must name a file, not a directory, that this user may read and write.`,
  },
  ENOTDIR: {
    code: 'store_unreachable',
    says: (path) => `${path} cannot be opened: a part of the path is a file, not a directory.`,
  },
  EEXIST: {
    code: 'store_unreachable',
    says: (path) => `${path} cannot be opened: a part of the path is a file, not a directory.`,
  },
  SQLITE_IOERR: {
    code: 'store_unreachable',
    says: (path) => `Reading or writing ${path} failed. Check the disk and its free space; the file must lie on a local disk.`,
  },
}

/** What is told to the caller about any error that a command threw. */
export const toFault = (error: unknown, path: string): Fault => {
  if (error instanceof StoreFault) return error.fault
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  const entry = known[code] ?? known[code.split('_').slice(0, 2).join('_')]
  const context = { path, ...(code === '' ? {} : { reason: code }) }
  if (entry !== undefined) return { code: entry.code, message: entry.says(path), retryable: entry.retryable ?? false, context }
  return { code: 'store_failed', message: `A command on ${path} failed and changed nothing: ${message}.`, retryable: false, context }
}
