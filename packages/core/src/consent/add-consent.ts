import { parseFingerprint } from '../delivery/fingerprint.ts'
import type { Loaded } from '../delivery/load-views.ts'
import { storedStates } from '../delivery/parents.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { consentView } from './consent-view.ts'
import { factsOf } from './decided-for.ts'
import { heldOf } from './held-of.ts'

/** Puts what is decided about consent into the views of people, where the rules of their object read it. */
export const addConsent = async (
  engine: Engine,
  connection: Connection,
  loaded: readonly Loaded[],
  token: string | undefined,
): Promise<Loaded[]> => {
  if (!connection.readsConsent(loaded[0]?.claimed.object ?? '')) return [...loaded]
  const held = await heldOf(engine, connection, loaded, token)
  const objects = connection.objectsOf('consent')
  const wanted = loaded.flatMap(({ claimed: { unit } }) => objects.map((object) => ({ object, unit })))
  const settled = await storedStates(engine, connection, wanted)
  return loaded.map((item, index): Loaded => {
    if (item.view === undefined) return item
    const before = objects.map((object) => parseFingerprint(settled.get(`${object}:${item.claimed.unit}`)?.fingerprint ?? null))
    const consent = consentView(factsOf(connection, item, held[index] ?? [], before, engine.clock.now()))
    return { ...item, view: { ...item.view, consent } }
  })
}
