import type { EstimateReport } from '../api/report.ts'
import { recordUnitKind } from '../routing/units.ts'
import type { Connection } from '../engine/connection.ts'
import { sourceContext, type Engine } from '../engine/engine.ts'
import type { Entity } from '../model/record.ts'

/** Bytes that one record takes in the store, body and rows: the demo's store over its records. */
const bytesPerRecord = 6_000

/** When the adapter does not say: a hundred units a call, one call at a time at 300 ms. */
const unitsPerCall = 100
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
  for (const [name, connection] of engine.connections) report.connections[name] = estimateConnection(connection, byEntity)
  return report
}

const estimateConnection = (connection: Connection, byEntity: ReadonlyMap<Entity, number>): EstimateReport['connections'][string] => {
  const units: Record<string, number> = {}
  for (const [entity, records] of byEntity) {
    const kind = entity === 'customer' ? 'person' : recordUnitKind(entity)
    for (const object of kind === undefined ? [] : connection.objectsOf(kind)) units[object] = records
  }
  const told = connection.destination.estimate?.(units)
  const callsOf = (object: string, records: number): number => told?.calls[object] ?? Math.ceil(records / unitsPerCall)
  const objects = Object.fromEntries(
    Object.entries(units).map(([object, records]) => [object, { records, calls: callsOf(object, records) }]),
  )
  const calls = Object.values(objects).reduce((sum, object) => sum + object.calls, 0)
  const perDay = told?.perDay ?? null
  return { objects, calls, minutes: calls / (told?.perMinute ?? callsPerMinute), share: perDay === null ? null : calls / perDay }
}
