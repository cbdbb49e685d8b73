import { addConsent } from '../consent/add-consent.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { publicKey } from '../identity/person-keys.ts'
import type { Consent } from '../model/consent.ts'
import type { CommerceRecord } from '../model/record.ts'
import type { EventFact } from '../spec/destination.ts'
import { nextChange } from '../signals/next-change.ts'
import { needsOrders } from '../signals/uses.ts'
import type { Claimed, Member, OrderFact, Problem, Settlement, StoredRecord } from '../spec/store.ts'
import { guestProfile } from '../views/guest-profile.ts'
import { liveFacts, personView, type PersonMember } from '../views/person-view.ts'
import { recordView } from '../views/record-view.ts'
import type { View } from '../views/view.ts'
import { hydrate } from './hydrate.ts'
import { scheduleChanges } from './schedule-changes.ts'
import { recordKey, recordUnit, unitRecord, type RecordUnitKind } from '../routing/units.ts'

/** What a claimed unit looks like now. `view: undefined` = there is nothing to map, for the reason in `missing`. */
export interface Loaded {
  claimed: Claimed
  key: string
  /** Every key that the person is known by; empty for other units. */
  ownKeys: string[]
  record: CommerceRecord | undefined
  /** Units of the companies that the record or person belongs to. */
  companies: string[]
  view: View | undefined
  deleted: boolean
  missing: 'unknown' | 'erased' | undefined
  /** When a signal changes by itself, epoch ms. */
  changesAt?: number
  /** Of people: what they allowed, as all members say, and every e-mail that they stand under. */
  consents?: readonly Consent[]
  emails?: readonly string[]
  /** Why it could not be loaded at all: it concerns this unit only. */
  problem?: Problem
  /** Of an event: what it tells, and the unit of the person it is about. */
  event?: EventFact
  person?: string
  /** How it is settled whatever it looks like. */
  settle?: Settlement
}

/** The record in a stored body. */
export const parseRecord = (record: StoredRecord | null | undefined): CommerceRecord | undefined =>
  // The body was checked against the schema when it was stored.
  record?.body == null ? undefined : (JSON.parse(record.body) as CommerceRecord)

/** Loads records or members of claimed units of one kind (events: `loadEvents`) and builds their views. Without a token nothing is written: accounts that were never read stay unknown. */
export const loadViews = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Loaded[]> => {
  const kind = claimed[0]?.kind
  if (kind === undefined || kind === 'event') return []
  const now = engine.clock.now()
  const loaded =
    kind === 'person' || kind === 'consent'
      ? await addConsent(engine, connection, await loadPeople(engine, connection, claimed, token, now, signal), token)
      : await loadRecords(engine, connection, kind, claimed)
  if (token !== undefined) await scheduleChanges(engine, connection, token, loaded, now)
  return loaded
}

const loadRecords = async (
  engine: Engine,
  connection: Connection,
  kind: RecordUnitKind,
  claimed: readonly Claimed[],
): Promise<Loaded[]> => {
  const refs = claimed.map((row) => unitRecord(kind, row.unit))
  const stored = await engine.store.records(refs)
  return claimed.map((row, index) => {
    const record = parseRecord(stored[index])
    const key = recordKey(row.unit)
    const deletedAt = stored[index]?.deletedAt ?? null
    const source = refs[index]?.source ?? ''
    const companies = companyIds(record).map((id) => recordUnit('company', source, id))
    const base = { claimed: row, key, ownKeys: [], record, companies, deleted: deletedAt !== null }
    if (record === undefined) return { ...base, view: undefined, missing: stored[index] === undefined ? 'unknown' : 'erased' }
    return {
      ...base,
      missing: undefined,
      ...viewed(() =>
        recordView(record, { key, historical: row.origin === 'backfill', deletedAt, source, signals: connection.contract.signals ?? {} }),
      ),
    }
  })
}

/** One record costs one record, also where it finds a hole in the views. The text of the fault may hold its data. */
const viewed = (build: () => View): { view: View | undefined; problem?: Problem } => {
  try {
    return { view: build() }
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : 'unknown error'
    return {
      view: undefined,
      problem: { code: 'value_invalid', message: `The record could not be understood (${name}). Report it with the record's content.` },
    }
  }
}

const companyIds = (record: CommerceRecord | undefined): string[] => {
  if (record?.entity === 'customer') return record.companyIds
  const id = record?.entity === 'order' ? record.companyId : record?.entity === 'company' ? record.parentId : undefined
  return id === undefined ? [] : [id]
}

/** An account of a source that the connection does not take is not fetched for it. */
const accountIsTaken =
  (takesSource: (source: string) => boolean) =>
  (unit: string): boolean =>
    takesSource(unit.split(':')[1] ?? '')

const isProfile = (member: Member): boolean => member.role !== 'order' && member.record?.body != null

/** Members as the view of a person takes them; `orders` = the records of orders by {@link orderKey}, where signals need more of them than the facts. */
export const personMembers = (members: readonly Member[], orders: ReadonlyMap<string, CommerceRecord> = new Map()): PersonMember[] =>
  members.map((member) => ({
    role: member.role,
    record: parseRecord(member.record) ?? (member.fact === null ? null : (orders.get(orderKey(member.fact)) ?? null)),
    fact: member.fact,
    rid: member.record?.rid ?? 0,
    deletedAt: member.record?.deletedAt ?? null,
    ...(member.record === null ? {} : { source: member.record.source }),
  }))

const loadPeople = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<Loaded[]> => {
  const units = claimed.map((row) => row.unit)
  const { takesSource } = connection.admission
  // What other connections take of a person is no business of this one.
  const readMembers = async (): Promise<Member[][]> => {
    const all = await engine.store.members(connection.identity, units)
    return all.map((group) => group.filter(({ record, fact }) => takesSource(record?.source ?? fact?.source ?? '')))
  }
  let members = await readMembers()
  const unknown = units.filter((_, index) => !(members[index] ?? []).some(isProfile))
  const refused =
    token === undefined ? new Map<string, Problem>() : await hydrate(engine, unknown.filter(accountIsTaken(takesSource)), token, signal)
  if (unknown.length > 0) members = await readMembers()
  const keys = await engine.store.aliasKeys(connection.identity, units)
  const orders = needsOrders(connection.contract.signals ?? {}) ? await ordersOf(engine, members.flat()) : new Map<string, CommerceRecord>()
  const timed = connection.timedSignals(claimed[0]?.object ?? '')
  return claimed.map((row, index) => {
    const people = personMembers(members[index] ?? [], orders)
    const profiles = people.filter((member) => member.role !== 'order' && member.record !== null)
    const key = personKey(row.unit, people, keys[index] ?? [])
    const companies = (members[index] ?? []).flatMap(({ record }) =>
      companyIds(parseRecord(record)).map((id) => recordUnit('company', record?.source ?? '', id)),
    )
    const base = {
      claimed: row,
      key,
      ownKeys: (keys[index] ?? []).map(publicKey),
      record: undefined,
      companies: [...new Set(companies)].toSorted(),
      ...allowances(profiles),
    }
    const problem = refused.get(row.unit)
    if (problem !== undefined) return { ...base, view: undefined, deleted: false, missing: undefined, problem }
    if (profiles.length === 0) return { ...base, view: undefined, deleted: false, missing: 'unknown' }
    const deleted = profiles.every((member) => member.deletedAt !== null)
    const { signals = {}, locales } = connection.contract
    const context = { key, historical: row.origin === 'backfill', now, signals, locales }
    const changesAt = nextChange(liveFacts(people), timed, { now, rules: signals })
    return {
      ...base,
      deleted,
      missing: undefined,
      ...(changesAt === undefined ? {} : { changesAt }),
      ...viewed(() => personView(people, context)),
    }
  })
}

const orderKey = ({ source, orderId }: OrderFact): string => recordUnit('order', source, orderId)

/** The orders of accounts, whose members are facts only. Deleted ones are evidence of nothing. */
const ordersOf = async (engine: Engine, members: readonly Member[]): Promise<Map<string, CommerceRecord>> => {
  const facts = members.flatMap(({ role, fact }) => (role === 'order' && fact !== null ? [fact] : []))
  const stored = await engine.store.records(facts.map(({ source, orderId }) => ({ source, entity: 'order' as const, id: orderId })))
  return new Map(
    facts.flatMap((fact, index) => {
      const record = stored[index]?.deletedAt === null ? parseRecord(stored[index]) : undefined
      return record === undefined ? [] : [[orderKey(fact), record] as const]
    }),
  )
}

/** What a person allowed. Who is deleted at the source takes nothing back that was denied, and grants nothing any more. */
const allowances = (profiles: readonly PersonMember[]): Required<Pick<Loaded, 'consents' | 'emails'>> => {
  const living = profiles.flatMap(({ record, deletedAt }) => {
    const customer = record?.entity === 'order' ? guestProfile(record) : record?.entity === 'customer' ? record : undefined
    return customer === undefined ? [] : [{ customer, deleted: deletedAt !== null }]
  })
  return {
    consents: living.flatMap(({ customer, deleted }) => customer.consents.filter(({ status }) => !deleted || status === 'denied')),
    emails: [...new Set(living.flatMap(({ customer }) => customer.email ?? []))],
  }
}

/** The key by which the vendor knows a person: the oldest account, else the guest's e-mail hash, whatever arrived first here. */
export const personKey = (unit: string, people: readonly PersonMember[], keys: readonly string[]): string => {
  const accounts = people.flatMap(({ record }) => (record?.entity === 'customer' ? [record] : []))
  const oldest = accounts.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1))[0]
  const account =
    oldest === undefined ? undefined : keys.filter((key) => key.startsWith('customer:')).find((key) => key.endsWith(`:${oldest.id}`))
  return publicKey(account ?? [...keys].toSorted()[0] ?? unit)
}
