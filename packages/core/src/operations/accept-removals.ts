import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'

/** Releases held removals when their number is still the one that was looked at. Throws MillraceError `removals_changed`. */
export const acceptRemovals = async (engine: Engine, token: string, connection: string, count: number): Promise<number> => {
  const counts = await engine.store.counts(connection)
  const held = counts.filter((row) => row.state === 'held').reduce((sum, row) => sum + row.count, 0)
  if (held !== count) {
    throw new MillraceError({
      code: 'removals_changed',
      message: `${connection} holds ${held} removals now, not ${count}. Look again (status), then accept that number.`,
      scope: 'destination',
    })
  }
  return await engine.store.releaseHeld(token, connection, engine.clock.now(), auditedBy(engine, 'accept-removals', connection))
}
