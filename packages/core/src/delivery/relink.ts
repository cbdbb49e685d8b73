import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { fieldName } from '../contract/contract.ts'
import type { Found } from '../spec/destination.ts'
import type { Unlinked } from './adoption.ts'

/** What one drain has learned: objects of which the vendor holds none under our keys, so that the store is new and not lost. */
export type Keyless = Set<string>

/** Keys that are looked up first, to tell whether the rest is worth asking for. */
const probe = 100

/**
 * Finds objects that carry our own key although the store has no link to them: the store was lost, or is an old copy. Only units of a full read are looked up,
 * and only while that finds anything: a first backfill costs one request per object. Written without this, they would count as new.
 */
export const findByOwnKey = async (
  engine: Engine,
  connection: Connection,
  units: readonly Unlinked[],
  keyless: Keyless,
  signal: AbortSignal,
): Promise<Map<Unlinked, Found>> => {
  const relinked = new Map<Unlinked, Found>()
  const { destination } = connection
  const size = destination.limits.find ?? 100
  for (const [object, group] of Map.groupBy(units, (unit) => unit.object)) {
    const { findByKey, keyField } = connection.spec(object)
    const byKey = new Map(group.flatMap((unit) => (unit.backfill ? [[unit.key, unit] as const] : [])))
    const keys = [...byKey.keys()]
    if (findByKey !== true || keyless.has(object)) continue
    for (let start = 0, end = probe; start < keys.length && !keyless.has(object); start = end, end += size) {
      const query = { object, by: fieldName(keyField, connection.contract.prefix), values: keys.slice(start, end) }
      const hits = await destination.find?.(query, destinationContext(engine, connection, signal))
      for (const hit of hits ?? []) {
        const unit = byKey.get(hit.key)
        if (unit !== undefined) relinked.set(unit, hit)
      }
      if (start === 0 && relinked.size === 0) keyless.add(object)
    }
  }
  return relinked
}
