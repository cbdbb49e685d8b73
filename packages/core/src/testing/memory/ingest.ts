import type { IngestPage, IngestResult } from '../../spec/store.ts'
import { applyCarts, applyEvents } from './events.ts'
import { forgetNotices } from './notices.ts'
import { applyAliases, applyJoin, applyMembers, checkMembers } from './people.ts'
import { applyRaises } from './raise.ts'
import { applyRecord, lastOfEach, unmoved } from './records.ts'
import { keyOf } from './state.ts'
import type { MemoryState } from './state.ts'
import { applyOffers, applyWatched } from './watched.ts'

/** Applies a page as a whole, or nothing of it. */
export const applyPage = (state: MemoryState, page: IngestPage): IngestResult => {
  if (!unmoved(state, page)) return { status: 'conflict' }
  checkMembers(state, page)
  const changed = lastOfEach(page.records).filter((record) => applyRecord(state, page.source, record)).length
  for (const { entity, id, problem, field } of page.rejected) {
    state.rejected.set(keyOf(page.source, entity, id), { source: page.source, entity, id, problem, field, at: page.now })
  }
  applyAliases(state, page.aliases)
  applyMembers(state, page)
  for (const join of page.joins) applyJoin(state, join, page.now)
  const raised = applyRaises(
    state,
    page.raises.map((raise) => ({ ...raise, unit: joinedUnit(page.joins, raise.connection, raise.unit) })),
    page.now,
  )
  const told = applyEvents(state, page)
  applyCarts(state, page)
  applyWatched(state, page)
  applyOffers(state, page)
  if (page.cursor !== undefined) state.cursors.set(keyOf(page.cursor.source, page.cursor.entity, page.cursor.mode), page.cursor)
  forgetNotices(state, page.notices ?? [])
  return { status: 'applied', changed, raised: raised + told }
}

/** The name that a unit bears after the joins of the page. */
const joinedUnit = (joins: IngestPage['joins'], connection: string, unit: string): string =>
  joins.reduce((name, join) => (join.from === name && join.connections.includes(connection) ? join.into : name), unit)
