import type { ContractDiff, ContractObjectDiff } from '../../api/contract-report.ts'
import type { Connection } from '../../engine/connection.ts'
import type { Engine } from '../../engine/engine.ts'
import { walkUnits } from './walk-units.ts'

const defaultExamples = 20

/**
 * Which records and fields the contract of the config would change at the destination, compared with what was settled last: what a pass would send, without
 * sending it. Names only, since values are data of people.
 */
export const contractDiff = async (
  engine: Engine,
  connection: Connection,
  signal: AbortSignal,
  examples: number = defaultExamples,
): Promise<ContractDiff> => {
  const stored = await engine.store.contract(connection.name)
  const objects: Record<string, ContractObjectDiff> = {}
  const diff: ContractDiff = { connection: connection.name, from: stored?.hash ?? null, to: connection.contractHash, objects, examples: [] }
  for await (const verdicts of walkUnits(engine, connection, signal)) {
    for (const { object, unit, outcome, fields } of verdicts) {
      const sums = (objects[object] ??= { records: 0, changed: 0, unchanged: 0, archived: 0, fields: {}, notSent: {} })
      sums.records += 1
      if (typeof outcome === 'object') sums.notSent[outcome.code] = (sums.notSent[outcome.code] ?? 0) + 1
      else sums[outcome] += 1
      if (outcome !== 'changed') continue
      for (const field of fields) sums.fields[field] = (sums.fields[field] ?? 0) + 1
      if (diff.examples.length < examples) diff.examples.push({ object, unit, fields })
    }
  }
  const counts = await engine.store.counts(connection.name)
  for (const { object, count } of counts) {
    if (Object.hasOwn(connection.contract.objects, object)) continue
    const sums = (objects[object] ??= { records: 0, changed: 0, unchanged: 0, archived: 0, fields: {}, notSent: {} })
    sums.records += count
    sums.notSent['object_dropped'] = (sums.notSent['object_dropped'] ?? 0) + count
  }
  return diff
}
