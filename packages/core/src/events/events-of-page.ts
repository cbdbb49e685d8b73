import type { Engine } from '../engine/engine.ts'
import type { CommerceEvent } from '../model/event.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import type { Cause } from '../spec/destination.ts'
import type { Assignment } from '../identity/assign-people.ts'
import type { IngestEvent, IngestPage } from '../spec/store.ts'
import { canBeLeft } from './cart-events.ts'
import { deriveEvents } from './derive-events.ts'
import { offerChanges } from './offer-changes.ts'
import { anybodyTakes, ingestEvent, takes } from './raise-events.ts'
import { recoveredCarts } from './recovered-carts.ts'
import { watchesGoods } from './tell-watchers.ts'

/** A changed record of a page, with what it was before. `seen` = it was stored before, even where its content is gone. */
export interface ChangedRecord {
  entity: Entity
  id: string
  record: CommerceRecord | undefined
  before: CommerceRecord | undefined
  seen: boolean
  /** The one that it was compared with. */
  revision: number
  /** The source's own stamp, epoch ms. */
  modifiedAt: number
}

const unreadMs = 24 * 60 * 60_000

/**
 * From when on a record of a kind that we have never seen is new in the shop, by the source's clock: what was there when everything was read up to then would have
 * been seen. Where nothing was ever read, only what is a day old at most.
 */
const newSince = async (engine: Engine, source: string, entity: Entity): Promise<number> => {
  const delta = await engine.store.cursor(source, entity, 'delta')
  return delta?.high == null ? engine.clock.now() - unreadMs : delta.high - (engine.sources.get(source)?.overlapMs ?? 0)
}

/** What a page tells of events, of carts to be watched, and of watched goods. Nothing is derived that no connection takes. */
export const eventsOfPage = async (
  engine: Engine,
  changed: readonly ChangedRecord[],
  assignments: ReadonlyMap<string, Assignment>,
  { source, cause }: { source: string; cause: Cause },
): Promise<Required<Pick<IngestPage, 'events' | 'carts' | 'watched' | 'offers'>>> => {
  const connections = [...engine.connections.values()]
  const watched = watchedLists(changed)
  if (!connections.some((connection) => connection.objectsOf('event').length > 0)) return { events: [], carts: [], watched, offers: [] }
  const events: IngestEvent[] = []
  const placed: CommerceEvent[] = []
  const since = new Map<Entity, number>()
  for (const { entity, record, before, seen, modifiedAt } of changed) {
    if (record === undefined) continue
    const derived = deriveEvents(before, record, engine.eventEvidence)
    if (derived.length === 0) continue
    let told = false
    if (before === undefined) {
      const from = since.get(entity) ?? (await newSince(engine, source, entity))
      since.set(entity, from)
      told = seen || cause === 'backfill' || Date.parse(record.createdAt) < from
    }
    if (!told) placed.push(...derived.filter(({ type }) => type === 'order.placed'))
    for (const event of derived) {
      if (connections.some((connection) => takes(connection, event.type)))
        events.push(ingestEvent(connections, source, event, { cause, told, ...(cause === 'backfill' ? {} : { changedAt: modifiedAt }) }))
    }
  }
  events.push(...(await recoveredCarts(engine, source, placed, assignments, cause)))
  const offers = watchesGoods(engine, source) ? offerChanges(changed, engine.clock.now()) : []
  return { events, carts: watchedCarts(engine, changed, cause), watched, offers }
}

/** What accounts have on their lists. Kept though nobody is told of it yet: who asks for it later does not have to read the lists again. */
const watchedLists = (changed: readonly ChangedRecord[]): NonNullable<IngestPage['watched']> =>
  changed.flatMap(({ entity, id, record }) => {
    if (entity !== 'shopping-list') return []
    const list = record?.entity === 'shopping-list' ? record : undefined
    const { customerId, items = [] } = list ?? {}
    if (customerId === undefined) return [{ list: id, customer: '', items: [] }]
    return [
      {
        list: id,
        customer: customerId,
        items: items.flatMap(({ sku, addedAt }) => (sku === undefined ? [] : [{ sku, since: Date.parse(addedAt) }])),
      },
    ]
  })

/**
 * A cart that was touched counts as left after the idle time. In a backfill only where that lies ahead still: nobody is reminded of what was left before there was
 * anybody to remind.
 */
const watchedCarts = (engine: Engine, changed: readonly ChangedRecord[], cause: Cause): NonNullable<IngestPage['carts']> => {
  if (!anybodyTakes(engine.connections.values(), 'cart.abandoned')) return []
  return changed.flatMap(({ entity, id, record }) => {
    if (entity !== 'cart') return []
    const dueAt = record?.entity === 'cart' && canBeLeft(record) ? Date.parse(record.modifiedAt) + engine.cartIdleMs : null
    return [{ id, dueAt: dueAt !== null && cause === 'backfill' && dueAt <= engine.clock.now() ? null : dueAt }]
  })
}
