import { observedCode } from '../delivery/observe.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'

const atOnce = 1_000

const since = async (engine: Engine, connection: string): Promise<number | undefined> => {
  for (const state of await engine.store.states()) if (state.kind === 'observing' && state.name === connection) return state.value?.since
  return undefined
}

/**
 * Notes that a connection observes, and once it is live again makes everything ready that was observed: as it was raised, and compared anew, so that exactly what
 * the destination does not have goes out.
 */
export const followMode = async (engine: Engine, connection: Connection, token: string): Promise<void> => {
  const { store, clock } = engine
  const { name, mode } = connection
  const observing = await since(engine, name)
  if ((mode === 'observe') === (observing !== undefined)) return
  const now = clock.now()
  if (mode === 'observe') {
    await store.putStates([{ kind: 'observing', name, value: { since: now } }])
    return store.audit(auditedBy(engine, 'observe', name), now)
  }
  let count = 0
  for (;;) {
    const rows = await store.deliveries({ connection: name, state: 'parked', code: observedCode }, { afterDid: 0, limit: atOnce })
    if (rows.length === 0) break
    for (const [cause, group] of Map.groupBy(rows, (row) => row.cause))
      count += await store.requeue(token, { connection: name, dids: group.map(({ did }) => did) }, cause, now)
  }
  await store.audit(auditedBy(engine, 'go-live', name, { deliveries: count }), now)
  // Last, so that a process that ends before goes on with it.
  await store.putStates([{ kind: 'observing', name, value: null }])
}
