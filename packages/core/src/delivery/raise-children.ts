import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Settled } from './settle-outcome.ts'
import { raiseOrders } from '../routing/route.ts'

/**
 * Orders that went out without their buyer, because he was unknown, could not be held or was archived, are delivered again when he can. Raised before the
 * buyer is settled: a crash in between raises them again, and an order that is prepared in between finds its buyer on the way and waits for him.
 */
export const raiseChildren = async (engine: Engine, connection: Connection, token: string, settled: readonly Settled[]): Promise<void> => {
  const back = settled.filter(
    ({ claimed, settlement }) =>
      claimed.kind === 'person' &&
      (claimed.result === 'skipped' || claimed.result === 'archived') &&
      settlement.to === 'settled' &&
      (settlement.result === 'created' || settlement.result === 'updated' || settlement.result === 'unchanged'),
  )
  if (back.length === 0 || connection.objectsOf('order').length === 0) return
  const members = await engine.store.members(
    connection.identity,
    back.map(({ claimed }) => claimed.unit),
  )
  const raises = raiseOrders(connection, members.flat())
  if (raises.length > 0) await engine.store.raise(token, raises, engine.clock.now())
}
