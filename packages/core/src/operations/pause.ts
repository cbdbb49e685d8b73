import type { PauseReport, RunReport } from '../api/report.ts'
import { probeNow } from '../delivery/breaker.ts'
import { auditedBy } from '../engine/audited.ts'
import { connectionNamed } from '../engine/connection-named.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { pausedConnections } from '../engine/paused.ts'
import type { Pause } from '../spec/operator.ts'

/** A pause as callers know it. */
export const toPauseReport = ({ connection, since, actor, reason }: Pause): PauseReport => ({
  connection,
  since: new Date(since).toISOString(),
  actor,
  reason,
})

/** Stops the deliveries of a connection; a batch in hand is finished. Needs no lease. Throws MillraceError `connection_unknown`. */
export const pause = async (engine: Engine, name: string, reason: string | undefined): Promise<PauseReport> => {
  const { name: connection } = connectionNamed(engine, name)
  const wanted: Pause = { connection, since: engine.clock.now(), actor: engine.actor, reason: reason ?? null }
  return toPauseReport(await engine.store.pause(wanted, auditedBy(engine, 'pause', connection)))
}

/** Lets them go on with the next pass, and has a destination that is down asked at once. Returns whether it was paused or stopped. Throws MillraceError `connection_unknown`. */
export const resume = async (engine: Engine, name: string): Promise<boolean> => {
  const { name: connection } = connectionNamed(engine, name)
  const resumed = await engine.store.resume(connection, engine.clock.now(), auditedBy(engine, 'resume', connection))
  return (await probeNow(engine, connection)) || resumed
}

/** Names the connections of a pass that are paused when it ends. */
export const reportPauses = async (engine: Engine, connections: readonly Connection[], report: RunReport): Promise<void> => {
  const paused = await pausedConnections(engine)
  for (const { name } of connections) {
    const held = paused.get(name)
    if (held === undefined) continue
    const { since, actor, reason } = toPauseReport(held)
    const why = reason === null ? '' : ` (${reason})`
    report.problems.push({
      code: 'connection_paused',
      message: `${name} is paused since ${since} by ${actor}${why}. Its records are kept; resume it to let them go.`,
      connection: name,
    })
  }
}
