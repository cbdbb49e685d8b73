import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'
import { acceptPayloads } from './accept-payloads.ts'
import type { Endpoint } from './endpoint.ts'
import { transportContext } from './transport-context.ts'

const longestPauseMs = 60_000

/**
 * Takes notifications from every queue of the config until the signal is aborted: each is acknowledged when it is kept durably. A queue that cannot be read is
 * opened again after a growing pause, and holds up no other. Returns at once where the config has no queue.
 */
export const pullNotifications = async (engine: Engine, signal: AbortSignal): Promise<void> => {
  await Promise.all([...engine.endpoints.values()].map((endpoint) => pullOne(engine, endpoint, signal)))
}

const pullOne = async (engine: Engine, endpoint: Endpoint, signal: AbortSignal): Promise<void> => {
  if (endpoint.transport.receive === undefined) return
  for (let failures = 0; !signal.aborted;) {
    try {
      for await (const { payloads, acknowledge } of endpoint.transport.receive(transportContext(engine, signal))) {
        await acceptPayloads(engine, endpoint, payloads)
        await acknowledge()
        failures = 0
        if (signal.aborted) return
      }
    } catch (thrown) {
      if (signal.aborted) return
      failures += 1
      const code = isMillraceError(thrown) ? thrown.code : thrown instanceof Error ? thrown.name : typeof thrown
      engine.logger.error({ endpoint: endpoint.name, code }, 'A queue of notifications could not be read; it is opened again')
    }
    await engine.clock.sleep(Math.min(longestPauseMs, 500 * 2 ** failures), signal).catch(() => {})
  }
}
