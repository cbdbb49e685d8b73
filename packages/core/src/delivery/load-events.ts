import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { eventTraits } from '../events/event-traits.ts'
import { eventUnit, unitEvent } from '../events/raise-events.ts'
import { abandonedId } from '../events/recovered-carts.ts'
import { personKeyOf, subjectOf } from '../events/subject.ts'
import { knownVisitors } from '../events/visitors.ts'
import { suppression, typeWhenSent } from '../events/suppress.ts'
import { liveSince } from '../operations/observing.ts'
import type { Cart } from '../model/cart.ts'
import type { Product } from '../model/catalog.ts'
import { eventSchema, type CommerceEvent } from '../model/event.ts'
import type { Order } from '../model/order.ts'
import type { RecordRef } from '../model/record.ts'
import { recordKey } from '../routing/units.ts'
import type { Claimed, LinkState, OrderFact, Problem, Settlement, StoredEvent } from '../spec/store.ts'
import { eventView } from '../views/event-view.ts'
import { personView, type PersonMember, type PersonView } from '../views/person-view.ts'
import { recordView } from '../views/record-view.ts'
import { hydrate } from './hydrate.ts'
import { parseRecord, personKey, personMembers, type Loaded } from './load-views.ts'
import { isUnsettled, linkStates, waitFor } from './parents.ts'
import { settlementOf } from './prepared.ts'

interface Person {
  unit: string
  view: PersonView | undefined
  /** Of the sources that the connection takes. */
  orders: OrderFact[]
  /** Of all sources: a purchase anywhere makes a reminder pointless. */
  purchases: OrderFact[]
}

const nobody: Omit<Person, 'unit'> = { view: undefined, orders: [], purchases: [] }

const factsOf = (members: readonly PersonMember[]): OrderFact[] =>
  members.flatMap(({ fact, deletedAt }) => (fact === null || deletedAt !== null ? [] : [fact]))

/** An event that is stored whole. */
interface Known {
  row: Claimed
  source: string
  event: CommerceEvent
  person: Person | undefined
}

/**
 * Loads claimed events with the people they are about, and settles at once those that are pointless by now, or must wait for an opt-out of the person to reach the
 * destination first.
 */
export const loadEvents = async (
  engine: Engine,
  connection: Connection,
  claimed: readonly Claimed[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Loaded[]> => {
  const stored = await engine.store.events(claimed.map((row) => unitEvent(row.unit)))
  const parsed = claimed.flatMap((row, index) => {
    const event = parseEvent(stored[index])
    return event === undefined ? [] : [{ row, source: stored[index]?.source ?? '', event }]
  })
  const subjects = await knownVisitors(engine.store, parsed)
  const keyed = parsed.map((item) => ({ ...item, owner: keyOf(connection, item, subjects) }))
  const people = await peopleOf(engine, connection, keyed, token, signal)
  const known = keyed.map((item): Known => ({ ...item, person: people.get(item.owner) }))
  const carts = await recordsOf<Cart>(
    engine,
    'cart',
    known.map(({ source, event }) => [source, event.data.cartId]),
  )
  const products = await recordsOf<Product>(
    engine,
    'product',
    known.flatMap(({ source, event }) => event.data.lines.map(({ productKey }) => [source, productKey] as const)),
  )
  const orders = connection.admission.asks('order')
    ? await recordsOf<Order>(
        engine,
        'order',
        known.map(({ source, event }) => [source, event.data.cartId === undefined ? event.data.orderId : undefined]),
      )
    : new Map<string, Order>()
  const states = await rowsInTheWay(engine, connection, known)
  const around = { carts, orders, products, states, liveSince: await liveSince(engine, connection.name), now: engine.clock.now() }
  const loaded = new Map(known.map((item) => [item.row, unlessFaulty(() => toLoaded(connection, item, around))]))
  return claimed.map((row, index) => {
    const body = stored[index]?.body
    const missing = stored[index] === undefined ? 'unknown' : body === null ? 'erased' : undefined
    return loaded.get(row) ?? { ...base(row), view: undefined, missing, ...(typeof body === 'string' ? { problem: unreadable } : {}) }
  })
}

const base = (row: Claimed) => ({
  claimed: row,
  key: recordKey(row.unit),
  ownKeys: [],
  record: undefined,
  companies: [],
  deleted: false,
})

const parseEvent = (stored: StoredEvent | undefined): CommerceEvent | undefined =>
  stored?.body == null ? undefined : eventSchema.safeParse(JSON.parse(stored.body)).data

/** One event costs one event, also where it, or its person, finds a hole in the views. */
const unlessFaulty = <T>(build: () => T): T | undefined => {
  try {
    return build()
  } catch {
    return undefined
  }
}

const unreadable = {
  code: 'value_invalid',
  message: 'The event could not be understood. Report it with its type; discard it, since it will not be understood later either.',
}

const keyOf = ({ rules }: Connection, { source, event }: Pick<Known, 'source' | 'event'>, visitors: ReadonlyMap<string, string>): string =>
  personKeyOf(source, event, rules, visitors.get(subjectOf(source, event) ?? '')) ?? ''

/** People by the key that the event names them by. Accounts that were never read are fetched, so that an event of a new account is not one of nobody. */
const peopleOf = async (
  engine: Engine,
  connection: Connection,
  events: readonly { owner: string }[],
  token: string | undefined,
  signal: AbortSignal,
): Promise<Map<string, Person>> => {
  const keys = [...new Set(events.map(({ owner }) => owner))].filter((key) => key !== '')
  let units = await engine.store.aliases(connection.identity, keys)
  const unread = keys.filter((key, index) => units[index] === undefined && key.startsWith('customer:'))
  if (unread.length > 0 && token !== undefined) {
    await hydrate(engine, unread, token, signal)
    units = await engine.store.aliases(connection.identity, keys)
  }
  const { takesSource } = connection.admission
  const { signals = {}, locales } = connection.contract
  const distinct = [...new Set(units.flatMap((unit) => unit ?? []))]
  const members = await engine.store.members(connection.identity, distinct)
  const aliases = await engine.store.aliasKeys(connection.identity, distinct)
  const people = new Map(
    distinct.map((unit, index): [string, Person] => {
      const all = members[index] ?? []
      // What other connections take of a person is no business of this one.
      const own = personMembers(all.filter(({ record, fact }) => takesSource(record?.source ?? fact?.source ?? '')))
      const context = { key: personKey(unit, own, aliases[index] ?? []), historical: false, now: engine.clock.now(), signals, locales }
      const hasProfile = own.some(({ role, record }) => role !== 'order' && record !== null)
      const view = hasProfile ? unlessFaulty(() => personView(own, context)) : undefined
      return [unit, { unit, view, purchases: factsOf(personMembers(all)), orders: factsOf(own) }]
    }),
  )
  return new Map(
    keys.flatMap((key, index) => {
      const person = people.get(units[index] ?? '')
      return person === undefined ? [] : [[key, person] as const]
    }),
  )
}

/** Records of one kind by `<source>:<id>`. */
const recordsOf = async <Kind extends Cart | Order | Product>(
  engine: Engine,
  entity: Kind['entity'],
  wanted: readonly (readonly [source: string, id: string | undefined])[],
): Promise<Map<string, Kind>> => {
  const refs = new Map(
    wanted.flatMap(([source, id]): [string, RecordRef][] => (id === undefined ? [] : [[`${source}:${id}`, { source, entity, id }]])),
  )
  const stored = refs.size === 0 ? [] : await engine.store.records([...refs.values()])
  return new Map(
    [...refs.keys()].flatMap((key, index) => {
      const record = parseRecord(stored[index])
      // Records are found by their kind.
      return record === undefined ? [] : [[key, record as Kind] as const]
    }),
  )
}

/** Rows that decide whether an event may go: the consent of its person, and the event that told that a recovered cart was left. */
const rowsInTheWay = (engine: Engine, connection: Connection, known: readonly Known[]): Promise<Map<string, LinkState>> => {
  const wanted = known.flatMap(({ row, source, event, person }) => [
    ...(person === undefined ? [] : connection.objectsOf('consent').map((object) => ({ object, unit: person.unit }))),
    ...(event.type === 'cart.recovered' ? [{ object: row.object, unit: eventUnit(source, abandonedId(event.id)) }] : []),
  ])
  return linkStates(engine, connection, wanted)
}

interface Around {
  carts: ReadonlyMap<string, Cart>
  orders: ReadonlyMap<string, Order>
  now: number
  products: ReadonlyMap<string, Product>
  states: ReadonlyMap<string, LinkState>
  liveSince: number | undefined
}

/** What happened while a connection only observed, or before it was heard of there, is history (as it is for one that is added later). */
const beforeLive = ({ event }: Known, { liveSince: since }: Around): Problem | undefined =>
  since === undefined || Date.parse(event.occurredAt) >= since
    ? undefined
    : { code: 'happened_before_live', message: 'It happened before this connection went live: it is history and told to nobody.' }

/** An event of an order or cart that the connection does not take is not taken either. */
const outside = (connection: Connection, { source, event }: Known, { carts, orders, now }: Around): Problem | undefined => {
  const { cartId, orderId } = event.data
  const record = cartId === undefined ? orders.get(`${source}:${orderId}`) : carts.get(`${source}:${cartId}`)
  if (record === undefined) return undefined
  const view = recordView(record, { key: '', historical: false, deletedAt: null, source })
  const code = connection.admission.refusal(record.entity, view, now)
  return code === undefined ? undefined : { code, message: `Its ${record.entity} does not belong to what this connection takes.` }
}

const toLoaded = (connection: Connection, known: Known, around: Around): Loaded => {
  const { carts, products, states, now } = around
  const { row, source, event, person } = known
  const { view, orders, purchases } = person ?? nobody
  const key = recordKey(row.unit)
  const type = typeWhenSent(source, event, orders)
  const rule = Object.hasOwn(connection.contract.events, type) ? connection.contract.events[type] : undefined
  const settle =
    rule === undefined
      ? skip(row, { code: 'event_not_taken', message: `The contract sends no events of type ${type}.` })
      : (skip(row, beforeLive(known, around) ?? outside(connection, known, around)) ??
        held(connection, known, states) ??
        skip(
          row,
          suppression(event, {
            orders: purchases,
            cart: carts.get(`${source}:${event.data.cartId}`),
            product: products.get(`${source}:${event.data.lines[0]?.productKey}`),
            now,
          }),
        ))
  return {
    ...base(row),
    missing: undefined,
    view: eventView(event, { key, type, source, person: view, product: (id) => products.get(`${source}:${id}`) }),
    ...(person === undefined ? {} : { person: person.unit }),
    ...(settle === undefined ? {} : { settle }),
    event: {
      id: key,
      type,
      name: rule?.name ?? type,
      ...(rule?.as === undefined ? {} : { as: rule.as }),
      occurredAt: event.occurredAt,
    },
  }
}

const skip = (row: Claimed, problem: Problem | undefined): Settlement | undefined =>
  problem === undefined ? undefined : { ...settlementOf(row), to: 'settled', result: 'skipped', problem }

/** Waits for what must be at the destination first (design §7.5), and drops the end of a story whose beginning was never told there. */
const held = (connection: Connection, { row, source, event, person }: Known, states: Around['states']): Settlement | undefined => {
  if (eventTraits[event.type].purpose === 'marketing' && person !== undefined) {
    const consent = connection.objectsOf('consent').flatMap((object) => states.get(`${object}:${person.unit}`) ?? [])
    const open = consent.find(isUnsettled)
    if (open !== undefined) return waitFor(row, open)
  }
  if (event.type !== 'cart.recovered') return undefined
  const told = states.get(`${row.object}:${eventUnit(source, abandonedId(event.id))}`)
  if (told !== undefined && isUnsettled(told) && told.state !== 'dead') return waitFor(row, told)
  const wasTold = told?.state === 'dead' || told?.result === 'created' || told?.result === 'updated'
  if (wasTold) return undefined
  return skip(row, { code: 'abandonment_not_told', message: 'This destination was never told that the cart was left.' })
}
