import type { ReconciledConnection, ReconcileOptions } from '../api/reconcile-report.ts'
import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { unitRecord } from '../routing/units.ts'
import { ordersOfPeriod, withLinks, type ExpectedOrder } from './collect-orders.ts'
import { startComparison, type Stranger } from './comparison.ts'
import { comparableObject, type ComparableObject } from './remote-fields.ts'
import { remoteOrder, type RemoteOrder } from './remote-order.ts'
import type { Period } from './source-order.ts'
import { beyondThreshold } from './sums.ts'

type Options = Required<Pick<ReconcileOptions, 'thresholdPercent' | 'foreign'>> & { period: Period; timeZone: string; signal: AbortSignal }

/** What one connection comes to, and the units that a repair would send again. */
export interface Reconciled {
  report: ReconciledConnection
  object: string | null
  repairable: string[]
}

/** Compares the orders of a period that the store holds with those that the destination lists. Memory: the orders of the period. */
export const reconcileConnection = async (engine: Engine, connection: Connection, options: Options): Promise<Reconciled> => {
  const { period, signal } = options
  const comparable = comparableObject(connection)
  const base = { object: comparable?.object ?? null, timeZone: options.timeZone, groups: [], utcGroups: [], findings: [], beyond: [] }
  if (comparable === undefined || connection.destination.list === undefined)
    return { report: { ...base, status: 'not-comparable', inFlight: [], leftOut: {}, repaired: 0 }, object: null, repairable: [] }

  const expected = new Map<string, ExpectedOrder>()
  for await (const page of ordersOfPeriod(engine, connection, comparable, period, signal))
    for (const order of page) expected.set(order.unit, order)
  const comparison = startComparison(comparable, period, expected)
  const query = { object: comparable.object, fields: comparable.fields, foreign: options.foreign !== 'none' }
  for await (const page of connection.destination.list(query, destinationContext(engine, connection, signal))) {
    signal.throwIfAborted()
    const orders = page.map((listed) => remoteOrder(listed, comparable, period))
    const strangers = await beyondPeriod(engine, connection, comparable, period, orders, expected)
    for (const order of orders) comparison.meet(order, strangers)
  }
  const { findings, sums, inFlight, leftOut, repairable } = comparison.finish(options.foreign === 'all')
  const groups = sums.groups('day')
  const beyond = beyondThreshold(groups, findings, options.thresholdPercent)
  return {
    report: {
      ...base,
      status: beyond.length === 0 ? 'agrees' : 'differs',
      groups,
      utcGroups: sums.groups('utcDay'),
      findings,
      beyond,
      inFlight,
      leftOut,
      repaired: 0,
    },
    object: comparable.object,
    repairable,
  }
}

/** Orders that the destination puts into the period and the source does not: what the store holds of them, null for keys that it does not know. */
const beyondPeriod = async (
  engine: Engine,
  connection: Connection,
  comparable: ComparableObject,
  period: Period,
  orders: readonly RemoteOrder[],
  expected: ReadonlyMap<string, ExpectedOrder>,
): Promise<Map<string, Stranger>> => {
  const units = orders.flatMap(({ key, counted }) =>
    key === '' || counted === undefined || expected.has(`order:${key}`) ? [] : [`order:${key}`],
  )
  // Keys of sources that the connection does not take are another connection's.
  const own = units
    .map((unit) => ({ unit, ref: unitRecord('order', unit) }))
    .filter(({ ref }) => engine.sources.has(ref.source) && connection.admission.takesSource(ref.source))
  const stored = await engine.store.records(own.map(({ ref }) => ref))
  const known = await withLinks(
    engine,
    connection,
    comparable,
    stored.filter((record) => record !== undefined),
    period,
  )
  const byUnit = new Map(known.map((order) => [order.unit, order]))
  return new Map(own.map(({ unit }, index) => [unit, byUnit.get(unit) ?? (stored[index] === undefined ? null : 'deleted')] as const))
}
