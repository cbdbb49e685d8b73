import type { CheckReport } from '../api/report.ts'
import { destinationContext, sourceContext, type Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'
import { credentialFindings, noteCredentials } from './credentials.ts'
import { ownIntervals, scheduleFindings, type PassIntervals } from './freshness.ts'
import { watchesGoods } from '../events/tell-watchers.ts'
import type { CheckFinding } from '../spec/check.ts'

/** Asks every source and destination what is wrong, without writing there. `intervals` = also whether this schedule is fast enough. What they throw becomes a finding. */
export const check = async (engine: Engine, signal: AbortSignal, intervals?: PassIntervals | 'schedule'): Promise<CheckReport> => {
  const report: CheckReport = { ok: true, sources: {}, connections: {} }
  for (const [name, source] of engine.sources) {
    const found = await findings(`sources.${name}`, () => source.check(sourceContext(engine, signal)))
    report.sources[name] = [...found, ...listFindings(engine, name)]
  }
  for (const [name, connection] of engine.connections) {
    report.connections[name] = await findings(
      `connections.${name}`,
      async () => (await connection.destination.check?.(destinationContext(engine, connection, signal), 'full')) ?? [],
    )
  }
  const seen = await noteCredentials(engine)
  const now = engine.clock.now()
  for (const [name, found] of Object.entries(report.sources)) found.push(...credentialFindings(seen, `source:${name}`, now))
  const schedule = intervals === undefined ? {} : scheduleFindings(engine, intervals === 'schedule' ? ownIntervals(engine) : intervals)
  for (const [name, found] of Object.entries(report.connections)) {
    found.push(...credentialFindings(seen, `connection:${name}`, now), ...(schedule[name] ?? []))
  }
  const all = [...Object.values(report.sources), ...Object.values(report.connections)].flat()
  return { ...report, ok: all.every((finding) => finding.level !== 'error') }
}

/** Lists are read for what is told of them, and for nothing else. */
const listFindings = (engine: Engine, source: string): CheckFinding[] => {
  if (engine.sources.get(source)?.entities.includes('shopping-list') !== true || watchesGoods(engine, source)) return []
  const message = 'Shopping lists are read, but no connection is told of price drops or of goods that are back in stock.'
  const cure = 'Switch on events at a destination whose contract has `price.dropped` or `product.back-in-stock`, or name no lists.'
  return [{ level: 'warning', code: 'watched_goods_untold', message, cure }]
}

/** Settings are named by their whole path, whether the adapter knows its name in the config or not. */
const findings = async (where: string, ask: () => Promise<CheckFinding[]>): Promise<CheckFinding[]> => {
  try {
    return (await ask()).map((finding) =>
      finding.setting === undefined || finding.setting.startsWith(where) ? finding : { ...finding, setting: `${where}.${finding.setting}` },
    )
  } catch (thrown) {
    if (isMillraceError(thrown)) return [{ level: 'error', code: thrown.code, message: thrown.message }]
    throw thrown
  }
}
