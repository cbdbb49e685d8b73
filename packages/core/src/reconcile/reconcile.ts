import type { BeyondThreshold, ReconcileOptions, ReconcileReport } from '../api/reconcile-report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Connection } from '../engine/connection.ts'
import { connectionNamed } from '../engine/connection-named.ts'
import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { isCalendarDate } from '../mapping/calendar.ts'
import { isTimeZone, zonedDate } from '../mapping/zoned-date.ts'
import { noteCompared } from '../operations/compared.ts'
import { reconcileConnection, type Reconciled } from './reconcile-connection.ts'

const invalid = (message: string): MillraceError => new MillraceError({ code: 'option_invalid', message, scope: 'destination' })

const yesterday = (now: number): string => new Date(now - 86_400_000).toISOString().slice(0, 10)

const chosen = (engine: Engine, names: ReconcileOptions['connection']): Connection[] =>
  names === undefined ? [...engine.connections.values()] : [names].flat().map((name) => connectionNamed(engine, name))

/**
 * Compares totals at the source with totals at every destination, day by day, and names each order that does not agree. Reads only; with `repair`, orders that are
 * missing or differ are made ready, so that the next pass sends them whole.
 *
 * @throws MillraceError `option_invalid` or `connection_unknown`, or what a destination throws when it cannot be read.
 */
export const reconcile = async (
  engine: Engine,
  options: ReconcileOptions,
  signal: AbortSignal,
  command: (work: (token: string) => Promise<number>) => Promise<number>,
): Promise<ReconcileReport> => {
  const { from = yesterday(engine.clock.now()), basis = 'paid', thresholdPercent = 0.5, foreign = 'all' } = options
  const { to = from } = options
  for (const [name, day] of Object.entries({ from, to }))
    if (!isCalendarDate(day)) throw invalid(`${name}: "${day}" is no day; write it like 2026-03-01.`)
  if (to < from) throw invalid(`to: ${to} is before ${from}; swap them.`)
  if (!(thresholdPercent >= 0)) throw invalid('thresholdPercent must be 0 or more.')
  if (options.timeZone !== undefined && !isTimeZone(options.timeZone))
    throw invalid(`timeZone: "${options.timeZone}" is no time zone; write it like "Europe/Berlin".`)
  const connections: ReconcileReport['connections'] = {}
  for (const connection of chosen(engine, options.connection)) {
    const timeZone = options.timeZone ?? connection.contract.timeZone ?? 'UTC'
    const period = { basis, from, to, dayOf: zonedDate(timeZone) }
    const result = await reconcileConnection(engine, connection, { period, timeZone, thresholdPercent, foreign, signal })
    const repaired = options.repair === true ? await repair(engine, connection, result, command) : 0
    connections[connection.name] = { ...result.report, repaired }
  }
  const verdicts = Object.entries(connections).flatMap(([connection, { status, beyond }]) =>
    status === 'not-comparable' ? [] : [{ connection, message: status === 'agrees' ? null : beyondText(from, to, beyond) }],
  )
  await noteCompared(engine, 'reconcile', verdicts)
  const ok = Object.values(connections).every(({ status }) => status !== 'differs')
  return { from, to, basis, thresholdPercent, ok, connections }
}

const beyondText = (from: string, to: string, beyond: readonly BeyondThreshold[]): string => {
  const what = [...new Set(beyond.map((each) => each.what))].join(', ')
  return `Totals from ${from} to ${to} deviate beyond the threshold (${what}). Look with \`millrace reconcile --from ${from} --to ${to}\`.`
}

/** A replay sends an order whole, also where nothing of it changed here. Orders that were never raised are brought by `sync --only order:ID`. */
const repair = async (
  engine: Engine,
  connection: Connection,
  { object, repairable }: Reconciled,
  command: (work: (token: string) => Promise<number>) => Promise<number>,
): Promise<number> => {
  if (object === null || repairable.length === 0) return 0
  const dids: number[] = []
  for (const unit of repairable) {
    const [row] = await engine.store.deliveries({ connection: connection.name, object, unit }, { afterDid: 0, limit: 1 })
    if (row !== undefined) dids.push(row.did)
  }
  if (dids.length === 0) return 0
  const audited = auditedBy(engine, 'replay', connection.name, { reason: 'reconcile', orders: dids.length })
  return await command((token) => engine.store.requeue(token, { connection: connection.name, dids }, 'replay', engine.clock.now(), audited))
}
