import { initialConsent } from '../consent/initial-consent.ts'
import { prepareConsent } from '../consent/prepare-consent.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { MappedUnit } from '../mapping/compile.ts'
import type { ChildInput, FieldValue, Input, ObjectLink, ObjectSpec } from '../spec/destination.ts'
import type { Claimed, LinkState, Settlement } from '../spec/store.ts'
import { findAdoptions, type Adoption, type Unlinked } from './adoption.ts'
import { changedFields, isUnchanged, parseFingerprint, takeFingerprint, type Fingerprint } from './fingerprint.ts'
import { asDeadLetter, outcomeUnknown } from './at-most-once.ts'
import { loadEvents } from './load-events.ts'
import { loadViews, type Loaded } from './load-views.ts'
import { leaveScope } from './leave-scope.ts'
import { comparedFields, writableFields, type Standing } from './ownership.ts'
import { isOnItsWay, linkStates, linkTo, resolveParents, waitFor, type Missing } from './parents.ts'
import { adapterProgress, archive, settlementOf, type Prepared } from './prepared.ts'
import type { Keyless } from './relink.ts'
import { lostShared, type SharedUnit } from './shared-fields.ts'

/** A unit that was mapped. `left` = it is written as one that the connection no longer takes. */
interface Mapped {
  loaded: Loaded
  mapped: MappedUnit
  parents: ObjectLink[]
  missing: Missing | undefined
  left: boolean
}

/** A mapped unit with everything that decides whether and what is sent. */
export interface Candidate {
  loaded: Loaded
  mapped: MappedUnit
  children: Omit<ChildInput, 'changed'>[]
  parents: ObjectLink[]
  fingerprint: Fingerprint
  settled: Fingerprint | undefined
  missing: Missing | undefined
}

/**
 * PREPARE (design §2): members -> mapping -> validation -> parents -> comparison with what was settled -> adoption -> ownership. Rows that need no request
 * come back settled: unchanged, skipped, parked, dead. Without a token nothing is written, as a dry run needs it.
 */
export const prepare = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  keyless: Keyless,
  signal: AbortSignal,
): Promise<Prepared[]> => {
  const { prepared, candidates } = await compare(engine, connection, claimed, token, signal)
  return [...prepared, ...(await withAdoption(engine, connection, claimed[0]?.object ?? '', candidates, token, keyless, signal))]
}

/** The first half of it, which asks nobody: what is settled without a request, and what differs from what was settled. */
export const compare = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ prepared: Prepared[]; candidates: Candidate[] }> => {
  const object = claimed[0]?.object
  if (object === undefined) return { prepared: [], candidates: [] }
  const spec = connection.spec(object)
  if (spec.from === 'consent') return { prepared: await prepareConsent(engine, connection, claimed, token, signal), candidates: [] }
  const load = spec.from === 'event' ? loadEvents : loadViews
  const loaded = await load(engine, connection, claimed, token, signal)
  const withParents = await resolveParents(engine, connection, spec, loaded)
  const now = engine.clock.now()
  const prepared: Prepared[] = []
  const mapped: Mapped[] = []
  loaded.forEach((item, index) => {
    if (outcomeUnknown(connection, item.claimed)) return prepared.push({ claimed: item.claimed, settle: asDeadLetter(item.claimed) })
    const removal = settleWithoutMapping(connection, spec, item)
    if (removal !== undefined) return prepared.push(removal)
    const leaving = leaveScope(connection, spec, item, now)
    if (leaving !== undefined && 'prepared' in leaving) return prepared.push(leaving.prepared)
    const parents = withParents[index]
    if (parents !== undefined && 'settle' in parents) return prepared.push({ claimed: item.claimed, settle: parents.settle })
    const view = leaving?.view ?? item.view
    const unit = view === undefined ? undefined : connection.mapping.map(object, view, now, item.event?.type)
    if (unit === undefined) return undefined
    if (unit.problem !== undefined) return prepared.push({ claimed: item.claimed, settle: invalid(spec, item.claimed, unit.problem) })
    return mapped.push({
      loaded: item,
      mapped: unit,
      parents: parents?.parents ?? [],
      missing: parents?.missing,
      left: leaving !== undefined,
    })
  })
  const products = await productStates(engine, connection, mapped)
  const candidates: Candidate[] = []
  for (const item of mapped) {
    const { claimed: row } = item.loaded
    const missing = item.mapped.children.map(({ productUnit }) => products.get(productUnit ?? '')).find(isOnItsWay)
    if (missing !== undefined) {
      prepared.push({ claimed: row, settle: waitFor(row, missing) })
      continue
    }
    const candidate = toCandidate(item, products)
    if (isKnown(row) && isUnchanged(candidate.settled, candidate.fingerprint)) {
      prepared.push({
        claimed: item.loaded.claimed,
        settle: { ...settlementOf(row), to: 'settled', result: 'unchanged', waitsFor: candidate.missing ?? null },
      })
    } else candidates.push(candidate)
  }
  return { prepared, candidates }
}

/** Whether the vendor holds what was settled last. After a failure nobody knows how much of the attempt was applied; a replay says that it does not. */
const isKnown = ({ uncertain, failedSince, cause }: Claimed): boolean => !uncertain && failedSince === null && cause !== 'replay'

/** Records that could not be loaded are dead letters. Deleted, erased and unknown ones: what the contract's removal policy says, only for objects that we linked. */
const settleWithoutMapping = (
  connection: Connection,
  spec: ObjectSpec,
  { claimed, view, deleted, missing, problem, key, ownKeys, settle }: Loaded,
): Prepared | undefined => {
  if (settle !== undefined) return { claimed, settle }
  const skip = (code: string, message: string): Prepared => ({
    claimed,
    settle: { ...settlementOf(claimed), to: 'settled', result: 'skipped', problem: { code, message } },
  })
  if (problem !== undefined) return { claimed, settle: { ...settlementOf(claimed), to: 'dead', attempts: claimed.attempts + 1, problem } }
  if (view === undefined)
    return skip(`record_${missing ?? 'unknown'}`, 'The source does not have this record, so there is nothing to deliver.')
  if (!deleted) return undefined
  const policy = connection.contract.removal[spec.from] ?? 'keep-and-flag'
  if (claimed.remoteId === null) return skip('deleted_before_delivery', 'It was deleted at the source before it was ever delivered.')
  if (policy === 'ignore') return skip('removal_ignored', 'It was deleted at the source; the contract leaves it at the destination.')
  return policy === 'keep-and-flag' ? undefined : archive(claimed, claimed.remoteId, key, ownKeys)
}

/** A person without the e-mail that the destination needs is counted, not complained about; anything else that is wrong needs a decision. */
const invalid = (spec: ObjectSpec, claimed: Claimed, problem: NonNullable<MappedUnit['problem']>): Settlement => {
  const field = problem.field === undefined ? undefined : spec.fields[problem.field]
  if (problem.code === 'required_missing' && field?.type === 'email') {
    return { ...settlementOf(claimed), to: 'settled', result: 'skipped', problem: { ...problem, code: 'no_email' } }
  }
  return { ...settlementOf(claimed), to: 'dead', attempts: claimed.attempts + 1, problem }
}

/** Where the products of all lines stand, by unit. */
const productStates = async (
  engine: Engine,
  connection: Connection,
  mapped: readonly { mapped: MappedUnit }[],
): Promise<ReadonlyMap<string, LinkState>> => {
  const [object] = connection.objectsOf('product')
  if (object === undefined) return new Map()
  const wanted = mapped.flatMap(({ mapped: unit }) =>
    unit.children.flatMap((child) => (child.productUnit === undefined ? [] : [{ object, unit: child.productUnit }])),
  )
  const states = await linkStates(engine, connection, wanted)
  return new Map([...states.values()].map((state) => [state.unit, state]))
}

const toCandidate = ({ loaded, mapped, parents, missing, left }: Mapped, products: ReadonlyMap<string, LinkState>): Candidate => {
  const children = mapped.children.map(({ object, key, fields, productUnit }) => {
    const product = products.get(productUnit ?? '')
    const links = product?.remoteId == null ? [] : [linkTo(product, product.remoteId)]
    return { object, key, fields, links }
  })
  const fields = comparedFields(mapped.fields, mapped.owners)
  const fingerprint = takeFingerprint({ key: loaded.key, fields, children, parents, memberships: mapped.memberships, left })
  return {
    loaded,
    mapped,
    children,
    parents,
    fingerprint,
    settled: parseFingerprint(loaded.claimed.fingerprint),
    missing: missing ?? missingProduct(mapped, products),
  }
}

/** A product of a line that is a dead letter, or unknown. */
const missingProduct = (mapped: MappedUnit, products: ReadonlyMap<string, LinkState>): Missing | undefined => {
  const states = mapped.children.flatMap(({ productUnit }) => products.get(productUnit ?? '') ?? [])
  const missing = states.find(({ remoteId }) => remoteId === null)
  return missing === undefined ? undefined : { object: missing.object, unit: missing.unit }
}

const withAdoption = async (
  engine: Engine,
  connection: Connection,
  object: string,
  candidates: readonly Candidate[],
  token: string | undefined,
  keyless: Keyless,
  signal: AbortSignal,
): Promise<Prepared[]> => {
  const unlinked = new Map<Candidate, Unlinked>()
  for (const candidate of candidates) {
    const { loaded, mapped } = candidate
    if (loaded.claimed.remoteId !== null) continue
    const backfill = loaded.claimed.cause === 'backfill'
    unlinked.set(candidate, { object, key: loaded.key, ownKeys: loaded.ownKeys, fields: mapped.fields, backfill })
  }
  const adoptions = await findAdoptions(engine, connection, [...unlinked.values()], keyless, signal)
  const shared = new Map<Candidate, SharedUnit>()
  for (const candidate of candidates) {
    const { loaded, mapped, settled } = candidate
    const unit = unlinked.get(candidate)
    const adoption = unit === undefined ? undefined : adoptions.get(unit)
    const remoteId = loaded.claimed.remoteId ?? (adoption !== undefined && 'adopt' in adoption ? adoption.adopt.remoteId : undefined)
    if (remoteId === undefined || loaded.view === undefined) continue
    const known = isKnown(loaded.claimed) ? settled : undefined
    shared.set(candidate, { remoteId, key: loaded.key, view: loaded.view, fields: mapped.fields, settled: known })
  }
  const lost = await lostShared(engine, connection, object, [...shared.values()], signal)
  const people = connection.spec(object).from === 'person' ? candidates : []
  const isNew = (candidate: Candidate): boolean => {
    const unit = unlinked.get(candidate)
    return unit !== undefined && !adoptions.has(unit)
  }
  const consents = await initialConsent(
    engine,
    connection,
    people.map((candidate) => ({ loaded: candidate.loaded, isNew: isNew(candidate) })),
    token,
    signal,
  )
  return candidates.map((candidate): Prepared => {
    const unit = unlinked.get(candidate)
    const adoption = unit === undefined ? undefined : adoptions.get(unit)
    const { claimed, ownKeys } = candidate.loaded
    if (adoption !== undefined && 'conflict' in adoption) {
      return { claimed, settle: { ...settlementOf(claimed), to: 'dead', attempts: claimed.attempts + 1, problem: adoption.conflict } }
    }
    const asked = shared.get(candidate)
    const dropped = asked === undefined ? undefined : lost.get(asked)
    return {
      claimed,
      send: toInput(candidate, adoption, consents.get(claimed) ?? [], dropped),
      fingerprint: candidate.fingerprint,
      ownKeys,
      missing: candidate.missing,
    }
  })
}

const toInput = (
  { loaded, mapped, children, parents, fingerprint, settled }: Candidate,
  adoption: Extract<Adoption, { adopt: unknown }> | undefined,
  consent: Input['consent'],
  dropped: ReadonlySet<string> = new Set(),
): Input => {
  const { claimed, key } = loaded
  const remoteId = claimed.remoteId ?? adoption?.adopt.remoteId
  const remoteKey = settled?.key ?? adoption?.adopt.remoteKey
  const standing: Standing = remoteId === undefined ? 'new' : settled === undefined ? 'adopted' : 'linked'
  const writable = writableFields(mapped.fields, mapped.owners, standing, adoption?.adopt.fields)
  const fields = dropped.size === 0 ? writable : Object.fromEntries(Object.entries(writable).filter(([name]) => !dropped.has(name)))
  // A key of ours on an object that we know nothing of: we wrote it once, nobody knows what and how much of it.
  const uncertain = claimed.uncertain || adoption?.adopt.remoteKey !== undefined
  const known = settled !== undefined && isKnown(claimed) && !uncertain
  const cause = standing === 'adopted' ? 'adoption' : claimed.cause
  return {
    unit: claimed.unit,
    object: claimed.object,
    operation: 'upsert',
    key,
    fields,
    changedFields: known ? changed(fields, settled, fingerprint) : Object.keys(fields),
    children: children.map((child) => ({ ...child, changed: !known || settled.children[child.key] !== fingerprint.children[child.key] })),
    parents,
    parentsChanged: !known || settled.parents !== fingerprint.parents,
    consent,
    memberships: mapped.memberships,
    membershipsChanged: !known || settled.memberships !== fingerprint.memberships,
    ...(loaded.event === undefined ? {} : { event: loaded.event }),
    cause,
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(remoteKey === undefined ? {} : { remoteKey }),
    objects: claimed.objects,
    ...adapterProgress(claimed),
    uncertain,
    fence: claimed.fence,
  }
}

const changed = (fields: Readonly<Record<string, FieldValue>>, settled: Fingerprint, now: Fingerprint): string[] => {
  const differing = new Set(changedFields(settled, now))
  return Object.keys(fields).filter((name) => differing.has(name))
}
