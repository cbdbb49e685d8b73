import type { Store } from '@millrace/core'
import type { Client } from './client.ts'
import { headsOf, refColumns } from './head-columns.ts'

/** The store's methods as commands of a client. */
export const storeOver = ({ call, close }: Client): Store => ({
  specificationVersion: 'v1',
  acquire: (holder) => call('acquire', holder),
  release: (token) => call('release', token),
  heads: async (refs) => headsOf(refs, await call('headColumns', refColumns(refs))),
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
})
