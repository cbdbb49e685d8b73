import { MillraceError } from '../../error.ts'
import type { IngestPage, Member, StoredRecord } from '../../spec/store.ts'
import { joinHeld } from './held-consent.ts'
import { compareText } from './order.ts'
import { raiseRow } from './raise.ts'
import { findDelivery, inFlight, keyOf, putDelivery, removeDelivery } from './state.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

type Join = IngestPage['joins'][number]

/** Sets and forgets aliases. */
export const applyAliases = (state: MemoryState, aliases: IngestPage['aliases']): void => {
  for (const { identity, key, unit } of aliases) {
    if (unit === null) state.aliases.delete(keyOf(identity, key))
    else state.aliases.set(keyOf(identity, key), { identity, key, unit })
  }
}

/** The keys of one unit, in bytewise order. */
export const aliasKeysOf = (state: MemoryState, identity: string, unit: string): string[] =>
  [...state.aliases.values()]
    .filter((alias) => alias.identity === identity && alias.unit === unit)
    .map((alias) => alias.key)
    .toSorted(compareText)

/** Puts records under their units. Throws `store_unknown_record` for a record that was never stored. */
export const applyMembers = (state: MemoryState, page: IngestPage): void => {
  for (const { identity, unit, entity, id, role } of page.members) {
    const record = state.records.get(keyOf(page.source, entity, id))
    if (record !== undefined) state.members.set(keyOf(identity, record.rid), { identity, rid: record.rid, unit, role })
  }
}

/** Refuses members of records that are neither stored nor in the page. */
export const checkMembers = (state: MemoryState, page: IngestPage): void => {
  const inPage = new Set(page.records.map((record) => keyOf(page.source, record.entity, record.id)))
  for (const { entity, id } of page.members) {
    const key = keyOf(page.source, entity, id)
    if (inPage.has(key) || state.records.has(key)) continue
    throw new MillraceError({
      code: 'store_unknown_record',
      message: `A page of ${page.source} names a member of entity ${entity} that was never stored. Store the record in the same page or before.`,
      scope: 'batch',
    })
  }
}

/** Members of units in the order of `rid`: bodies for accounts and guests, facts for guests and orders. */
export const membersOf = (state: MemoryState, identity: string, units: readonly string[]): Member[][] => {
  const records = new Map<number, StoredRecord>(state.records.values().map((record) => [record.rid, record]))
  const members = Map.groupBy(
    state.members.values().filter((member) => member.identity === identity),
    (member) => member.unit,
  )
  return units.map((unit) =>
    (members.get(unit) ?? [])
      .toSorted((a, b) => a.rid - b.rid)
      .map(({ rid, role }) => ({
        role,
        record: role === 'order' ? null : (records.get(rid) ?? null),
        fact: role === 'account' ? null : (state.facts.get(rid) ?? null),
      })),
  )
}

/** Makes two units one person: members, aliases, waiting rows and deliveries of `from` become those of `into`. */
export const applyJoin = (state: MemoryState, join: Join, now: number): void => {
  const { identity, from, into } = join
  if (from === into) return
  for (const alias of state.aliases.values()) if (alias.identity === identity && alias.unit === from) alias.unit = into
  for (const member of state.members.values()) if (member.identity === identity && member.unit === from) member.unit = into
  const connections = new Set(join.connections)
  joinHeld(state, connections, from, into)
  for (const row of [...state.deliveries.values()].filter((each) => connections.has(each.connection))) {
    if (row.waitsFor?.unit === from) row.waitsFor = { ...row.waitsFor, unit: into }
    if (row.unit === from) moveRow(state, row, into, now)
  }
}

const moveRow = (state: MemoryState, row: DeliveryRow, into: string, now: number): void => {
  const other = findDelivery(state, row.connection, row.object, into)
  if (other === undefined) {
    rename(state, row, into)
    raiseAgain(row, row, now)
    return
  }
  // Both are at the vendor: the outcome of each still has to find its row.
  if (inFlight(row) && inFlight(other)) {
    raiseAgain(row, row, now)
    raiseAgain(other, row, now)
    return
  }
  const [kept, dropped] = inFlight(row) ? [row, other] : [other, row]
  const older = [row, other].filter((each) => each.remoteId !== null).toSorted((a, b) => a.did - b.did)[0]
  if (older !== undefined) {
    const { remoteId, objects, fingerprint, progress, origin } = older
    Object.assign(kept, { remoteId, objects, fingerprint, progress, origin })
  }
  kept.uncertain ||= dropped.uncertain
  removeDelivery(state, dropped)
  state.due.delete(dropped.did)
  rename(state, kept, into)
  raiseAgain(kept, row, now)
}

const rename = (state: MemoryState, row: DeliveryRow, unit: string): void => {
  removeDelivery(state, row)
  row.unit = unit
  putDelivery(state, row)
}

const raiseAgain = (row: DeliveryRow, from: DeliveryRow, now: number): void =>
  raiseRow(row, { cause: from.cause, priority: from.priority, held: row.state === 'held' || row.guarded }, now)
