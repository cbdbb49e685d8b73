import type { Cause, DeliveryFilter, DeliveryState, Entity, HeldConsentRow, Problem, Raise, SettledResult, UnitKind } from '@millrace/core'
import type * as FastCheck from 'fast-check'
import type { Vocabulary } from './observe.ts'
import type { PagePart, SettlementPart, Step } from './step.ts'

const entities: readonly Entity[] = ['customer', 'order']
const ids = ['1', '2', 'ü\u0000', '\u{1F600}']

/** The few words of random sequences: few, so that commands meet the same rows again and again. */
export const vocabulary: Vocabulary = {
  identities: ['default', 'other'],
  connections: ['c1', 'c2'],
  units: ['u1', 'u2', 'u3', 'ü\u{1F600}'],
  keys: ['k1', 'k2', 'K1'],
  events: ['e1', 'e2', 'e\u0000'],
  subjects: ['s1', 's2'],
  remoteIds: ['r1', 'r2', 'r3'],
  refs: entities.flatMap((entity) => ids.map((id) => ({ source: 'shop', entity, id }))),
}

const objects: readonly { object: string; kind: UnitKind }[] = [
  { object: 'contact', kind: 'person' },
  { object: 'consent', kind: 'consent' },
  { object: 'deal', kind: 'order' },
  { object: 'told', kind: 'event' },
]
const causes: readonly Cause[] = ['backfill', 'delta', 'push', 'removal', 'replay']
const results: readonly SettledResult[] = ['created', 'updated', 'unchanged', 'skipped', 'superseded', 'archived']
const states: readonly DeliveryState[] = ['ready', 'sending', 'settled', 'parked', 'pending', 'dead', 'held']

/** Random commands over {@link vocabulary}, the likely ones often. */
export const arbitraryStep = (fc: typeof FastCheck): FastCheck.Arbitrary<Step> => {
  const one = <T>(values: readonly T[]): FastCheck.Arbitrary<T> => fc.constantFrom(...values)
  const maybe = <T>(value: FastCheck.Arbitrary<T>): FastCheck.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 })
  const unit = one(vocabulary.units)
  const connection = one(vocabulary.connections)
  const identity = one(vocabulary.identities)
  const time = fc.integer({ min: 0, max: 3000 })
  const problem: FastCheck.Arbitrary<Problem> = fc.record({
    code: one(['parent_missing', 'waiting', 'rate_limited']),
    message: fc.constant('why'),
  })
  const few = <T>(value: FastCheck.Arbitrary<T>): FastCheck.Arbitrary<T[]> => fc.array(value, { maxLength: 3 })

  const raise: FastCheck.Arbitrary<Raise> = fc
    .record({
      connection,
      unit,
      of: one(objects),
      cause: one(causes),
      priority: fc.nat(3),
      held: maybe(fc.boolean()),
      dueAt: maybe(time),
      changedAt: maybe(time),
    })
    .map(({ of, held, dueAt, changedAt, ...rest }) => ({
      ...rest,
      ...of,
      ...(held === undefined ? {} : { held }),
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(changedAt === undefined ? {} : { changedAt }),
    }))

  const record: FastCheck.Arbitrary<PagePart['records'][number]> = fc
    .record({
      ref: one(vocabulary.refs),
      version: fc.record({ part: fc.nat(9) }),
      contentHash: one(['h1', 'h2']),
      body: maybe(one(['{"a":1}', '{"b":"\u0000"}'])),
      deletedAt: maybe(one([null, 5])),
      outdated: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    })
    .map(({ ref, body, deletedAt, ...rest }) => ({
      ...rest,
      entity: ref.entity,
      id: ref.id,
      modifiedAt: 1,
      ...(body === undefined ? {} : { body }),
      ...(deletedAt === undefined ? {} : { deletedAt }),
    }))

  const page: FastCheck.Arbitrary<PagePart> = fc.record({
    source: fc.constant('shop'),
    records: few(record),
    aliases: few(fc.record({ identity, key: one(vocabulary.keys), unit: fc.option(unit) })),
    joins: fc.array(fc.record({ identity, from: unit, into: unit, connections: fc.uniqueArray(connection) }), { maxLength: 2 }),
    members: few(
      fc
        .record({ identity, unit, ref: one(vocabulary.refs), role: one(['account', 'guest', 'order'] as const) })
        .map(({ ref, ...rest }) => ({ ...rest, entity: ref.entity, id: ref.id })),
    ),
    raises: few(raise),
    events: few(
      fc.record({
        source: fc.constant('shop'),
        id: one(vocabulary.events),
        type: one(['order.placed', 'refund'] as const),
        occurredAt: fc.nat(3),
        subject: fc.option(one(vocabulary.subjects)),
        body: fc.option(one(['{}', '{"a":"\u0000"}'])),
        raises: few(raise),
        held: fc.boolean(),
      }),
    ),
    carts: few(
      fc
        .record({ id: one(ids), dueAt: fc.option(time), left: maybe(fc.nat(4)) })
        .map(({ left, ...rest }) => ({ ...rest, ...(left === undefined ? {} : { left }) })),
    ),
    watched: few(
      fc.record({
        list: one(ids),
        customer: one(vocabulary.subjects),
        items: few(fc.record({ sku: one(['s', 't']), since: time })),
      }),
    ),
    offers: few(
      fc.oneof(
        fc.record({ id: one(ids), at: time, body: fc.constant('{}'), position: fc.option(one(vocabulary.subjects)) }),
        fc.record({ id: one(ids), body: fc.constant(null) }),
      ),
    ),
    rejected: few(
      one(vocabulary.refs).map(({ entity, id }) => ({ entity, id, version: { part: 1 }, problem: 'unreadable', field: null, raw: '{}' })),
    ),
  })

  const kept = fc
    .record({
      remoteId: maybe(fc.option(one(['r1', 'r2']))),
      objects: maybe(one([{}, { line: 'l1' }])),
      progress: maybe(one([null, { step: 1 }])),
      changedAt: maybe(time),
    })
    .map(({ remoteId, objects: children, progress, changedAt }) => ({
      ...(changedAt === undefined ? {} : { changedAt }),
      ...(remoteId === undefined ? {} : { remoteId }),
      ...(children === undefined ? {} : { objects: children }),
      ...(progress === undefined ? {} : { progress }),
    }))
  const waitsFor = fc.option(fc.record({ object: one(objects).map((each) => each.object), unit }), { freq: 5 })
  const part: FastCheck.Arbitrary<SettlementPart> = fc
    .tuple(
      kept,
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc
            .record({
              to: fc.constant('settled' as const),
              result: one(results),
              fingerprint: one([null, 'f1', 'f2']),
              waitsFor: maybe(waitsFor),
            })
            .map(({ waitsFor: without, ...rest }) => ({ ...rest, ...(without === undefined ? {} : { waitsFor: without }) })),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            to: fc.constant('ready' as const),
            nextAt: time,
            attempts: fc.nat(3),
            problem: problem,
            unconfirmed: fc.boolean(),
          }),
        },
        { weight: 1, arbitrary: fc.record({ to: fc.constant('ready' as const), nextAt: time, attempts: fc.nat(3) }) },
        { weight: 3, arbitrary: fc.record({ to: fc.constant('parked' as const), waitsFor, problem }) },
        { weight: 2, arbitrary: fc.record({ to: fc.constant('pending' as const), ticket: one(['t1', 't2']), nextAt: time }) },
        { weight: 2, arbitrary: fc.record({ to: fc.constant('dead' as const), attempts: fc.nat(3), problem }) },
        { weight: 1, arbitrary: fc.record({ to: fc.constant('held' as const), problem }) },
        { weight: 1, arbitrary: fc.record({ to: fc.constant('sending' as const) }) },
      ),
    )
    .map(([first, second]) => ({ ...first, ...second }))

  const held: FastCheck.Arbitrary<HeldConsentRow> = fc.record({
    unit,
    channel: one(['email', 'sms'] as const),
    target: one([null, '', '7']),
    status: one(['granted', 'denied', 'unknown'] as const),
    at: fc.option(time),
    firstSeenAt: time,
    reason: one([null, 'bounced'] as const),
    ours: fc.boolean(),
  })

  const filter: FastCheck.Arbitrary<DeliveryFilter> = fc
    .record({
      connection: maybe(connection),
      state: maybe(one(states)),
      code: maybe(one(['waiting'])),
      unit: maybe(unit),
      replayedLess: maybe(one([1, 2])),
    })
    .map((parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)))

  return fc.oneof(
    { weight: 4, arbitrary: page.map((each): Step => ({ do: 'ingest', page: each })) },
    { weight: 3, arbitrary: few(raise).map((raises): Step => ({ do: 'raise', raises })) },
    {
      weight: 2,
      arbitrary: few(fc.record({ pick: fc.nat(11), at: fc.option(time) })).map((times): Step => ({ do: 'schedule', times })),
    },
    { weight: 2, arbitrary: connection.map((each): Step => ({ do: 'raise-due', connection: each })) },
    {
      weight: 6,
      arbitrary: fc
        .record({ connection, limits: fc.record({ contact: fc.nat(3), deal: fc.nat(2), consent: fc.nat(1), told: fc.nat(2) }) })
        .map((each): Step => ({ do: 'claim', ...each })),
    },
    {
      weight: 8,
      arbitrary: few(fc.record({ pick: fc.nat(11), stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0), part })).map(
        (settlements): Step => ({ do: 'settle', settlements }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ connection, rows: few(held), raises: few(raise), cursor: maybe(one(['p1', 'p2'])) })
        .map((each): Step => ({ do: 'hold', ...each })),
    },
    { weight: 1, arbitrary: fc.record({ filter, cause: one(causes) }).map((each): Step => ({ do: 'requeue', ...each })) },
    { weight: 1, arbitrary: filter.map((each): Step => ({ do: 'discard', filter: each })) },
    { weight: 1, arbitrary: connection.map((each): Step => ({ do: 'release-held', connection: each })) },
    {
      weight: 1,
      arbitrary: fc
        .record({ connection, to: one(['pause', 'resume'] as const) })
        .map((each): Step => ({ do: each.to, connection: each.connection })),
    },
    { weight: 1, arbitrary: fc.record({ before: time, limit: fc.nat(4) }).map((each): Step => ({ do: 'prune', ...each })) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
    { weight: 2, arbitrary: fc.nat(1500).map((ms): Step => ({ do: 'wait', ms })) },
  )
}
