import { oncePerRow, raiseOrders, raisePerson, route } from '../routing/route.ts'
import { sharingIdentity, sourceContext, type Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { withoutErased } from '../erasure/without-erased.ts'
import { eventsOfPage } from '../events/events-of-page.ts'
import { watchesGoods } from '../events/tell-watchers.ts'
import { introduce, introductionsOf } from '../events/visitors.ts'
import { assignPeople, type Assignment } from '../identity/assign-people.ts'
import type { Change } from '../model/change.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import { orderFact } from '../signals/order-fact.ts'
import type { Cause } from '../spec/destination.ts'
import type { Cursor, IngestPage, IngestRecord, NoticeRef, OrderFact, Raise } from '../spec/store.ts'
import { selectChanges, type Selected } from './select-changes.ts'

/** What came of a page. */
export interface Ingested {
  read: number
  changed: number
  rejected: number
}

/** Where a page comes from and what it means. Deletions found by comparison are held for the removal guard. */
export interface IngestOptions {
  token: string
  source: string
  cause: Cause
  cursor?: Cursor
  /** Notices that the page answers. */
  notices?: readonly NoticeRef[]
  signal: AbortSignal
}

const attempts = 5

/**
 * Takes one page in: compares, assigns people, routes, and stores everything with the cursor in one transaction. When a record moved on between comparing
 * and storing, the page is compared again. Throws MillraceError `ingest_conflict` when that does not settle.
 */
export const ingestChanges = (engine: Engine, changes: readonly Change[], options: IngestOptions): Promise<Ingested> =>
  engine.ingestInTurn(() => ingestPage(engine, changes, options))

const ingestPage = async (engine: Engine, changes: readonly Change[], options: IngestOptions): Promise<Ingested> => {
  const source = engine.sources.get(options.source)
  if (source === undefined) throw new TypeError(`There is no source named ${options.source}`)
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const selection = await withoutErased(
      engine,
      options.source,
      await selectChanges(
        { store: engine.store, source, sourceName: options.source, context: sourceContext(engine, options.signal) },
        changes,
      ),
    )
    const now = engine.clock.now()
    const changed = await withBodiesBefore(engine, selection.changed, options.source)
    const page: IngestPage = {
      token: options.token,
      source: options.source,
      records: [...selection.touched.map(touch), ...changed.map((item) => change(item, options.source, now))],
      rejected: selection.rejected,
      ...(await peopleAndRaises(engine, changed, options)),
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
      ...(options.notices === undefined ? {} : { notices: options.notices }),
      now,
    }
    const counts = { read: changes.length, changed: selection.changed.length, rejected: selection.rejected.length }
    if (isEmpty(page)) return counts
    const result = await engine.store.ingest(page)
    if (result.status === 'applied') return counts
  }
  throw new MillraceError({
    code: 'ingest_conflict',
    message: `A page of ${options.source} could not be stored: its records kept changing under it. Check that only one engine writes to the store, then run again.`,
    retryable: true,
    scope: 'batch',
  })
}

const isEmpty = (page: IngestPage): boolean =>
  page.records.length + page.rejected.length + page.raises.length + page.members.length === 0 &&
  page.cursor === undefined &&
  page.notices === undefined

const touch = (item: Selected): IngestRecord => ({
  id: item.id,
  entity: item.entity,
  baseRevision: item.head?.revision ?? 0,
  version: item.version,
  modifiedAt: item.modifiedAt,
  contentHash: item.contentHash,
})

const change = (item: Changed, source: string, now: number): IngestRecord => ({
  ...touch(item),
  ...(item.body === undefined ? {} : { body: item.body }),
  deletedAt: item.deleted ? now : null,
  ...factOf(item, source),
})

/** A deleted order no longer counts for its buyer. */
const factOf = ({ deleted, record, before }: Changed, source: string): { fact?: OrderFact } => {
  const order = record ?? before
  if (order?.entity !== 'order') return {}
  const fact = orderFact(order, source)
  return { fact: deleted ? { ...fact, cancelled: true } : fact }
}

const peopleAndRaises = async (
  engine: Engine,
  changed: readonly Changed[],
  options: IngestOptions,
): Promise<Pick<IngestPage, 'aliases' | 'joins' | 'members' | 'raises' | 'events' | 'carts' | 'watched' | 'offers'>> => {
  const present = changed.flatMap((item) => {
    const record = item.record ?? item.before
    return record === undefined ? [] : [{ item, record }]
  })
  const result: Pick<IngestPage, 'aliases' | 'joins' | 'members' | 'raises'> = { aliases: [], joins: [], members: [], raises: [] }
  const raises: Raise[] = []
  const assignments = new Map<string, Assignment>()
  for (const connection of engine.connections.values()) {
    let assignment = assignments.get(connection.identity)
    if (assignment === undefined) {
      const people = present.map(({ item, record }) => ({ entity: item.entity, id: item.id, record, before: item.before }))
      assignment = await assignPeople(engine.store, connection.identity, connection.rules, options.source, people)
      assignments.set(connection.identity, assignment)
      result.aliases.push(...assignment.aliases)
      result.members.push(...assignment.members)
      result.joins.push(...assignment.joins.map((join) => ({ ...join, connections: sharingIdentity(engine, connection) })))
    }
    // Orders of two who turn out to be one may have gone out without him: one of them was perhaps nobody whom the destination could hold.
    const joined = [...new Set(assignment.joins.flatMap(({ from, into }) => [from, into]))]
    if (joined.length > 0) raises.push(...raiseOrders(connection, (await engine.store.members(connection.identity, joined)).flat()))
    for (const unit of assignment.left) raises.push(...raisePerson(connection, unit, 'signals'))
    for (const { item, record } of present) {
      const person = assignment.people.get(`${item.entity}:${item.id}`)
      const cause = item.deleted ? 'removal' : options.cause
      // What was there before us is not late, however old it is.
      const measured = cause === 'backfill' || cause === 'removal' ? {} : { changedAt: item.modifiedAt }
      const raised = route(connection, { record, source: options.source, person, cause, held: item.deleted })
      raises.push(...raised.map((raise) => ({ ...raise, ...measured })))
    }
  }
  const visitors = await introduce(
    engine,
    options.source,
    introductionsOf(
      engine,
      options.source,
      changed.map(({ record }) => record),
    ),
  )
  result.aliases.push(...visitors.aliases)
  result.raises = oncePerRow([...raises, ...visitors.raises])
  const seen = changed.map((item) => ({ ...item, seen: item.head !== undefined, revision: item.head?.revision ?? 0 }))
  return { ...result, ...(await eventsOfPage(engine, seen, assignments, options)) }
}

/**
 * A changed record with what it was before, where that matters: accounts, orders and carts, which may have had another owner and tell events by what is new in them,
 * products that somebody may watch, and whatever was deleted and has no body of its own.
 */
interface Changed extends Selected {
  before: CommerceRecord | undefined
}

const withBodiesBefore = async (engine: Engine, changed: readonly Selected[], source: string): Promise<Changed[]> => {
  const telling = new Set<Entity>(['customer', 'order', 'cart', ...(watchesGoods(engine, source) ? (['product'] as const) : [])])
  const wanted = changed.filter((item) => item.head !== undefined && (item.deleted || telling.has(item.entity)))
  const stored = wanted.length === 0 ? [] : await engine.store.records(wanted.map(({ entity, id }) => ({ source, entity, id })))
  const before = new Map(wanted.map((item, index) => [item, stored[index]?.body]))
  return changed.map((item) => {
    const body = before.get(item)
    // The body was checked against the schema when it was stored.
    return { ...item, before: body == null ? undefined : (JSON.parse(body) as CommerceRecord) }
  })
}
