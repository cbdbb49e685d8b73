import { describe, expect, it } from 'vitest'
import { amount, path } from '../contract/expression.ts'
import { createMillrace } from '../create-millrace.ts'
import type { ReconciledConnection, ReconcileOptions, ReconcileReport } from '../api/reconcile-report.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import type { Destination } from '../spec/destination.ts'
import { memoryStore, recordingDestination, scriptedSource, type RecordingDestination, type RemoteObject } from '../testing/index.ts'

const money = (units: number, currency = 'EUR'): { currency: string; amount: string } =>
  currency === 'JPY' ? { currency, amount: String(units) } : { currency, amount: (units / 100).toFixed(2) }

const order = (index: number, over: Partial<Order> = {}): Order => {
  // Every day of March in Berlin, some of them in the last minute of the day.
  const at = new Date(Date.parse('2026-03-01T11:00:00.000Z') + index * 7_200_000).toISOString()
  const currency = index % 7 === 3 ? 'JPY' : 'EUR'
  return orderSchema.parse({
    entity: 'order',
    id: `o${index}`,
    number: `N-${index}`,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    ...(index % 6 === 5 ? { paymentState: 'pending' } : { paidAt: at, paymentState: 'paid' }),
    orderState: index % 11 === 10 ? 'cancelled' : 'open',
    customerId: 'c1',
    store: index % 2 === 0 ? 'berlin' : 'wien',
    customerGroup: index % 3 === 0 ? { id: 'g', name: 'VIP' } : undefined,
    gross: money(10_000 + index, currency),
    net: money(8_000 + index, currency),
    refunded: money(index % 8 === 2 ? 1_500 : 0, currency),
    lines: [{ id: 'l', quantity: 1, unitPrice: money(1, currency), total: money(1, currency) }],
    ...over,
  })
}

/** The recording destination with fields for money, told by `totals`, and able to list what it holds. */
const ledger = (crm: RecordingDestination): Destination => {
  const { deal } = crm.objects
  if (deal === undefined) throw new TypeError('no deal')
  return {
    ...crm,
    deliver: (inputs, ctx) => crm.deliver(inputs, ctx),
    objects: {
      ...crm.objects,
      deal: {
        ...deal,
        totals: {
          currency: 'currency',
          amount: 'amount',
          gross: '{prefix}_gross',
          net: '{prefix}_net',
          refunded: '{prefix}_refunded',
          placedAt: '{prefix}_placed_at',
          paidAt: 'closed_at',
          stage: { field: 'stage', won: ['paid', 'fulfilled', 'returned'] },
          pipeline: 'pipeline',
          number: 'number',
          id: '{prefix}_order_id',
        },
      },
    },
    async *list({ object, fields, foreign }) {
      const found = crm.objectsOf(object).filter(({ key }) => foreign === true || key !== '')
      for (let at = 0; at < found.length; at += 10) {
        yield found.slice(at, at + 10).map((item) => ({
          object,
          key: item.key,
          remoteId: item.remoteId,
          fields: Object.fromEntries(fields.map((name) => [name, item.fields[name] ?? null])),
        }))
      }
    },
  }
}

const world = async (orders: readonly Order[]) => {
  const shop = scriptedSource({ now: Date.parse('2026-06-01T00:00:00.000Z') })
  shop.put(
    customerSchema.parse({
      entity: 'customer',
      id: 'c1',
      createdAt: '2026-01-01T00:00:00.000Z',
      modifiedAt: '2026-01-01T00:00:00.000Z',
      email: 'a@example.com',
    }),
  )
  for (const each of orders) shop.put(each)
  const crm = recordingDestination()
  const store = memoryStore()
  const millrace = createMillrace({
    sources: { shop },
    connections: {
      crm: {
        destination: ledger(crm),
        contract: {
          timeZone: 'Europe/Berlin',
          objects: {
            deal: {
              fields: {
                currency: { value: path('currency'), type: 'string' },
                pipeline: { value: path('pipeline'), type: 'string' },
                closed_at: { value: path('paidAt'), type: 'datetime', blank: 'erase' },
                '{prefix}_order_id': { value: path('id'), type: 'string' },
                '{prefix}_gross': { value: amount('gross'), type: 'decimal' },
                '{prefix}_net': { value: amount('net'), type: 'decimal' },
                '{prefix}_refunded': { value: amount('refunded'), type: 'decimal' },
                '{prefix}_placed_at': { value: path('placedAt'), type: 'datetime' },
              },
            },
          },
        },
      },
      plain: { destination: recordingDestination() },
    },
    store,
  })
  await millrace.backfill()
  const deal = (index: number): RemoteObject => {
    const found = crm.objectsOf('deal').find(({ key }) => key === `shop:o${index}`)
    if (found === undefined) throw new TypeError(`no deal ${index}`)
    return found
  }
  const compare = async (options: Omit<ReconcileOptions, 'connection'> = {}): Promise<ReconcileReport & { crm: ReconciledConnection }> => {
    const report = await millrace.reconcile({ from: '2026-03-01', to: '2026-03-31', connection: 'crm', ...options })
    const own = report.connections['crm']
    if (own === undefined) throw new TypeError('not reconciled')
    return { ...report, crm: own }
  }
  return { shop, crm, store, millrace, deal, compare }
}

const orders = Array.from({ length: 60 }, (_, index) => order(index))
const clean = { ok: true, crm: { status: 'agrees', findings: [], beyond: [] } }

describe('a clean shop', () => {
  it.each(['paid', 'placed'] as const)('has no finding on the basis %s, and its sums are those of the orders', async (basis) => {
    const { compare } = await world(orders)
    const report = await compare({ basis })
    expect(report).toMatchObject(clean)
    const counted = orders.filter((each) => basis === 'placed' || (each.paidAt !== undefined && each.orderState !== 'cancelled'))
    const grossOf = (currency: string): number =>
      counted.filter(({ gross }) => gross.currency === currency).reduce((sum, { gross }) => sum + Number(gross.amount), 0)
    for (const currency of ['EUR', 'JPY']) {
      for (const groups of [report.crm.groups, report.crm.utcGroups]) {
        const own = groups.filter((group) => group.currency === currency)
        for (const end of ['source', 'destination'] as const) {
          expect(own.reduce((sum, group) => sum + Number(group[end].gross), 0)).toBeCloseTo(grossOf(currency), 6)
          expect(own.reduce((sum, group) => sum + group[end].orders, 0)).toBe(
            counted.filter(({ gross }) => gross.currency === currency).length,
          )
        }
      }
    }
    expect(new Set(report.crm.groups.map(({ store, customerGroup }) => `${store} ${customerGroup}`))).toEqual(
      new Set(['berlin VIP', 'berlin null', 'wien VIP', 'wien null']),
    )
  })

  it('an order paid at 23:59 of the shop belongs to that day there, and to its own in UTC', async () => {
    const { compare } = await world([order(0, { paidAt: '2026-03-10T22:59:30.000Z' }), order(1, { paidAt: '2026-03-10T23:00:00.000Z' })])
    const { crm } = await compare()
    expect(crm.groups.map(({ day, source, destination }) => [day, source.orders, destination.orders])).toEqual([
      ['2026-03-10', 1, 1],
      ['2026-03-11', 1, 1],
    ])
    expect(crm.utcGroups.map(({ day }) => day)).toEqual(['2026-03-10', '2026-03-10'])
    expect((await compare({ from: '2026-03-11', to: '2026-03-11' })).crm.groups).toHaveLength(1)
  })

  it('an order that is won without a time of payment belongs to no day, also where the destination makes one up', async () => {
    const { compare, deal } = await world([order(0), order(1, { paidAt: undefined, shipmentState: 'shipped', paymentState: 'unknown' })])
    deal(1).fields['closed_at'] = '2026-03-05T10:00:00Z'
    const { crm, ok } = await compare()
    expect({ ok, findings: crm.findings, days: crm.groups.map(({ day }) => day) }).toEqual({ ok: true, findings: [], days: ['2026-03-01'] })
  })

  it('orders on their way, deleted ones and those the contract does not take are no findings', async () => {
    const { shop, crm, millrace, compare } = await world(orders)
    crm.intercept = (input) => (input.object === 'deal' ? 'lost' : undefined)
    shop.setNow(Date.parse('2026-06-02T00:00:00.000Z'))
    shop.put({ ...order(0), modifiedAt: '2026-06-01T12:00:00.000Z', gross: money(77_700) })
    await millrace.sync({ drainMs: 0 })
    const { crm: compared } = await compare()
    expect(compared).toMatchObject({ status: 'agrees', findings: [], inFlight: [{ currency: 'EUR', orders: 1, gross: '777.00' }] })
  })
})

describe('a shop with one thing wrong', () => {
  const cases: [string, (given: Awaited<ReturnType<typeof world>>) => void, object][] = [
    ['a missing order', ({ deal }) => void (deal(4).archived = true), { kind: 'missing', number: 'N-4', key: 'shop:o4', state: 'settled' }],
    [
      'a doubled order',
      ({ crm, deal }) => void crm.plant('deal', { ...deal(4).fields }),
      { kind: 'doubled', number: 'N-4', key: 'shop:o4', remoteIds: [expect.any(String), expect.any(String)] },
    ],
    [
      'a wrong currency',
      ({ deal }) => void (deal(4).fields['currency'] = 'USD'),
      { kind: 'differing', differences: [{ what: 'currency', field: 'currency', source: 'EUR', destination: 'USD' }] },
    ],
    [
      'a cent',
      ({ deal }) => void (deal(4).fields['amount'] = '100.05'),
      { kind: 'differing', differences: [{ what: 'amount', source: '100.04', destination: '100.05', field: 'amount' }] },
    ],
    [
      'a refund that was not subtracted',
      ({ deal }) => void (deal(2).fields['amount'] = deal(2).fields['shop_gross'] ?? null),
      { kind: 'differing', number: 'N-2', differences: [{ what: 'amount', source: '85.02', destination: '100.02', field: 'amount' }] },
    ],
    [
      'an order moved to the next day',
      ({ deal }) => void (deal(4).fields['closed_at'] = '2026-03-01T23:00:00Z'),
      {
        kind: 'differing',
        differences: [{ what: 'paidAt', field: 'closed_at', source: '2026-03-01T19:00:00.000Z', destination: '2026-03-01T23:00:00.000Z' }],
      },
    ],
    [
      'a deal made by hand',
      ({ crm }) =>
        void crm.plant('deal', { currency: 'EUR', amount: '5', stage: 'paid', closed_at: '2026-03-03T10:00:00Z', pipeline: 'other' }),
      { kind: 'extra', key: null, amount: '5', day: '2026-03-03' },
    ],
    [
      'an order that was never paid and is won',
      ({ deal }) => Object.assign(deal(5).fields, { stage: 'paid', closed_at: '2026-03-02T00:00:00Z' }),
      { kind: 'differing', number: 'N-5' },
    ],
    [
      'an order lost at the destination',
      ({ deal }) => void (deal(4).fields['stage'] = 'cancelled'),
      { kind: 'differing', differences: [{ what: 'stage', field: 'stage', source: 'paid', destination: 'cancelled' }] },
    ],
    [
      'a key of ours that nobody knows',
      ({ crm, deal }) => void crm.plant('deal', { ...deal(4).fields, number: 'N-x', shop_order_id: 'x' }, 'shop:x'),
      { kind: 'extra', key: 'shop:x' },
    ],
  ]
  it.each(cases)('%s is found, named and beyond the threshold', async (_name, plant, finding) => {
    const given = await world(orders)
    plant(given)
    const report = await given.compare()
    expect(report.crm.findings).toMatchObject([finding])
    expect(report).toMatchObject({ ok: false, crm: { status: 'differs' } })
  })

  it('what is missing or differs is mended by a repair and the next pass; what is too much stays for people', async () => {
    const { crm, deal, compare, millrace } = await world(orders)
    deal(4).archived = true
    deal(2).fields['amount'] = '100.02'
    deal(6).fields['currency'] = 'USD'
    const byHand = crm.plant('deal', { currency: 'EUR', amount: '5', stage: 'paid', closed_at: '2026-03-03T10:00:00Z' })
    const report = await compare({ repair: true })
    expect(report.crm).toMatchObject({ repaired: 3 })
    expect(report.crm.findings.map(({ kind }) => kind).toSorted()).toEqual(['differing', 'differing', 'extra', 'missing'])
    await millrace.sync()
    expect((await compare()).crm.findings).toMatchObject([{ kind: 'extra', remoteIds: [byHand.remoteId] }])
    byHand.archived = true
    expect(await compare()).toMatchObject(clean)
    expect((await millrace.auditLog())[0]).toMatchObject({ action: 'replay', connection: 'crm', count: 3, detail: { reason: 'reconcile' } })
  })

  it('objects of other pipelines can be left out, and all that do not carry our key', async () => {
    const { crm, compare } = await world(orders)
    crm.plant('deal', { currency: 'EUR', amount: '5', stage: 'paid', closed_at: '2026-03-03T10:00:00Z', pipeline: 'other' })
    expect((await compare()).ok).toBe(false)
    expect((await compare({ foreign: 'ours' })).ok).toBe(true)
    crm.plant('deal', { currency: 'EUR', amount: '5', stage: 'paid', closed_at: '2026-03-03T10:00:00Z', pipeline: 'commerce' })
    expect((await compare({ foreign: 'ours' })).ok).toBe(false)
    expect((await compare({ foreign: 'none' })).ok).toBe(true)
  })

  it('the threshold is of a day: its totals, and the share of its orders that have a finding', async () => {
    const { deal, compare } = await world(orders)
    deal(4).fields['amount'] = '100.05'
    const { crm } = await compare()
    expect(crm.beyond).toEqual([{ day: '2026-03-01', currency: 'EUR', what: 'findings', deviationPercent: expect.any(Number) }])
    expect(await compare({ thresholdPercent: 50 })).toMatchObject({ ok: true, crm: { findings: [{ kind: 'differing' }] } })
  })
})

describe('a comparison', () => {
  it('says where it cannot be made', async () => {
    const { millrace } = await world([])
    const report = await millrace.reconcile({ connection: 'plain' })
    expect(report).toMatchObject({ ok: true, connections: { plain: { status: 'not-comparable', object: null } } })
  })

  it.each([
    [{ from: '2026-02-30' }, 'is no day'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'is before'],
    [{ timeZone: 'Berlin' }, 'is no time zone'],
    [{ thresholdPercent: Number.NaN }, 'must be 0 or more'],
  ])('refuses %j', async (options, message) => {
    const { millrace } = await world([])
    await expect(millrace.reconcile(options)).rejects.toMatchObject({ code: 'option_invalid', message: expect.stringContaining(message) })
  })
})

describe('a finding beyond the threshold', () => {
  it('is an alert until a comparison agrees, and the time of the last one is known', async () => {
    const { crm, millrace, deal } = await world([order(1), order(2)])
    const told: string[] = []
    millrace.on('alert.raised', ({ kind, connection, message }) => told.push(`${kind} ${connection}: ${message}`))
    millrace.on('alert.resolved', ({ kind, connection }) => told.push(`${kind} ${connection} is over`))
    expect((await millrace.status({ last: 1 })).freshness?.reconciliation).toBeNull()
    const period = { from: '2026-03-01', to: '2026-03-31' }
    const lost = deal(1)
    lost.archived = true
    await millrace.reconcile(period)
    await millrace.watch()
    expect(told).toEqual([expect.stringMatching(/^reconcile crm: Totals from 2026-03-01 to 2026-03-31 deviate .*orders/)])
    expect((await millrace.status({ last: 1 })).connections['crm']?.alerts).toMatchObject([{ kind: 'reconcile', code: null }])
    lost.archived = false
    await millrace.reconcile(period)
    await millrace.watch()
    expect(told.at(-1)).toBe('reconcile crm is over')
    expect((await millrace.status({ last: 1 })).freshness?.reconciliation).toMatchObject({ met: true })
    expect(crm.objectsOf('deal')).toHaveLength(2)
  })
})
