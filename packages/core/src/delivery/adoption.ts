import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { foldEmail } from '../identity/email.ts'
import type { Candidate, FieldValue, Found } from '../spec/destination.ts'
import type { Problem } from '../spec/store.ts'
import { findByOwnKey, type Keyless } from './relink.ts'

/** A unit that has no link to the vendor yet. */
export interface Unlinked {
  object: string
  key: string
  ownKeys: readonly string[]
  fields: Readonly<Record<string, FieldValue>>
  /** From a full read: a store that was lost brings units that the vendor knows under our own key. */
  backfill: boolean
}

/** Takes over an object, or says why that must be decided by a person. */
export type Adoption =
  | { adopt: { remoteId: string; remoteKey?: string; fields: Readonly<Record<string, FieldValue>> } }
  | { conflict: Problem }

/** Whose the candidate is: nobody's and ours can be taken over, another's cannot. */
export const judgeCandidates = (
  unit: Pick<Unlinked, 'key' | 'ownKeys' | 'object'>,
  candidates: readonly Candidate[],
): { candidate: Candidate } | { conflict: Problem } => {
  const ids = [...new Set(candidates.map((candidate) => candidate.remoteId))]
  const [candidate] = candidates
  if (candidate === undefined || ids.length > 1) {
    return {
      conflict: identityConflict(unit, `matches ${ids.length} objects at the destination (${ids.join(', ')})`, {
        candidates: ids.join(','),
      }),
    }
  }
  const key = candidate.key
  if (key === '' || key === unit.key || (key !== undefined && unit.ownKeys.includes(key))) return { candidate }
  const whose = key === undefined ? 'whose key could not be read' : `which belongs to ${key}`
  return {
    conflict: identityConflict(unit, `matches object ${candidate.remoteId} at the destination, ${whose}`, {
      candidates: candidate.remoteId,
    }),
  }
}

const identityConflict = (unit: Pick<Unlinked, 'key' | 'object'>, what: string, context: Record<string, string>): Problem => ({
  code: 'identity_conflict',
  message: `${unit.object} ${unit.key} ${what}. Merge or separate them at the destination or the source, then replay.`,
  context: { ...context, key: unit.key },
})

/**
 * Looks for objects that the vendor already has, by our own key and by the fields that the adapter names, in as few calls as its limits allow. One hit that is
 * nobody's is adopted; one hit that carries a key of this very person is linked again (a store that was lost); anything else is an `identity_conflict`.
 */
export const findAdoptions = async (
  engine: Engine,
  connection: Connection,
  units: readonly Unlinked[],
  keyless: Keyless,
  signal: AbortSignal,
): Promise<Map<Unlinked, Adoption>> => {
  const adoptions = new Map<Unlinked, Adoption>()
  const { destination } = connection
  if (destination.find === undefined) return adoptions
  const taken = new Set<string>()
  for (const [unit, hit] of await findByOwnKey(engine, connection, units, keyless, signal)) adoptions.set(unit, adopt(unit, [hit], taken))
  const byObject = Map.groupBy(units, (unit) => unit.object)
  for (const [object, group] of byObject) {
    for (const by of connection.spec(object).adoptBy ?? []) {
      const open = group.filter((unit) => !adoptions.has(unit) && foldedValue(unit, by) !== undefined)
      const values = [...new Set(open.flatMap((unit) => foldedValue(unit, by) ?? []))]
      const found = new Map<string, Found[]>()
      const size = destination.limits.find ?? 100
      for (let start = 0; start < values.length; start += size) {
        const query = { object, by, values: values.slice(start, start + size) }
        for (const hit of await destination.find(query, destinationContext(engine, connection, signal))) {
          found.set(hit.value, [...(found.get(hit.value) ?? []), hit])
        }
      }
      for (const unit of open) {
        const hits = found.get(foldedValue(unit, by) ?? '') ?? []
        if (hits.length > 0) adoptions.set(unit, adopt(unit, hits, taken))
      }
    }
  }
  return adoptions
}

const adopt = (unit: Unlinked, hits: readonly Found[], taken: Set<string>): Adoption => {
  const verdict = judgeCandidates(unit, hits)
  if ('conflict' in verdict) return verdict
  const { remoteId } = verdict.candidate
  const [hit] = hits
  if (taken.has(remoteId)) {
    return {
      conflict: identityConflict(unit, `matches object ${remoteId} at the destination, which another record has just taken`, {
        candidates: remoteId,
      }),
    }
  }
  taken.add(remoteId)
  const key = verdict.candidate.key
  return { adopt: { remoteId, fields: hit?.fields ?? {}, ...(key === undefined || key === '' ? {} : { remoteKey: key }) } }
}

const foldedValue = (unit: Unlinked, field: string): string | undefined => {
  const value = unit.fields[field]
  if (typeof value !== 'string' || value === '') return undefined
  return value.includes('@') ? foldEmail(value) : value.trim().toLowerCase()
}
