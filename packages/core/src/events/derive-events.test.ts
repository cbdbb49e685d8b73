import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Order } from '../model/order.ts'
import { cart, customer, eventWorld, minute, order, start } from './event-fixture.ts'
import { deriveEvents } from './derive-events.ts'

const typesOf = (...parameters: Parameters<typeof deriveEvents>): string[] => deriveEvents(...parameters).map(({ type }) => type)

describe('events of an order', () => {
  const refunded = (...states: ('success' | 'pending')[]): Order['payments'] => [
    {
      id: 'p1',
      transactions: states.map((state, index) => ({
        id: `t${index}`,
        type: index === 1 ? 'chargeback' : 'refund',
        state,
        amount: { currency: 'EUR', amount: '1.50' },
      })),
    },
  ]

  it('are the facts that it shows now and did not show before', () => {
    const placed = order('o1', 'c1', 1)
    expect(typesOf(undefined, placed)).toEqual(['order.placed'])
    expect(typesOf(placed, { ...placed, orderState: 'complete', paidAt: minute(2) })).toEqual([
      'order.confirmed',
      'order.paid',
      'purchase.first',
      'order.fulfilled',
    ])
    expect(typesOf(placed, { ...placed, orderState: 'cancelled' })).toEqual(['order.cancelled'])
    expect(typesOf(placed, placed)).toEqual([])
  })

  it('tell every refund that went through by its transaction, with its own amount', () => {
    const before = order('o1', 'c1', 1, { payments: refunded('success', 'pending') })
    const events = deriveEvents(before, order('o1', 'c1', 1, { payments: refunded('success', 'success') }))
    expect(events.map(({ id, data }) => [id, data.value])).toEqual([['refund:t1', { currency: 'EUR', amount: '1.50' }]])
  })

  it('tell returns item by item, with the goods that come back', () => {
    const item = (shipmentState: 'advised' | 'returned'): Order['returns'] => [
      { id: 'r1', lineId: 'l1', quantity: 1, shipmentState, paymentState: 'initial' },
    ]
    const advised = order('o1', 'c1', 1, { returns: item('advised') })
    const [progress] = deriveEvents(order('o1', 'c1', 1), advised)
    expect(progress).toMatchObject({ id: 'return.in-progress:o1:r1', data: { quantity: 1, lines: [{ sku: 'SHIRT-M', quantity: 1 }] } })
    expect(typesOf(advised, order('o1', 'c1', 1, { returns: item('returned') }))).toEqual(['return.received'])
  })

  it('hold the goods with name, category path and exact amounts', () => {
    const [placed] = deriveEvents(undefined, order('o1', 'c1', 1, { store: 'berlin', locale: 'en' }))
    expect(placed?.data).toMatchObject({
      store: 'berlin',
      value: { currency: 'EUR', amount: '20.00' },
      quantity: 2,
      lines: [{ sku: 'SHIRT-M', productKey: 'shirt', name: 'A shirt', categoryPath: ['Clothing', 'Shirts'], price: { amount: '10.00' } }],
    })
  })
})

describe('events of an account', () => {
  it('tell each statement about consent by its time, and a change of the profile by its fields', () => {
    const consent = { channel: 'email', purpose: 'marketing', status: 'granted', at: minute(0) } as const
    const before = customer('c1', 0, { consents: [consent] })
    expect(typesOf(undefined, before)).toEqual(['account.created', 'consent.changed'])
    const after = customer('c1', 0, {
      modifiedAt: minute(5),
      firstName: 'Ada',
      consents: [{ ...consent, status: 'denied', at: minute(4) }],
    })
    expect(deriveEvents(before, after).map(({ type, occurredAt, data }) => [type, occurredAt, data.changed])).toEqual([
      ['consent.changed', minute(4), []],
      ['profile.changed', minute(5), ['firstName']],
    ])
    expect(typesOf(undefined, customer('c1', 0, { consents: [{ ...consent, status: 'unknown', at: undefined }] }))).toEqual([
      'account.created',
    ])
  })

  it('tell a statement without a time when it differs from the one before', () => {
    const stated = (status: 'granted' | 'denied', at: number) =>
      customer('c1', 0, { modifiedAt: minute(at), consents: [{ channel: 'sms', purpose: 'marketing', status }] })
    expect(typesOf(stated('granted', 1), stated('granted', 2))).toEqual([])
    expect(typesOf(stated('granted', 1), stated('denied', 2))).toEqual(['consent.changed'])
  })
})

describe('events of a cart', () => {
  it('tell that it holds something else, and once that its checkout was started', () => {
    const filled = cart('k1', 'c1', 1)
    expect(typesOf(undefined, filled)).toEqual(['cart.updated'])
    const atCheckout = { ...filled, shippingAddress: { city: 'Berlin' }, modifiedAt: minute(2) }
    expect(typesOf(filled, atCheckout)).toEqual(['checkout.started'])
    expect(typesOf(atCheckout, { ...atCheckout, shippingAddress: { city: 'Paris' } })).toEqual([])
    expect(typesOf(filled, { ...filled, lines: [] })).toEqual(['cart.updated'])
    expect(typesOf(undefined, { ...filled, lines: [] })).toEqual([])
  })
})

/** Versions that an order goes through; each is one step further. */
const life: readonly Order[] = [
  order('o1', 'c1', 10),
  order('o1', 'c1', 10, { modifiedAt: minute(11), orderState: 'confirmed' }),
  order('o1', 'c1', 10, { modifiedAt: minute(12), orderState: 'confirmed', paidAt: minute(12) }),
  // The payment fails in the end, and is made good later.
  order('o1', 'c1', 10, { modifiedAt: minute(13), orderState: 'confirmed' }),
  order('o1', 'c1', 10, { modifiedAt: minute(14), orderState: 'complete', paidAt: minute(14), shipmentState: 'shipped' }),
  order('o1', 'c1', 10, {
    modifiedAt: minute(15),
    orderState: 'complete',
    paidAt: minute(14),
    payments: [
      {
        id: 'p1',
        transactions: [{ id: 't1', type: 'refund', state: 'success', amount: { currency: 'EUR', amount: '3.00' }, at: minute(15) }],
      },
    ],
  }),
]

const everything = ['order.confirmed', 'order.fulfilled', 'order.paid', 'order.placed', 'purchase', 'refund'].map((type) =>
  type === 'refund' ? 'shop:refund:t1' : `shop:${type}:o1`,
)

describe('whatever way the versions of an order come', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('version' as const), index: fc.nat(life.length - 1) }),
    fc.record({ do: fc.constantFrom('sync', 'push', 'twice', 'backfill', 'restart') }),
  )

  it('each fact is told once, under the same id, and nothing is told that did not happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const world = eventWorld({ events: 'at-most-once', contract: { events: { 'account.created': false } } })
        const { shop, at, told } = world
        let { millrace } = world
        const ref = { source: 'shop', entity: 'order', id: 'o1' } as const
        shop.put(customer('c1'))
        at(5)
        await millrace.sync()
        let now = 20
        const put = (index: number): void => {
          const version = life[index]
          if (version !== undefined)
            shop.put({ ...version, modifiedAt: new Date(start + now * 60_000).toISOString() }, { order: index + 1 })
        }
        for (const each of [...steps, { do: 'version', index: life.length - 1 } as const, { do: 'sync' } as const]) {
          now += 1
          at(now)
          if ('index' in each) put(each.index)
          else if (each.do === 'sync') await millrace.sync()
          else if (each.do === 'backfill') await millrace.backfill()
          else if (each.do === 'restart') millrace = world.open()
          else await millrace.push(each.do === 'twice' ? [ref, ref] : ref)
        }
        at(now + 1)
        await millrace.sync()
        const ids = told('id')
        expect(new Set(ids).size).toBe(ids.length)
        // A first sight in a backfill records what had happened until then as sent.
        const [placed] = await world.store.events([{ source: 'shop', id: 'order.placed:o1' }])
        if (placed?.body === null) expect(everything).toEqual(expect.arrayContaining(ids))
        else expect(ids).toEqual(everything)
      }),
      { numRuns: 60 },
    )
  })
})
