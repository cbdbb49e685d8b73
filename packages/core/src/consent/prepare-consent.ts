import { changedFields, parseFingerprint, takeFingerprint, type Fingerprint } from '../delivery/fingerprint.ts'
import { loadViews, type Loaded } from '../delivery/load-views.ts'
import { isOnItsWay, linkTo, storedStates, waitFor } from '../delivery/parents.ts'
import { adapterProgress, settlementOf, type Prepared } from '../delivery/prepared.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { RemoteConsent } from '../spec/consent.ts'
import type { FieldValue, Input, ObjectLink } from '../spec/destination.ts'
import type { Claimed, HeldConsent, LinkState, Settlement } from '../spec/store.ts'
import { askDestination } from './ask-destination.ts'
import { decidedFor } from './decided-for.ts'
import type { Decided } from './decide.ts'
import { heldOf } from './held-of.ts'
import { mustAsk, settledConsent, toWrite } from './wanted.ts'

/** A person whose consent may have to be written. */
interface Candidate {
  loaded: Loaded
  fields: Record<string, FieldValue>
  parents: LinkState[]
  previous: Fingerprint | undefined
  doubtful: boolean
  moved: boolean
  decided: Decided[]
  write: Decided[]
}

/**
 * PREPARE for objects made from consent. It needs who the person is and nothing else of the profile, so an opt-out goes out although the profile is invalid, dead
 * or waits. What is unchanged, or held by the destination already, costs no request. Before an opt-in is written the destination is asked.
 */
export const prepareConsent = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Prepared[]> => {
  const loaded = await loadViews(engine, connection, claimed, token, signal)
  const held = await heldOf(engine, connection, loaded, token)
  const states = await personStates(engine, connection, claimed)
  const prepared: Prepared[] = []
  const candidates: { candidate: Candidate; held: HeldConsent[] }[] = []
  loaded.forEach((item, index) => {
    const identity = identityOf(connection, item, engine.clock.now())
    if ('settle' in identity) return prepared.push({ claimed: item.claimed, settle: identity.settle })
    const { fields } = identity
    const own = held[index] ?? []
    const candidate = decide(engine, connection, item, fields, states.get(item.claimed.unit) ?? [], own)
    const outside = refusalOf(connection, candidate, own, engine.clock.now())
    if (outside !== undefined) return prepared.push({ claimed: item.claimed, settle: outside })
    return candidates.push({ candidate, held: own })
  })
  const open = candidates.filter(({ candidate }) => mustAsk(candidate.decided, candidate.write))
  const answers = await askDestination(
    engine,
    connection,
    open.map(({ candidate, held: known }) => ({ ...candidate, held: known, remoteId: candidate.parents[0]?.remoteId ?? undefined })),
    token,
    signal,
  )
  open.forEach((item, index) => {
    const { loaded: person, fields, parents } = item.candidate
    const answer = answers[index]
    if (answer !== undefined) item.candidate = decide(engine, connection, person, fields, parents, answer.held, answer.told)
  })
  return [...prepared, ...candidates.map(({ candidate }) => conclude(connection, candidate))]
}

/** The person's own objects, by unit. They tell an adapter where the person is; only an opt-in waits for them. */
const personStates = async (engine: Engine, connection: Connection, claimed: readonly Claimed[]): Promise<Map<string, LinkState[]>> => {
  const objects = connection.objectsOf('person')
  const wanted = claimed.flatMap(({ unit }) => objects.map((object) => ({ object, unit })))
  const states = await storedStates(engine, connection, wanted)
  return Map.groupBy(states.values(), ({ unit }) => unit)
}

/** The fields that say who it is, or how the row is settled without them. */
const identityOf = (
  connection: Connection,
  { claimed, view, missing, problem }: Loaded,
  now: number,
): { fields: Record<string, FieldValue> } | { settle: Settlement } => {
  const base = settlementOf(claimed)
  const dead = (why: NonNullable<Loaded['problem']>): { settle: Settlement } => ({
    settle: { ...base, to: 'dead', attempts: claimed.attempts + 1, problem: why },
  })
  const skip = (code: string, message: string): { settle: Settlement } => ({
    settle: { ...base, to: 'settled', result: 'skipped', problem: { code, message } },
  })
  if (problem !== undefined) return dead(problem)
  if (view === undefined)
    return skip(`record_${missing ?? 'unknown'}`, 'The source does not have this person, so there is nothing to deliver.')
  const mapped = connection.mapping.map(claimed.object, view, now)
  if (mapped.problem === undefined) return { fields: mapped.fields }
  const type = mapped.problem.field === undefined ? undefined : connection.spec(claimed.object).fields[mapped.problem.field]?.type
  if (mapped.problem.code !== 'required_missing' || type !== 'email') return dead(mapped.problem)
  return skip('no_email', 'The person has no e-mail address, which the destination keeps consent by.')
}

/** Somebody whom the connection does not take and the destination does not know is none of its business. Who is known there can still opt out. */
const refusalOf = (
  connection: Connection,
  { loaded: { claimed, view }, parents, previous }: Candidate,
  held: readonly HeldConsent[],
  now: number,
): Settlement | undefined => {
  const isKnown = held.length > 0 || previous !== undefined || parents.some(({ remoteId }) => remoteId !== null)
  const code = isKnown || view === undefined ? undefined : connection.admission.refusal('person', view, now)
  if (code === undefined) return undefined
  const message = 'The connection does not take this person (route, include), and the destination does not know them.'
  return { ...settlementOf(claimed), to: 'settled', result: 'skipped', problem: { code, message } }
}

const decide = (
  engine: Engine,
  connection: Connection,
  loaded: Loaded,
  fields: Record<string, FieldValue>,
  parents: LinkState[],
  held: readonly HeldConsent[],
  told?: readonly RemoteConsent[],
): Candidate => {
  const { claimed, key } = loaded
  const previous = parseFingerprint(claimed.fingerprint)
  const doubtful = claimed.uncertain || claimed.failedSince !== null
  const moved =
    previous !== undefined &&
    changedFields(previous, takeFingerprint({ key, fields, children: [], parents: [], memberships: [] })).length > 0
  const decided = decidedFor(connection, loaded, held, previous, engine.clock.now(), claimed.object)
  const isTaken = loaded.view === undefined || connection.admission.refusal('person', loaded.view, engine.clock.now()) === undefined
  const write = toWrite(decided, { held, previous, doubtful, told, moved }).filter(
    ({ decision }) => isTaken || decision.status === 'denied',
  )
  return { loaded, fields, parents, previous, doubtful, moved, decided, write }
}

const conclude = (connection: Connection, { loaded, fields, parents, previous, doubtful, decided, write }: Candidate): Prepared => {
  const { claimed, key, ownKeys } = loaded
  const fingerprint = {
    ...takeFingerprint({ key, fields, children: [], parents: [], memberships: [] }),
    consent: settledConsent(decided, write, previous),
  }
  if (write.length === 0) {
    return { claimed, settle: { ...settlementOf(claimed), to: 'settled', result: 'unchanged', fingerprint: JSON.stringify(fingerprint) } }
  }
  const isOptIn = write.every(({ decision }) => decision.status === 'granted')
  const waits = isOptIn && connection.mode === 'live' ? awaited(connection, claimed, parents) : undefined
  if (waits !== undefined) return { claimed, settle: waitFor(claimed, waits) }
  const known = previous !== undefined && !doubtful
  const changed = new Set(changedFields(previous, fingerprint))
  const input: Input = {
    unit: claimed.unit,
    object: claimed.object,
    operation: 'upsert',
    key,
    fields,
    changedFields: Object.keys(fields).filter((name) => !known || changed.has(name)),
    children: [],
    parents: parents.flatMap((state): ObjectLink[] => (state.remoteId === null ? [] : [linkTo(state, state.remoteId)])),
    parentsChanged: false,
    consent: write.map(({ decision }) => decision),
    memberships: [],
    membershipsChanged: false,
    cause: claimed.cause,
    ...(claimed.remoteId === null ? {} : { remoteId: claimed.remoteId }),
    ...(previous === undefined ? {} : { remoteKey: previous.key }),
    objects: claimed.objects,
    ...adapterProgress(claimed),
    uncertain: claimed.uncertain,
    fence: claimed.fence,
  }
  return { claimed, send: input, fingerprint, ownKeys }
}

/** The person's object that an opt-in needs and that is still to come. */
const awaited = (connection: Connection, { object }: Claimed, parents: readonly LinkState[]): LinkState | undefined => {
  const required = new Set((connection.spec(object).parents ?? []).flatMap((parent) => (parent.required ? [parent.object] : [])))
  return parents.find((state) => required.has(state.object) && isOnItsWay(state))
}
