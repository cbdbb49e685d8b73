import type { Engine } from '../engine/engine.ts'
import type { Customer } from '../model/customer.ts'
import type { Product } from '../model/catalog.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import type { ShoppingList } from '../model/shopping-list.ts'
import type { IngestPage, OfferChange, Watcher } from '../spec/store.ts'
import type { ChangedOffer } from './offer-changes.ts'
import { anybodyTakes, ingestEvent, takes } from './raise-events.ts'
import { lastCurrencies, watchedEvents } from './watched-goods.ts'

/** A change that is older, while nobody looked, is no news. */
const lateMs = 7 * 24 * 60 * 60_000
const offersAtOnce = 100
const watchersAtOnce = 500

/** Whether some connection is told of goods that accounts of a source watch. */
export const watchesGoods = (engine: Engine, source: string): boolean =>
  engine.sources.get(source)?.entities.includes('shopping-list') === true &&
  anybodyTakes(engine.connections.values(), 'price.dropped', 'product.back-in-stock')

/**
 * Tells everybody who watched goods when their offer changed what that means for them. Only of changes up to which the lists of the source are read (by its clock): who watched
 * them then is known. Called in every pass after it has read; a source of which lists were never read whole tells nothing.
 */
export const tellWatchers = async (engine: Engine, token: string, signal: AbortSignal): Promise<void> => {
  for (const source of engine.sources.keys()) {
    const upTo = watchesGoods(engine, source) ? (await engine.store.cursor(source, 'shopping-list', 'delta'))?.high : undefined
    if (upTo == null) continue
    for (let more = true; more;) {
      signal.throwIfAborted()
      // In the same turn, so that nobody is told of a list that changed in between.
      more = await engine.ingestInTurn(() => tellSome(engine, source, upTo, token))
    }
  }
}

/** Tells some watchers, and keeps how far it came in the same transaction. False when there is nothing left to tell. */
const tellSome = async (engine: Engine, source: string, upTo: number, token: string): Promise<boolean> => {
  const due = await engine.store.dueOffers({ source, upTo, limit: offersAtOnce })
  if (due.length === 0) return false
  const page: Required<Pick<IngestPage, 'events' | 'offers'>> = { events: [], offers: [] }
  let looked = 0
  for (const offer of due) {
    // Written by `offerChanges`.
    const change = JSON.parse(offer.body) as ChangedOffer
    const limit = watchersAtOnce - looked
    const query = { source, sku: change.sku, upTo: offer.at, after: offer.position, limit }
    const watching = upTo - offer.at > lateMs ? [] : await engine.store.watchers(query)
    looked += watching.length
    page.events.push(...(await eventsFor(engine, source, change, offer, watching)))
    const last = watching.length < limit ? undefined : watching.at(-1)
    page.offers.push(last === undefined ? { id: offer.id, body: null } : { ...offer, position: last.customer })
    if (looked >= watchersAtOnce) break
  }
  const empty = { records: [], aliases: [], joins: [], members: [], raises: [], rejected: [] }
  await engine.store.ingest({ token, source, ...empty, ...page, now: engine.clock.now() })
  return true
}

const eventsFor = async (
  engine: Engine,
  source: string,
  change: ChangedOffer,
  { at }: OfferChange,
  watching: readonly Watcher[],
): Promise<IngestPage['events'] & object> => {
  // What somebody added last comes first: a purchase before that does not count.
  const latest = new Map<string, Watcher>()
  for (const watcher of watching) if (!latest.has(watcher.customer)) latest.set(watcher.customer, watcher)
  if (latest.size === 0) return []
  const [product] = await livingRecords<Product>(engine, source, 'product', [change.product])
  if (product === undefined || !product.published) return []
  const watchers = [...latest.values()]
  const ids = [...latest.keys()]
  const customers = await livingRecords<Customer>(engine, source, 'customer', ids)
  const lists = await livingRecords<ShoppingList>(
    engine,
    source,
    'shopping-list',
    watchers.map(({ list }) => list),
  )
  const currencies = await lastCurrencies(engine, source, ids)
  const connections = [...engine.connections.values()]
  return watchers.flatMap(({ customer: id, since }, index) => {
    const [customer, list] = [customers[index], lists[index]]
    if (customer === undefined || list === undefined) return []
    return (
      watchedEvents(change, at, product, { customer, list, since, currency: currencies.get(id) })
        .filter(({ type }) => connections.some((connection) => takes(connection, type)))
        // Its way is not measured beside those of orders and carts: the polls of products and lists decide how late it is.
        .map((event) => ingestEvent(connections, source, event, { cause: 'due', told: false }))
    )
  })
}

/** Records of one kind that are there, in the order of their ids. */
const livingRecords = async <Kind extends CommerceRecord>(
  engine: Engine,
  source: string,
  entity: Kind['entity'] & Entity,
  ids: readonly string[],
): Promise<(Kind | undefined)[]> =>
  (await engine.store.records(ids.map((id) => ({ source, entity, id })))).map((stored) =>
    // Records are found by their kind; the body was checked against the schema when it was stored.
    stored?.body == null || stored.deletedAt !== null ? undefined : (JSON.parse(stored.body) as Kind),
  )
