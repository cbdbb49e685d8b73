import { describe, expect, it } from 'vitest'
import { customerSchema } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { orderView } from '../views/order-view.ts'
import { personView, type PersonView } from '../views/person-view.ts'
import { orderFact } from './order-fact.ts'
import type { SignalRules } from './signal-rules.ts'

const at = '2026-03-01T12:00:00.000Z'
const account = customerSchema.parse({
  entity: 'customer',
  id: 'c',
  createdAt: at,
  modifiedAt: at,
  custom: { open_tickets: 2, utm_source: ' ' },
})
const order = (id: string, over: object = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    customerId: 'c',
    gross: { currency: 'USD', amount: '10.00' },
    refunded: { currency: 'USD', amount: '0.00' },
    ...over,
  })

const view = (signals: SignalRules, orders: Order[], deleted: string[] = []): PersonView =>
  personView(
    [
      { role: 'account', record: account, fact: null, rid: 1, deletedAt: null },
      ...orders.map((record, index) => ({
        role: 'order' as const,
        record: deleted.includes(record.id) ? null : record,
        fact: orderFact(record, 'shop'),
        rid: index + 2,
        deletedAt: null,
      })),
    ],
    { key: 'k', historical: false, now: Date.parse(at), signals },
  )

describe('suppression flags', () => {
  const returning = order('o1', { returns: [{ id: 'r', quantity: 1, shipmentState: 'advised', paymentState: 'initial' }] })
  const rules: SignalRules = {
    suppression: {
      recentPurchase: { path: 'placedAt', hours: 24 },
      returnInProgress: [{ of: 'order', path: 'returns.shipmentState', is: ['advised'] }],
      fraudHold: [{ of: 'order', path: 'custom.hold', is: ['review', 'fraud'] }],
      openIssue: [{ of: 'account', path: 'custom.open_tickets' }],
    },
  }

  it('are up while a record holds their evidence', () => {
    expect(view(rules, [order('o0'), returning]).signals.suppression).toEqual({ returnInProgress: true, fraudHold: false, openIssue: true })
    expect(view(rules, [order('o0')]).signals.suppression.returnInProgress).toBe(false)
    expect(view(rules, [order('o0', { custom: { hold: { key: 'fraud', label: 'Fraud' } } })]).signals.suppression.fraudHold).toBe(true)
  })

  it('do not exist without evidence, and a deleted order is evidence of nothing', () => {
    expect(view({}, [returning]).signals.suppression).toEqual({})
    expect(view(rules, [returning], ['o1']).signals.suppression.returnInProgress).toBe(false)
  })

  it('a recent purchase ends as a time; a cancelled order is none', () => {
    expect(view(rules, [order('o0')]).signals.suppressMarketingUntil).toBe('2026-03-02T12:00:00.000Z')
    expect(view(rules, [order('o0', { orderState: 'cancelled' })]).signals.suppressMarketingUntil).toBeUndefined()
  })
})

describe('acquisition', () => {
  const acquisition = { source: 'custom.utm_source', campaign: 'custom.utm_campaign' }
  const first = order('o1', { placedAt: '2026-01-01T00:00:00.000Z', custom: { utm_source: 'search', utm_campaign: 'spring' } })
  const second = order('o2', { custom: { utm_source: 'mail' } })

  it('the first touch stands on the person, whatever came first, and the last one on each order', () => {
    for (const orders of [
      [first, second],
      [second, first],
    ])
      expect(view({ acquisition }, orders).firstTouch).toEqual({ source: 'search', campaign: 'spring', at: '2026-01-01T00:00:00.000Z' })
    const context = { key: 'k', historical: false, deletedAt: null, source: 'shop', signals: { acquisition } }
    expect(orderView(second, context).touch).toEqual({ source: 'mail', at })
    expect(orderView(order('o3'), context).touch).toBeUndefined()
  })
})

describe('converted amounts', () => {
  const conversion = { currency: 'EUR', source: 'ECB', rates: { USD: { '2026-01-01': '0.5', '2026-03-01': '0.925' } } }
  const context = { key: 'k', historical: false, deletedAt: null, source: 'shop', signals: { conversion } }
  const old = order('o1', { placedAt: '2026-02-28T23:59:59.999Z', gross: { currency: 'USD', amount: '0.01' } })

  it('carry the rate of the day the order was placed, its date and its source', () => {
    expect(orderView(order('o2'), context).converted).toEqual({
      gross: { currency: 'EUR', amount: '9.25' },
      amountDue: { currency: 'EUR', amount: '9.25' },
      net: undefined,
      rate: '0.925',
      date: '2026-03-01',
      source: 'ECB',
    })
    expect(orderView(old, context).converted).toMatchObject({ gross: { amount: '0.01' }, rate: '0.5', date: '2026-01-01' })
  })

  it('a later rate changes no order that was converted', () => {
    const later = { ...conversion, rates: { USD: { ...conversion.rates.USD, '2026-03-02': '7' } } }
    expect(orderView(order('o2'), { ...context, signals: { conversion: later } }).converted).toEqual(
      orderView(order('o2'), context).converted,
    )
  })

  it('are absent for a person as soon as one order has no rate: a part of a sum is no sum', () => {
    expect(
      view({ conversion }, [
        order('o2'),
        order('o3', { gross: { currency: 'EUR', amount: '1.00' }, refunded: { currency: 'EUR', amount: '0.00' } }),
      ]).signals.converted,
    ).toEqual({
      total: { currency: 'EUR', amount: '10.25' },
      kept: { currency: 'EUR', amount: '10.25' },
      source: 'ECB',
    })
    expect(view({ conversion }, [order('o2'), order('o4', { placedAt: '2025-12-31T00:00:00.000Z' })]).signals.converted).toBeUndefined()
    expect(view({}, [order('o2')]).signals.converted).toBeUndefined()
  })
})
