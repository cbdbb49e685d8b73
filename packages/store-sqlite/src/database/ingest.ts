import type { IngestPage, IngestResult } from '@millrace/core'
import { putCursor } from './bookkeeping.ts'
import type { Connection } from './connection.ts'
import { applyCarts, applyEvents } from './events.ts'
import { applyJoin, joinedUnit } from './join.ts'
import { forgetNotices } from './notices.ts'
import { storeAliases, storeMembers } from './people.ts'
import { applyRaises } from './raise.ts'
import { storeRecords, unmoved } from './records.ts'
import { applyOffers, applyWatched } from './watched.ts'

const rejectSql = 'INSERT OR REPLACE INTO rejected (source, entity, id, version, problem, field, raw, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'

/** Applies a page as a whole, or nothing of it. */
export const ingest = (connection: Connection, page: IngestPage): IngestResult => {
  if (!unmoved(connection, page)) return { status: 'conflict' }
  const { names } = connection
  const changed = storeRecords(connection, page.source, page.records)
  for (const { entity, id, version, problem, field, raw } of page.rejected) {
    connection
      .prepare<unknown[]>(rejectSql)
      .run(names.put(page.source), names.put(entity), id, JSON.stringify(version), problem, field, raw, page.now)
  }
  storeAliases(connection, page.aliases)
  storeMembers(connection, page.source, page.members)
  for (const join of page.joins) applyJoin(connection, join, page.now)
  const raises =
    page.joins.length === 0
      ? page.raises
      : page.raises.map((raise) => ({ ...raise, unit: joinedUnit(page.joins, raise.connection, raise.unit) }))
  const raised = applyRaises(connection, raises, page.now) + applyEvents(connection, page)
  applyCarts(connection, page)
  applyWatched(connection, page)
  applyOffers(connection, page)
  if (page.cursor !== undefined) putCursor(connection, page.cursor)
  if (page.notices !== undefined) forgetNotices(connection, page.notices)
  return { status: 'applied', changed, raised }
}
