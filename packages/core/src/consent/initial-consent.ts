import type { Loaded } from '../delivery/load-views.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { ConsentDecision } from '../spec/consent.ts'
import type { Claimed } from '../spec/store.ts'
import { askDestination } from './ask-destination.ts'
import { decidedFor } from './decided-for.ts'
import { heldOf } from './held-of.ts'

/**
 * What objects of people start with if they are created now, by claimed row; nothing where the contract has no topics. Consent of objects that are there is the
 * business of the objects made from consent. Where the contract has none of those, the destination is asked here before an opt-in is handed out.
 */
export const initialConsent = async (
  engine: Engine,
  connection: Connection,
  people: readonly { loaded: Loaded; isNew: boolean }[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Map<Claimed, readonly ConsentDecision[]>> => {
  const consents = new Map<Claimed, readonly ConsentDecision[]>()
  const { topics } = connection.contract.consent
  if (people.length === 0 || Object.keys(topics).length === 0) return consents
  const held = await heldOf(
    engine,
    connection,
    people.map(({ loaded }) => loaded),
    token,
  )
  const decisions = (loaded: Loaded, known: (typeof held)[number]): ConsentDecision[] =>
    decidedFor(connection, loaded, known, undefined, engine.clock.now(), loaded.claimed.object).map(({ decision }) => decision)
  const asking =
    connection.objectsOf('consent').length > 0
      ? []
      : people.flatMap(({ loaded, isNew }, index) => {
          const known = held[index] ?? []
          return isNew && decisions(loaded, known).some(({ status }) => status === 'granted')
            ? [{ loaded, held: known, remoteId: undefined, index }]
            : []
        })
  const told = await askDestination(engine, connection, asking, token, signal)
  asking.forEach(({ index }, position) => {
    held[index] = told[position]?.held ?? held[index] ?? []
  })
  people.forEach(({ loaded }, index) => consents.set(loaded.claimed, decisions(loaded, held[index] ?? [])))
  return consents
}
