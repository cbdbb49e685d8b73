import type { RoutedCounts } from '../../api/report.ts'
import type { Connection } from '../../engine/connection.ts'
import type { Engine } from '../../engine/engine.ts'
import { walkUnits, type UnitVerdict } from './walk-units.ts'

/** Counts by object. */
export type RoutedByObject = Record<string, RoutedCounts>

const places: Readonly<Record<string, keyof RoutedCounts>> = {
  outside_route: 'outsideRoute',
  not_included: 'notIncluded',
  left_scope: 'leaving',
  leaves_scope: 'leaving',
}

const countUp = (counts: RoutedByObject, { object, outcome }: UnitVerdict): void => {
  const sums = (counts[object] ??= { taken: 0, outsideRoute: 0, notIncluded: 0, leaving: 0 })
  sums[typeof outcome === 'object' ? (places[outcome.code] ?? 'taken') : 'taken'] += 1
}

/** How many of the units that the store knows the contract of the config takes; undefined for contracts that ask for nothing. */
export const countRouted = async (engine: Engine, connection: Connection, signal: AbortSignal): Promise<RoutedByObject | undefined> => {
  const { route, include } = connection.contract
  if (route === undefined && include === undefined) return undefined
  const counts: RoutedByObject = {}
  for await (const verdicts of walkUnits(engine, connection, signal)) for (const verdict of verdicts) countUp(counts, verdict)
  return counts
}
