import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { Loaded } from './load-views.ts'

/**
 * Notes when what a unit should be changes though no record does: the next boundary of its signals, of what its rules ask and of its inclusion. Noted before
 * anything is sent, so that no way out forgets it.
 */
export const scheduleChanges = async (
  engine: Engine,
  connection: Connection,
  token: string,
  loaded: readonly Loaded[],
  now: number,
): Promise<void> => {
  const object = loaded[0]?.claimed.object ?? ''
  if (loaded.length === 0 || !connection.changesWithTime(object)) return
  const { from } = connection.spec(object)
  const times = loaded.map(({ claimed, view, changesAt }) => {
    const asked =
      view === undefined ? [] : [connection.mapping.changesAt(object, view, now), connection.admission.changesAt(from, view, now)]
    const known = [changesAt, ...asked].filter((at) => at !== undefined)
    return { did: claimed.did, at: known.length === 0 ? null : Math.min(...known) }
  })
  await engine.store.schedule(token, times)
}
