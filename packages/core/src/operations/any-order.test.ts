import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import type { RecordRef } from '../model/record.ts'
import type { Outcome } from '../spec/destination.ts'
import type { Store } from '../spec/store.ts'
import { memoryStore, recordingDestination, scriptedSource, type RecordingDestination } from '../testing/index.ts'

const start = Date.parse('2026-06-01T00:00:00.000Z')
const day = 86_400_000

/** A clock that a test moves, also backwards; pauses pass at once. */
const movableClock = (): Clock & { jump(ms: number): void; latest(): number } => {
  let now = start
  let latest = start
  let monotonic = 0
  const move = (ms: number): void => {
    now += ms
    latest = Math.max(latest, now)
  }
  return {
    jump: move,
    latest: () => latest,
    sleep: async (ms) => {
      move(ms)
      monotonic += ms
    },
    now: () => now,
    monotonic: () => monotonic,
  }
}

/** What is at the destination, by our keys. What depends on when somebody was first seen is left out: history, and fields that are set on create only. */
const content = (crm: RecordingDestination): unknown => {
  const keyOf = (remoteId: string): string => crm.remote.get(remoteId)?.key ?? 'unknown'
  return ['contact', 'deal'].map((object) =>
    crm
      .objectsOf(object)
      .map(({ key, fields, parents, children }) => {
        const { historical: _historical, stage, ...rest } = fields
        return { key, fields: object === 'deal' ? { ...rest, stage } : rest, parents: parents.map(keyOf), children }
      })
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  )
}

const money = (amount: string) => ({ currency: 'EUR', amount })
const email = (n: number): string => `p${n}@example.com`

/** A shop that edits change, with a version per record. */
const shopping = () => {
  const shop = scriptedSource({ now: start, pageSize: 3 })
  let edits = 0
  const stamp = (): string => {
    edits += 1
    shop.setNow(start + edits * 1000 + 1)
    return new Date(start + edits * 1000).toISOString()
  }
  const at = new Date(start).toISOString()
  return {
    shop,
    customer: (n: number, name: number) =>
      shop.put(
        customerSchema.parse({
          entity: 'customer',
          id: `c${n}`,
          createdAt: at,
          modifiedAt: stamp(),
          email: email(n),
          lastName: `v${name}`,
        }),
      ),
    order: (n: number, buyer: number, amount: number, guest: boolean) =>
      shop.put(
        orderSchema.parse({
          entity: 'order',
          id: `o${n}`,
          number: `N${n}`,
          createdAt: at,
          modifiedAt: stamp(),
          placedAt: at,
          ...(guest ? { email: email(buyer) } : { customerId: `c${buyer}` }),
          gross: money(`${amount}.00`),
          refunded: money('0.00'),
        }),
      ),
  }
}

const person = fc.nat(3)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('customer' as const), n: person, name: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('order' as const), n: fc.nat(4), amount: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      entity: fc.constantFrom('customer' as const, 'order' as const),
      n: fc.nat(4),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('meanwhile' as const), n: person, name: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'sync' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'backfill' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'replay' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      kind: fc.constantFrom('none', 'record', 'batch', 'destination', 'silent'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(-day, -1000, 1000, day) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const failed = (unit: string, scope: 'record' | 'batch' | 'destination'): Outcome => ({
  unit,
  result: 'failed',
  error: new MillraceError({ code: `trouble_${scope}`, message: 'In trouble.', retryable: scope !== 'record', scope }),
})

const play = async (steps: readonly Step[], store: Store): Promise<{ crm: RecordingDestination; expected: RecordingDestination }> => {
  const { shop, customer, order } = shopping()
  const crm = recordingDestination()
  const clock = movableClock()
  const open = (destination = crm, on = store) =>
    createMillrace({ sources: { shop }, connections: { crm: { destination } }, store: on, clock })
  let millrace = open()
  // Edits that happen, and are announced, while something is on its way to the vendor.
  const meanwhile: (() => Promise<unknown>)[] = []
  const deliver = crm.deliver
  crm.deliver = async function* (inputs, ctx) {
    const applied: Outcome[][] = []
    for await (const outcomes of deliver(inputs, ctx)) applied.push(outcomes)
    await meanwhile.pop()?.()
    yield* applied
  }
  for (const each of steps) {
    switch (each.do) {
      case 'customer':
        customer(each.n, each.name)
        break
      case 'order':
        // The buyer of an order stays the same; every third was a guest.
        order(each.n, each.n % 4, each.amount, each.n % 3 === 1)
        break
      case 'push': {
        const ref: RecordRef<'shop'> = { source: 'shop', entity: each.entity, id: `${each.entity === 'customer' ? 'c' : 'o'}${each.n}` }
        await Promise.all(Array.from({ length: each.times }, () => millrace.push(ref, { drainMs: 2_000 })))
        break
      }
      case 'meanwhile':
        meanwhile.push(async () => {
          customer(each.n, each.name)
          await millrace.push({ source: 'shop', entity: 'customer', id: `c${each.n}` }, { drainMs: 0 })
        })
        break
      case 'sync':
        await millrace.sync({ drainMs: 2_000 })
        break
      case 'backfill':
        await millrace.backfill({ drainMs: 2_000 })
        break
      case 'replay':
        await millrace.deadLetters.replay({})
        break
      case 'restart':
        await millrace.close()
        millrace = open()
        break
      case 'trouble':
        crm.intercept = ({ unit, key }) => {
          if (each.kind === 'none' || key.length % 2 === 0) return undefined
          if (each.kind === 'silent') return 'silent'
          return failed(unit, each.kind === 'record' || each.kind === 'batch' ? each.kind : 'destination')
        }
        break
      case 'jump':
        clock.jump(each.ms)
    }
  }
  crm.intercept = () => undefined
  meanwhile.length = 0
  // Whatever the clock said, its latest time comes.
  clock.jump(Math.max(0, clock.latest() - clock.now()) + 2 * day)
  await millrace.backfill()
  await millrace.deadLetters.replay({})
  expect((await millrace.sync()).run.status).toBe('completed')
  const expected = recordingDestination()
  expect((await open(expected, memoryStore()).backfill()).run.status).toBe('completed')
  return { crm, expected }
}

/** The order of an account that was never seen is on its way, and so is the guest of the same e-mail, when the account comes. */
const joinedWhileItsOrderIsOnItsWay: Step[] = [
  { do: 'order', n: 0, amount: 0 },
  { do: 'order', n: 4, amount: 0 },
  { do: 'meanwhile', n: 0, name: 0 },
  { do: 'meanwhile', n: 1, name: 0 },
  { do: 'customer', n: 1, name: 0 },
  { do: 'sync' },
]

describe('notifications, polls, backfills, replays, restarts, failures and jumps of the clock', () => {
  it('end in the same state in whatever order and number they come, with nothing lost and nothing doubled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { crm, expected } = await play(steps, memoryStore())
        expect(content(crm)).toEqual(content(expected))
      }),
      { numRuns: 60, examples: [[joinedWhileItsOrderIsOnItsWay]] },
    )
  })
})

/** A store whose nth writing command fails as a full disk does, before anything of it is stored. */
const fullDisk = (store: Store, nth: number): { store: Store; mend(): void } => {
  let left = nth
  const failing = new Set(['ingest', 'raise', 'claim', 'settle', 'putRun', 'putCursor', 'putContract', 'putStates', 'schedule'])
  return {
    mend: () => void (left = Infinity),
    store: new Proxy(store, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function' || !failing.has(String(name))) return member
        return async (...args: unknown[]): Promise<unknown> => {
          left -= 1
          if (left <= 0) throw new MillraceError({ code: 'store_full', message: 'The disk is full.', scope: 'destination' })
          return Reflect.apply(member, target, args)
        }
      },
    }),
  }
}

describe('a disk that is full from any command on', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index + 1))('loses nothing and doubles nothing (command %i)', async (nth) => {
    const { shop, customer, order } = shopping()
    for (let n = 0; n < 7; n++) customer(n, 0)
    for (let n = 0; n < 5; n++) order(n, n, n, false)
    const crm = recordingDestination({ limit: 3 })
    const { store, mend } = fullDisk(memoryStore(), nth)
    const clock = movableClock()
    const open = () => createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store, clock })
    const said: unknown = await open()
      .backfill()
      .then(
        ({ problems }) => problems,
        (error: unknown) => [error],
      )
    const done = content(crm)
    mend()
    expect((await open().backfill()).run.status).toBe('completed')
    expect(crm.objectsOf('contact')).toHaveLength(7)
    expect(crm.objectsOf('deal')).toHaveLength(5)
    if (JSON.stringify(done) !== JSON.stringify(content(crm))) expect(said).toMatchObject([{ code: 'store_full' }])
  })
})
