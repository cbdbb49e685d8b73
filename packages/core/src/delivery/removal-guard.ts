import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'

/** Removals beyond this many, or this share of a connection's links, wait for a person (design §7.12). */
const alwaysAllowed = 10
const allowedShare = 0.05

const linkedResults = new Set(['created', 'updated', 'unchanged'])

/** Lets a handful of removals out; holds more, until they are accepted by name and count. Returns how many stay held. */
export const guardRemovals = async (engine: Engine, connection: Connection, token: string): Promise<number> => {
  // Events that were told are no links.
  const told = new Set(connection.objectsOf('event'))
  const counts = (await engine.store.counts(connection.name)).filter(({ object }) => !told.has(object))
  const sum = (rows: typeof counts): number => rows.reduce((total, row) => total + row.count, 0)
  const held = sum(counts.filter((row) => row.state === 'held'))
  // While a connection only observes they stay together, so that going live meets all of them.
  if (held === 0 || connection.mode === 'observe') return held
  const links = sum(counts.filter((row) => row.state === 'held' || (row.result !== null && linkedResults.has(row.result))))
  if (held <= Math.max(alwaysAllowed, links * allowedShare)) {
    await engine.store.releaseHeld(token, connection.name, engine.clock.now())
    return 0
  }
  engine.emitter.emit('removals.held', { connection: connection.name, count: held, links })
  return held
}
