import type { Entity } from '../../model/record.ts'
import type { EngineState } from '../../spec/engine-state.ts'
import type { StoredExchange } from '../../spec/exchange.ts'
import type { AuditEntry, Pause } from '../../spec/operator.ts'
import type { Tombstone } from '../../spec/store-erasure.ts'
import type { NoticeRow } from './notices.ts'
import type {
  CartWatch,
  Cursor,
  Delivery,
  EventCount,
  HeldConsentRow,
  JournalEntry,
  MemberRole,
  OfferChange,
  OrderFact,
  RunRow,
  StoredEvent,
  StoredRecord,
  Watcher,
} from '../../spec/store.ts'

/** A delivery with the columns that only the store sees. `guarded` = the newest revision is a removal that must be held once the row is back. */
export interface DeliveryRow extends Delivery {
  sending: number | null
  uncertain: boolean
  guarded: boolean
  changedAt: number | null
}

/** A record that could not be understood. */
export interface RejectedRow {
  source: string
  entity: Entity
  id: string
  problem: string
  field: string | null
  at: number
}

/** Which unit a record belongs to under one identity. */
export interface MemberRow {
  identity: string
  rid: number
  unit: string
  role: MemberRole
}

/** Everything the memory store knows. Keys of the maps are made by {@link keyOf}. */
export interface MemoryState {
  lease: { token: string; holder: string } | undefined
  lastRid: number
  lastDid: number
  records: Map<string, StoredRecord>
  facts: Map<number, OrderFact>
  aliases: Map<string, { identity: string; key: string; unit: string }>
  members: Map<string, MemberRow>
  deliveries: Map<number, DeliveryRow>
  /** `did` by (connection, object, unit). */
  dids: Map<string, number>
  events: Map<string, StoredEvent>
  /** Keys of events that were held. */
  heldEvents: Set<string>
  carts: Map<string, CartWatch & { source: string }>
  watched: Map<string, Watcher & { source: string; sku: string }>
  offers: Map<string, OfferChange & { source: string }>
  rejected: Map<string, RejectedRow>
  cursors: Map<string, Cursor>
  /** The last fence by connection. */
  fences: Map<string, number>
  contracts: Map<string, { hash: string; body: string; since: number }>
  /** The oldest first. */
  contractVersions: { connection: string; hash: string; body: string; since: number; actor: string | null }[]
  runs: Map<string, RunRow>
  journal: JournalEntry[]
  exchanges: Map<number, StoredExchange>
  eventCounts: Map<string, EventCount>
  states: Map<string, EngineState>
  pauses: Map<string, Pause>
  audit: AuditEntry[]
  notices: Map<string, NoticeRow>
  /** How often a dead letter was replayed, by `did`: counts while revision and code stay. */
  replays: Map<number, { wanted: number; code: string | undefined; count: number }>
  /** When a row has to be looked at again though nothing changes, by `did`. */
  due: Map<number, number>
  /** By connection, unit, channel and target. */
  held: Map<string, HeldConsentRow & { connection: string }>
  /** How far the consent of a connection was read. */
  consentCursors: Map<string, string>
  tombstones: Map<string, Tombstone>
  erasureKey: string | undefined
}

/** One map key from several parts, without collisions. */
export const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts)

/** An empty store. */
export const emptyState = (): MemoryState => ({
  lease: undefined,
  lastRid: 0,
  lastDid: 0,
  records: new Map(),
  facts: new Map(),
  aliases: new Map(),
  members: new Map(),
  deliveries: new Map(),
  dids: new Map(),
  events: new Map(),
  heldEvents: new Set(),
  carts: new Map(),
  watched: new Map(),
  offers: new Map(),
  rejected: new Map(),
  cursors: new Map(),
  fences: new Map(),
  contracts: new Map(),
  contractVersions: [],
  runs: new Map(),
  journal: [],
  exchanges: new Map(),
  eventCounts: new Map(),
  states: new Map(),
  pauses: new Map(),
  audit: [],
  notices: new Map(),
  replays: new Map(),
  due: new Map(),
  held: new Map(),
  consentCursors: new Map(),
  tombstones: new Map(),
  erasureKey: undefined,
})

/** The row of (connection, object, unit). */
export const findDelivery = (state: MemoryState, connection: string, object: string, unit: string): DeliveryRow | undefined => {
  const did = state.dids.get(keyOf(connection, object, unit))
  return did === undefined ? undefined : state.deliveries.get(did)
}

/** Keeps a row. */
export const putDelivery = (state: MemoryState, row: DeliveryRow): void => {
  state.deliveries.set(row.did, row)
  state.dids.set(keyOf(row.connection, row.object, row.unit), row.did)
}

/** Forgets a row. */
export const removeDelivery = (state: MemoryState, row: DeliveryRow): void => {
  state.deliveries.delete(row.did)
  state.dids.delete(keyOf(row.connection, row.object, row.unit))
}

/** Whether the row is at the vendor, or on its way there. */
export const inFlight = (row: DeliveryRow): boolean => row.state === 'sending' || row.state === 'pending'
