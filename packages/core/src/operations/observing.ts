import { observedCode } from '../delivery/observe.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Observing } from '../spec/engine-state.ts'

const atOnce = 1_000

/** What is known of a connection that observes, or did. */
const observing = async (engine: Engine, connection: string): Promise<Observing | undefined> => {
  for (const state of await engine.store.states())
    if (state.kind === 'observing' && state.name === connection) return state.value ?? undefined
  return undefined
}

/**
 * Since when a connection that observed is live, epoch ms: what happened before is history. Undefined for one that never observed, and while it does. It is known from the
 * first live pass on, before anything is sent.
 */
export const liveSince = async (engine: Engine, connection: string): Promise<number | undefined> =>
  (await observing(engine, connection))?.until ?? undefined

/**
 * Notes that a connection observes, and once it is live again makes everything ready that was observed, compared anew, so that exactly what the destination does not have
 * goes out. What is not there yet goes out as a backfill would bring it, marked as historical: nobody's automation is to take it for new.
 */
export const followMode = async (engine: Engine, connection: Connection, token: string): Promise<void> => {
  const { store, clock } = engine
  const { name, mode } = connection
  const known = await observing(engine, name)
  const observed = known !== undefined && (known.until ?? null) === null
  if ((mode === 'observe') === observed) return
  const now = clock.now()
  if (mode === 'observe') {
    await store.putStates([{ kind: 'observing', name, value: { since: now, until: null } }])
    return store.audit(auditedBy(engine, 'observe', name), now)
  }
  let count = 0
  for (;;) {
    const rows = await store.deliveries({ connection: name, state: 'parked', code: observedCode }, { afterDid: 0, limit: atOnce })
    if (rows.length === 0) break
    for (const [cause, group] of Map.groupBy(rows, (row) => (row.remoteId === null ? 'backfill' : row.cause)))
      count += await store.requeue(token, { connection: name, dids: group.map(({ did }) => did) }, cause, now)
  }
  await store.audit(auditedBy(engine, 'go-live', name, { deliveries: count }), now)
  // Last, so that a process that ends before goes on with it.
  await store.putStates([{ kind: 'observing', name, value: { since: known?.since ?? now, until: now } }])
}
