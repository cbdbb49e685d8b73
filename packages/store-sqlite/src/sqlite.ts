import type { Store } from '@millrace/core'
import { resolve } from 'node:path'
import { startClient } from './client.ts'

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
export const sqlite = (options: SqliteOptions): Store => {
  const { call, close } = startClient(resolve(options.path))
  return {
    specificationVersion: 'v1',
    acquire: (holder) => call('acquire', holder),
    release: (token) => call('release', token),
    heads: (refs) => call('heads', refs),
    records: (refs) => call('records', refs),
    scan: (query) => call('scan', query),
    aliases: (identity, keys) => call('aliases', identity, keys),
    aliasKeys: (identity, units) => call('aliasKeys', identity, units),
    ingest: (page) => call('ingest', page),
    raise: (token, raises, now) => call('raise', token, raises, now),
    claim: (request) => call('claim', request),
    members: (identity, units) => call('members', identity, units),
    links: (connection, wanted) => call('links', connection, wanted),
    settle: (token, run, settlements, now) => call('settle', token, run, settlements, now),
    tickets: (connection, now, limit) => call('tickets', connection, now, limit),
    nextAt: (connection) => call('nextAt', connection),
    releaseHeld: (token, connection, now) => call('releaseHeld', token, connection, now),
    requeue: (token, filter, cause, now) => call('requeue', token, filter, cause, now),
    discard: (token, filter, now) => call('discard', token, filter, now),
    deliveries: (filter, page) => call('deliveries', filter, page),
    counts: (connection) => call('counts', connection),
    rejected: (limit) => call('rejected', limit),
    journal: (filter) => call('journal', filter),
    cursor: (source, entity, mode) => call('cursor', source, entity, mode),
    putCursor: (token, cursor) => call('putCursor', token, cursor),
    putRun: (token, run) => call('putRun', token, run),
    runs: (limit) => call('runs', limit),
    contract: (connection) => call('contract', connection),
    putContract: (token, connection, contract, now) => call('putContract', token, connection, contract, now),
    close,
  }
}
