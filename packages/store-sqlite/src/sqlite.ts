import type { Store } from '@millrace/core'
import { resolve } from 'node:path'
import { startClient } from './client.ts'
import { storeOver } from './store-over.ts'

/** Settings of {@link sqlite}. */
export interface SqliteOptions {
  /** The database file; relative to the working directory. It and its directory are made when they are missing. */
  path: string
}

/**
 * The embedded store: one SQLite file, written by a worker thread. Nothing is opened before the first command. Commands throw MillraceError with the codes
 * `store_in_use`, `lease_lost`, `store_closed`, `store_corrupt`, `store_read_only`, `store_full`, `store_busy`, `store_unreachable`, `store_schema_newer`,
 * `store_unknown_record`, `store_failed`, `store_worker_died` and `node_too_old`.
 */
export const sqlite = (options: SqliteOptions): Store => storeOver(startClient(resolve(options.path)))
