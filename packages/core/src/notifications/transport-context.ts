import type { Engine } from '../engine/engine.ts'
import type { TransportContext } from '../spec/notification.ts'

/** What a transport is called with. */
export const transportContext = (engine: Engine, signal: AbortSignal): TransportContext => ({
  clock: engine.clock,
  logger: engine.logger,
  signal,
})
