import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { foldEmail } from '../identity/email.ts'
import type { SharedField } from '../mapping/compile.ts'
import type { FieldValue, ReadObject } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { shortHash, type Fingerprint } from './fingerprint.ts'
import { isBlankValue } from './ownership.ts'

/** A unit whose object is at the vendor, and of which shared fields may have to be written. */
export interface SharedUnit {
  remoteId: string
  key: string
  view: View
  fields: Readonly<Record<string, FieldValue>>
  settled: Fingerprint | undefined
}

const atOnce = 100

/** A value as it is compared across systems: vendors hand out texts and fold e-mails. */
const comparable = (value: FieldValue | undefined): string => {
  const text = Array.isArray(value) ? value.join(';') : String(value ?? '').trim()
  return text.includes('@') ? (foldEmail(text) ?? text) : text
}

/** When the source last changed the unit, epoch ms: the newest that its value can be. */
const changedAt = ({ modifiedAt }: View): number => (typeof modifiedAt === 'string' ? Date.parse(modifiedAt) : Number.NaN)

/**
 * Whether the source's value of a shared field is the one that counts. A blank loses; a destination that still holds what we wrote has no opinion; a verified value
 * beats an unverified one; else the newer counts. A value of the destination without a time stays: nobody can say that it is older.
 */
export const sourceWins = (field: SharedField, unit: SharedUnit, remote: ReadObject, now: number): boolean => {
  const ours = unit.fields[field.name]
  const theirs = remote.fields[field.name]
  if (isBlankValue(ours)) return false
  if (isBlankValue(theirs) || comparable(ours) === comparable(theirs)) return true
  if (theirs !== undefined && unit.settled?.fields[field.name] === shortHash(theirs)) return true
  const verifiedHere = field.isVerified(unit.view, now)
  const verifiedThere =
    field.verifiedField !== undefined && ['true', 'yes', '1'].includes(comparable(remote.fields[field.verifiedField]).toLowerCase())
  if (verifiedHere !== verifiedThere) return verifiedHere
  const at = remote.times?.[field.name]
  return at !== undefined && changedAt(unit.view) > at
}

/**
 * Asks the destination for the shared fields of units that may be written, and tells which of them stay as they are there. Objects that are gone hold nothing:
 * everything is written. A first write asks nothing.
 */
export const lostShared = async (
  engine: Engine,
  connection: Connection,
  object: string,
  units: readonly SharedUnit[],
  signal: AbortSignal,
): Promise<Map<SharedUnit, ReadonlySet<string>>> => {
  const lost = new Map<SharedUnit, ReadonlySet<string>>()
  const shared = connection.mapping.shared(object)
  const { destination } = connection
  if (shared.length === 0 || destination.read === undefined) return lost
  const names = [...new Set(shared.flatMap(({ name, verifiedField }) => (verifiedField === undefined ? [name] : [name, verifiedField])))]
  const open = units.filter(({ fields, settled }) =>
    shared.some(({ name }) => name in fields && settled?.fields[name] !== shortHash(fields[name] ?? null)),
  )
  const now = engine.clock.now()
  for (let start = 0; start < open.length; start += atOnce) {
    const page = open.slice(start, start + atOnce)
    const query = { object, remoteIds: page.map(({ remoteId }) => remoteId), fields: names }
    const found = await destination.read(query, destinationContext(engine, connection, signal))
    // An object that was merged meanwhile answers with another id.
    const byId = new Map(found.map((item) => [item.remoteId, item]))
    const byKey = new Map(found.flatMap((item) => (item.key === '' ? [] : [[item.key, item]])))
    for (const unit of page) {
      const remote = byId.get(unit.remoteId) ?? byKey.get(unit.key)
      if (remote === undefined) continue
      lost.set(unit, new Set(shared.flatMap((field) => (sourceWins(field, unit, remote, now) ? [] : [field.name]))))
    }
  }
  return lost
}
