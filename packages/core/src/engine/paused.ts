import type { Pause } from '../spec/operator.ts'
import type { Engine } from './engine.ts'

/** Pauses of this engine's connections, by name. Read anew each time: another process may pause and resume beside a running engine. */
export const pausedConnections = async (engine: Engine): Promise<ReadonlyMap<string, Pause>> => {
  const pauses = await engine.store.pauses()
  return new Map(pauses.filter(({ connection }) => engine.connections.has(connection)).map((pause) => [pause.connection, pause]))
}
