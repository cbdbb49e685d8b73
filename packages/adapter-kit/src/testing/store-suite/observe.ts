import type {
  AuditEntry,
  CartWatch,
  Claimed,
  Cursor,
  Delivery,
  DeliveryCounts,
  EngineState,
  EventCount,
  HeldConsent,
  JournalEntry,
  Latency,
  Member,
  OfferChange,
  OpenTicket,
  Pause,
  RecordRef,
  RunRow,
  Store,
  StoredEvent,
  StoredRecord,
  Watcher,
} from '@millrace/core'

/** Names that are asked for in {@link observe}. */
export interface Vocabulary {
  identities: readonly string[]
  connections: readonly string[]
  units: readonly string[]
  keys: readonly string[]
  events: readonly string[]
  subjects: readonly string[]
  remoteIds: readonly string[]
  refs: readonly RecordRef[]
}

/** Everything that a store lets others see. */
export interface Observation {
  records: (StoredRecord | undefined)[]
  events: (StoredEvent | undefined)[]
  about: StoredEvent[]
  carts: CartWatch[]
  watchers: Watcher[]
  offers: OfferChange[]
  aliases: (string | undefined)[][]
  aliasKeys: string[][][]
  members: Member[][][]
  deliveries: Delivery[]
  counts: DeliveryCounts[]
  nextAt: (number | undefined)[]
  tickets: Claimed[][]
  openTickets: OpenTicket[][]
  journal: JournalEntry[]
  held: HeldConsent[][][]
  consentCursors: (string | undefined)[]
  remoteUnits: (string | undefined)[][]
  rejected: Awaited<ReturnType<Store['rejected']>>
  cursors: (Cursor | undefined)[]
  runs: RunRow[]
  latencies: Latency[][]
  eventCounts: EventCount[]
  states: EngineState[]
  pauses: Pause[]
  audit: AuditEntry[]
}

/** Reads all of a small store. */
export const observe = async (store: Store, words: Vocabulary): Promise<Observation> => ({
  records: await store.records(words.refs),
  events: await store.events(words.events.map((id) => ({ source: 'shop', id }))),
  about: await store.eventsAbout({ subjects: words.subjects, types: ['order.placed'], since: 1 }),
  carts: await store.dueCarts({ source: 'shop', upTo: 2000, limit: 2 }),
  watchers: await store.watchers({ source: 'shop', sku: 's', upTo: 2000, after: null, limit: 4 }),
  offers: await store.dueOffers({ source: 'shop', upTo: 2000, limit: 2 }),
  aliases: await Promise.all(words.identities.map((identity) => store.aliases(identity, words.keys))),
  aliasKeys: await Promise.all(words.identities.map((identity) => store.aliasKeys(identity, words.units))),
  members: await Promise.all(words.identities.map((identity) => store.members(identity, words.units))),
  deliveries: await store.deliveries({}, { afterDid: 0, limit: 10_000 }),
  counts: await store.counts(),
  nextAt: await Promise.all(words.connections.map((connection) => store.nextAt(connection))),
  tickets: await Promise.all(words.connections.map((connection) => store.tickets(connection, Number.MAX_SAFE_INTEGER, 1000))),
  openTickets: await Promise.all(words.connections.map((connection) => store.openTickets(connection))),
  journal: await store.journal({ limit: 10_000 }),
  held: await Promise.all(words.connections.map((connection) => store.heldConsent(connection, words.units))),
  consentCursors: await Promise.all(words.connections.map((connection) => store.consentCursor(connection))),
  remoteUnits: await Promise.all(words.connections.map((connection) => store.unitsByRemoteId(connection, words.remoteIds))),
  rejected: await store.rejected(1000),
  cursors: await Promise.all(words.refs.map((ref) => store.cursor(ref.source, ref.entity, 'delta'))),
  runs: await store.runs(100),
  latencies: await Promise.all(words.connections.map((connection) => store.latencies(connection, 100))),
  eventCounts: await store.eventCounts(0),
  states: await store.states(),
  pauses: await store.pauses(),
  audit: await store.auditLog(10_000),
})
