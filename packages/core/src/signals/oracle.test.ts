import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { path } from '../contract/expression.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { oracle, type PlainPerson } from './oracle.fixture.ts'
import { orderFact } from './order-fact.ts'
import { personSignals } from './person-signals.ts'
import { day, plainPerson, signalRules, start, toCustomer, toOrder } from './plain-order.fixture.ts'

/** Undefined parts are absent parts. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the signals of a person', () => {
  it('equal an oracle that shares no code, at any time', () => {
    fc.assert(
      fc.property(plainPerson, fc.integer({ min: 0, max: 800 }), fc.constantFrom(-1, 0, 1), (person, days, ms) => {
        const now = start + days * day + ms
        const facts = person.orders.map((order) => orderFact(toOrder(order, 'c'), 'shop'))
        const { optedIn } = person
        const {
          lastSkus: _skus,
          totalsText: _text,
          suppression: _flags,
          ...signals
        } = personSignals(facts, { now, rules: signalRules, locales: ['en'], optedIn })
        expect(plain(signals)).toEqual(plain(oracle(person, now)))
      }),
      { numRuns: 500 },
    )
  })
})

/** What the contract of the test sends. */
const sent = (person: PlainPerson, now: number): string => {
  const { rfm, commerceStage } = oracle(person, now)
  return JSON.stringify([rfm?.score ?? null, rfm?.recency ?? null, commerceStage])
}

const world = (people: readonly PlainPerson[]) => {
  let now = start
  const clock = { now: () => now, monotonic: () => now, sleep: async (ms: number) => void (now += ms) }
  const shop = scriptedSource({ now: start })
  people.forEach((person, index) => {
    shop.put(toCustomer(person, `c${index}`))
    for (const order of person.orders) shop.put(toOrder(order, `c${index}`))
  })
  const crm = recordingDestination()
  const millrace = createMillrace({
    sources: { shop },
    connections: {
      crm: {
        destination: crm,
        contract: {
          signals: signalRules,
          objects: {
            contact: {
              fields: {
                rfm: { value: path('signals.rfm.score'), type: 'string', blank: 'erase' },
                recency: { value: path('signals.rfm.recency'), type: 'integer', blank: 'erase' },
                stage: { value: path('signals.commerceStage'), type: 'string', owner: 'source' },
              },
            },
            deal: false,
          },
        },
      },
    },
    store: memoryStore(),
    clock,
  })
  /** Which people were sent since the last call, and what they look like now. */
  const changed = (): string[] =>
    crm.inputs
      .splice(0)
      .flatMap((inputs) => inputs.map(({ unit }) => unit.split(':')[2] ?? ''))
      .toSorted()
  return {
    millrace,
    changed,
    wait: (ms: number) => {
      now += ms
    },
    now: () => now,
    sentOf: (index: number): string => {
      const { fields } = crm.objectsOf('contact').find(({ key }) => key === `shop:c${index}`) ?? {}
      return JSON.stringify([fields?.['rfm'] ?? null, fields?.['recency'] ?? null, fields?.['stage'] ?? null])
    },
  }
}

describe('when the clock moves and nothing else', () => {
  it('91 days later exactly the customers whose signals differ are sent, and they say what the oracle says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(plainPerson, { minLength: 1, maxLength: 8 }),
        fc.array(fc.constantFrom(1, 29, 30, 60, 91, 200), { minLength: 1, maxLength: 3 }),
        async (people, waits) => {
          const { millrace, changed, wait, now, sentOf } = world(people)
          const first = await millrace.backfill()
          expect(first.run.status).toBe('completed')
          expect(changed()).toHaveLength(people.length)
          for (const days of [91, ...waits]) {
            const before = people.map((person) => sent(person, now()))
            wait(days * day)
            const report = await millrace.sync()
            expect(report.run.status).toBe('completed')
            expect(changed()).toEqual(
              people.flatMap((person, index) => (sent(person, now()) === before[index] ? [] : [`c${index}`])).toSorted(),
            )
            expect(people.map((_, index) => sentOf(index))).toEqual(people.map((person) => sent(person, now())))
          }
          await millrace.close()
        },
      ),
      { numRuns: 60 },
    )
  })

  it('nobody is raised whose signals no rule reads, and nothing waits in between', async () => {
    const order = {
      id: 'o',
      at: start - day,
      currency: 'EUR',
      gross: 100,
      net: null,
      refunded: 0,
      paid: true,
      cancelled: false,
      lines: [],
    } as const
    const { millrace, changed, wait } = world([
      { optedIn: true, orders: [] },
      { optedIn: false, orders: [{ ...order, lines: [] }] },
    ])
    await millrace.backfill()
    changed()
    expect((await millrace.status()).connections['crm']?.nextAt).toBeNull()
    wait(28 * day)
    expect((await millrace.sync()).connections['crm']).toMatchObject({ delivered: 0, unchanged: 0 })
    wait(2 * day)
    expect((await millrace.sync()).connections['crm']).toMatchObject({ delivered: 1, unchanged: 0 })
    expect(changed()).toEqual(['c1'])
  })
})
