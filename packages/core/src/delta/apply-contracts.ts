import { canonicalJson } from './canonical-json.ts'
import { remap } from './remap.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'

/** Notices contracts that changed since the last pass, stores them whole, and raises what they concern. */
export const applyContracts = async (
  engine: Engine,
  connections: readonly Connection[],
  token: string,
  signal: AbortSignal,
): Promise<void> => {
  for (const connection of connections) {
    const stored = await engine.store.contract(connection.name)
    if (stored?.hash === connection.contractHash) continue
    // To a connection that was never used, everything is what a backfill brings.
    await remap(engine, connection, stored === undefined ? 'backfill' : 'contract', token, signal)
    await engine.store.putContract(
      token,
      connection.name,
      { hash: connection.contractHash, body: canonicalJson(connection.contract) },
      engine.clock.now(),
      auditedBy(engine, 'contract-change', connection.name, { from: stored?.hash, to: connection.contractHash }),
    )
  }
}
