import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { buyerKey } from '../identity/person-keys.ts'
import type { ObjectLink, ObjectSpec, ParentSpec } from '../spec/destination.ts'
import type { Claimed, LinkState, Settlement } from '../spec/store.ts'
import { parseFingerprint } from './fingerprint.ts'
import type { Loaded } from './load-views.ts'
import { settlementOf } from './prepared.ts'

/** A parent that a unit names: `unit` is undefined when the record belongs to nobody. */
interface Named extends ParentSpec {
  unit: string | undefined
}

/** The parents of each loaded unit, or how the unit is settled because of one. */
export type WithParents = { parents: ObjectLink[]; missing?: Missing } | { settle: Settlement }

/** An object that a unit goes without, though it belongs to it: the unit is looked at again when that one is at the vendor. */
export type Missing = { object: string; unit: string }

/** Looks up where the parents of the loaded units stand at the vendor, and decides who goes, who waits and who has a stated end (design §7.7). */
export const resolveParents = async (
  engine: Engine,
  connection: Connection,
  spec: ObjectSpec,
  loaded: readonly Loaded[],
): Promise<WithParents[]> => {
  const specs = (spec.parents ?? []).filter((parent) => parent.object in connection.contract.objects)
  if (specs.length === 0) return loaded.map(() => ({ parents: [] }))
  const named = await nameParents(engine, connection, specs, loaded)
  const wanted = named.flat().flatMap(({ object, unit }) => (unit === undefined ? [] : [{ object, unit }]))
  const states = await linkStates(engine, connection, wanted)
  return loaded.map((item, index) => decide(connection, item, named[index] ?? [], states))
}

/** Link states by `<object>:<unit>`, as other units meet them: at a connection that only observes, what is on its way counts as being there. */
export const linkStates = async (
  engine: Engine,
  connection: Connection,
  wanted: readonly { object: string; unit: string }[],
): Promise<Map<string, LinkState>> => {
  const stored = await storedStates(engine, connection, wanted)
  if (connection.mode === 'live') return stored
  return new Map([...stored].map(([name, state]) => [name, asIfSent(state)]))
}

const asIfSent = (state: LinkState): LinkState =>
  state.state === 'settled' || state.state === 'dead'
    ? state
    : { ...state, state: 'settled', result: state.result ?? 'created', remoteId: state.remoteId ?? 'observed' }

/** Link states by `<object>:<unit>`, as they are. */
export const storedStates = async (
  engine: Engine,
  connection: Connection,
  wanted: readonly { object: string; unit: string }[],
): Promise<Map<string, LinkState>> => {
  const distinct = [...new Map(wanted.map((link) => [`${link.object}:${link.unit}`, link])).values()]
  const states = distinct.length === 0 ? [] : await engine.store.links(connection.name, distinct)
  return new Map(states.flatMap((state) => (state === undefined ? [] : [[`${state.object}:${state.unit}`, state] as const])))
}

const nameParents = async (
  engine: Engine,
  connection: Connection,
  specs: readonly ParentSpec[],
  loaded: readonly Loaded[],
): Promise<Named[][]> => {
  const keys = loaded.map(({ record, claimed }) =>
    record?.entity === 'order' || record?.entity === 'cart' ? buyerKey(sourceOf(claimed.unit), record, connection.rules) : undefined,
  )
  const distinct = [...new Set(keys.filter((key) => key !== undefined))]
  const found = distinct.length === 0 ? [] : await engine.store.aliases(connection.identity, distinct)
  const people = new Map(distinct.map((key, index) => [key, found[index]]))
  return loaded.map(({ companies, person }, index) =>
    specs.flatMap((parent): Named[] => {
      const kind = connection.spec(parent.object).from
      const key = keys[index]
      if (kind === 'person') return [{ ...parent, unit: person ?? (key === undefined ? undefined : people.get(key)) }]
      if (kind === 'company') return companies.map((unit) => ({ ...parent, unit }))
      return []
    }),
  )
}

const sourceOf = (unit: string): string => unit.split(':')[1] ?? ''

const decide = (connection: Connection, item: Loaded, named: readonly Named[], states: ReadonlyMap<string, LinkState>): WithParents => {
  const parents: ObjectLink[] = []
  let missing: Missing | undefined
  for (const parent of named) {
    const state = parent.unit === undefined ? undefined : states.get(`${parent.object}:${parent.unit}`)
    if (state?.remoteId != null) {
      parents.push(linkTo(state, state.remoteId))
      continue
    }
    if (!parent.required && !isOnItsWay(state)) {
      if (parent.unit !== undefined) missing ??= { object: parent.object, unit: parent.unit }
      continue
    }
    const nobody = parent.unit === undefined || state === undefined || state.state === 'settled'
    const settle = nobody ? withoutParent(connection, item, parent, state) : waitFor(item.claimed, state)
    if (settle !== undefined) return { settle }
  }
  return missing === undefined ? { parents } : { parents, missing }
}

/** A link to an object at the vendor, with the key under which it was written there. */
export const linkTo = (state: LinkState, remoteId: string): ObjectLink => ({
  object: state.object,
  key: parseFingerprint(state.fingerprint)?.key ?? '',
  remoteId,
})

/** Whether an object that another one refers to will still come: the other waits for it, since nobody would look at it again then. */
export const isOnItsWay = (state: LinkState | undefined): boolean =>
  state !== undefined && state.remoteId === null && state.state !== 'settled' && state.state !== 'dead'

/** Whether the newest of a row is not at the vendor yet. */
export const isUnsettled = ({ state }: LinkState): boolean => state !== 'settled'

/** Parks a row until what it refers to is settled or dead. */
export const waitFor = (claimed: Claimed, state: LinkState): Settlement => ({
  ...settlementOf(claimed),
  to: 'parked',
  waitsFor: { object: state.object, unit: state.unit },
  problem:
    state.state === 'dead'
      ? {
          code: 'parent_dead_lettered',
          message: `Its ${state.object} is a dead letter: mend and replay that one, and this follows by itself.`,
        }
      : // Not `parent_...`: when it is gone before this is written (joined into another person), the row is looked at again at once.
        { code: 'waits_for_parent', message: `Waits until its ${state.object} is at the destination.` },
})

/** The buyer is nobody, or somebody the destination cannot hold: the contract says what happens. */
const withoutParent = (connection: Connection, item: Loaded, parent: Named, state: LinkState | undefined): Settlement | undefined => {
  const base = settlementOf(item.claimed)
  if (item.event !== undefined) {
    const message = `It is about nobody that has a ${parent.object} at the destination, so there is nobody to tell it of.`
    return { ...base, to: 'settled', result: 'skipped', problem: { code: 'event_of_nobody', message } }
  }
  const why = state === undefined ? 'nobody' : 'a person who was skipped'
  switch (connection.contract.ordersOfNobody) {
    case 'unassociated':
      return undefined
    case 'skip':
      return {
        ...base,
        to: 'settled',
        result: 'skipped',
        problem: { code: 'order_of_nobody', message: `Belongs to ${why}; the contract skips such records.` },
      }
    case 'dead-letter':
      return {
        ...base,
        to: 'dead',
        attempts: item.claimed.attempts,
        problem: {
          code: 'order_of_nobody',
          message: `Belongs to ${why}, so it has no ${parent.object}. The contract asks for a decision (ordersOfNobody).`,
        },
      }
  }
}
