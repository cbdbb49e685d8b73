import type { EstimateReport } from '../api/report.ts'
import { sourceContext, type Engine } from '../engine/engine.ts'
import type { Entity } from '../model/record.ts'
import { recordUnitKind } from '../delivery/units.ts'

/** Bytes that one record takes in the store, body and rows; measured with `bench/store.ts`. */
const bytesPerRecord = 2_500

/** Vendor calls a minute when nothing else is known: one at a time, 300 ms each. */
const callsPerMinute = 200

/** What a backfill would cost. Sources that cannot count say `null`, and nothing is guessed for them. */
export const estimate = async (engine: Engine, signal: AbortSignal, since?: number): Promise<EstimateReport> => {
  const report: EstimateReport = { sources: {}, connections: {}, diskBytes: 0 }
  const byEntity = new Map<Entity, number>()
  for (const [name, source] of engine.sources) {
    const counts: EstimateReport['sources'][string] = {}
    for (const entity of source.entities) {
      const records = (await source.count?.(entity, since, sourceContext(engine, signal))) ?? null
      counts[entity] = { records }
      byEntity.set(entity, (byEntity.get(entity) ?? 0) + (records ?? 0))
      report.diskBytes += (records ?? 0) * bytesPerRecord
    }
    report.sources[name] = counts
  }
  for (const [name, connection] of engine.connections) {
    const objects: Record<string, { records: number; calls: number }> = {}
    for (const [entity, records] of byEntity) {
      for (const object of connection.objectsOf(recordUnitKind(entity) ?? 'person')) {
        objects[object] = { records, calls: connection.destination.estimateCalls?.(object, records) ?? Math.ceil(records / 100) }
      }
    }
    const calls = Object.values(objects).reduce((sum, object) => sum + object.calls, 0)
    report.connections[name] = { objects, calls, minutes: Math.ceil(calls / callsPerMinute), share: null }
  }
  return report
}
