import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrderFact } from '../spec/store.ts'
import { personSignals } from './person-signals.ts'

const fact = (over: Partial<OrderFact> & { orderId: string }): OrderFact => ({
  source: 'shop',
  number: null,
  placedAt: '2026-01-01T00:00:00.000Z',
  paidAt: null,
  currency: 'EUR',
  gross: '10.00',
  net: null,
  refunded: '0.00',
  cancelled: false,
  guest: false,
  skus: [],
  ...over,
})

const digits: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 }

const facts = fc.array(
  fc.record({
    // Two sources may use the same id.
    source: fc.constantFrom('shop-eu', 'shop-us'),
    orderId: fc.constantFrom('1', '2', '3'),
    number: fc.constant(null),
    placedAt: fc.integer({ min: 0, max: 5 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString()),
    paidAt: fc.option(fc.constant('2026-02-01T00:00:00.000Z')),
    money: fc.tuple(fc.constantFrom('EUR', 'JPY', 'KWD'), fc.nat(1_000_000), fc.nat(1_000_000)),
    cancelled: fc.boolean(),
    guest: fc.boolean(),
    skus: fc.array(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 3 }),
  }),
  { maxLength: 12 },
)

const decimal = (units: number, places: number): string => {
  const text = String(units).padStart(places + 1, '0')
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
}

const toFact = ({
  money: [currency, gross, refunded],
  ...rest
}: { money: [string, number, number] } & Omit<OrderFact, 'currency' | 'gross' | 'net' | 'refunded'>): OrderFact => ({
  ...rest,
  currency,
  gross: decimal(gross, digits[currency] ?? 2),
  net: null,
  refunded: decimal(refunded, digits[currency] ?? 2),
})

describe('the signals of a person', () => {
  it('are empty without orders', () => {
    expect(personSignals([])).toEqual({
      orderCount: 0,
      paidOrderCount: 0,
      totals: {},
      averages: {},
      refundedTotals: {},
      keptTotals: {},
      netTotals: {},
      netAverages: {},
      lastSkus: [],
      lastCategories: [],
      suppression: {},
      totalsText: '',
    })
  })

  it('keep currencies apart and every cent', () => {
    const signals = personSignals([
      fact({ orderId: '1', gross: '0.10' }),
      fact({ orderId: '2', gross: '0.20', refunded: '0.05', paidAt: '2026-01-02T00:00:00.000Z' }),
      fact({ orderId: '3', currency: 'JPY', gross: '5000', refunded: '0', placedAt: '2026-03-01T00:00:00.000Z' }),
    ])
    expect(signals).toMatchObject({
      orderCount: 3,
      paidOrderCount: 1,
      firstOrderAt: '2026-01-01T00:00:00.000Z',
      lastOrderAt: '2026-03-01T00:00:00.000Z',
      totals: { EUR: { currency: 'EUR', amount: '0.30' }, JPY: { currency: 'JPY', amount: '5000' } },
      refundedTotals: { EUR: { amount: '0.05' }, JPY: { amount: '0' } },
      keptTotals: { EUR: { amount: '0.25' }, JPY: { amount: '5000' } },
      averages: { EUR: { amount: '0.15' }, JPY: { amount: '5000' } },
      totalsText: 'EUR 0.30; JPY 5000',
    })
  })

  it('round an average half away from zero, once', () => {
    const orders = [fact({ orderId: '1', gross: '0.01' }), fact({ orderId: '2', gross: '0.00' })]
    expect(personSignals(orders).averages['EUR']?.amount).toBe('0.01')
    expect(personSignals([...orders, fact({ orderId: '3', gross: '0.00' })]).averages['EUR']?.amount).toBe('0.00')
  })

  it('leave cancelled orders out of everything', () => {
    const kept = fact({ orderId: '1', skus: ['A'] })
    expect(personSignals([kept, fact({ orderId: '2', cancelled: true, skus: ['B'], placedAt: '2027-01-01T00:00:00.000Z' })])).toEqual(
      personSignals([kept]),
    )
  })

  it('list the last SKUs from the newest order back, each once, ten at most', () => {
    const old = fact({ orderId: '1', skus: ['A', 'B'] })
    const recent = fact({ orderId: '2', skus: ['B', 'C'], placedAt: '2026-02-01T00:00:00.000Z' })
    expect(personSignals([old, recent]).lastSkus).toEqual(['B', 'C', 'A'])
    expect(personSignals([fact({ orderId: '3', skus: Array.from({ length: 30 }, (_, index) => `S${index}`) })]).lastSkus).toHaveLength(10)
  })

  it('are the same in whatever order the facts come', () => {
    fc.assert(
      fc.property(
        facts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(JSON.stringify(personSignals(shuffled.map(toFact)))).toBe(JSON.stringify(personSignals(list.map(toFact))))
        },
      ),
    )
  })

  it('agree with integers added up by hand', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const signals = personSignals(list.map(toFact))
        const counted = list.filter(({ cancelled }) => !cancelled)
        expect(signals.orderCount).toBe(counted.length)
        expect(Object.keys(signals.totals)).toEqual([...new Set(counted.map(({ money }) => money[0]))].toSorted())
        for (const [currency, total] of Object.entries(signals.totals)) {
          const own = counted.filter(({ money }) => money[0] === currency)
          const sum = own.reduce((before, { money }) => before + money[1], 0)
          const refunded = own.reduce((before, { money }) => before + money[2], 0)
          expect(total.amount).toBe(decimal(sum, digits[currency] ?? 2))
          expect(signals.refundedTotals[currency]?.amount).toBe(decimal(refunded, digits[currency] ?? 2))
          expect(Number(signals.keptTotals[currency]?.amount.replace('.', ''))).toBe(sum - refunded)
        }
      }),
    )
  })
})
