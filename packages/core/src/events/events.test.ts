import { describe, expect, it } from 'vitest'
import { path } from '../contract/expression.ts'
import { MillraceError } from '../error.ts'
import { productSchema } from '../model/catalog.ts'
import { customer, eventWorld, minute, order } from './event-fixture.ts'

const ref = (entity: 'order' | 'customer', id: string) => ({ source: 'shop', entity, id }) as const

describe('events of records', () => {
  it('that the first sync finds are recorded as sent and never sent', async () => {
    const { shop, crm, store, millrace, at, told } = eventWorld()
    shop.put(customer('c1'))
    shop.put(order('o1', 'c1', 1, { paidAt: minute(2) }))
    at(10)
    await millrace.sync()
    expect(crm.objectsOf('deal')).toHaveLength(1)
    expect(told()).toEqual([])
    const [placed] = await store.events([{ source: 'shop', id: 'order.placed:o1' }])
    expect(placed).toMatchObject({ type: 'order.placed', subject: 'customer:shop:c1', body: null })
    // Neither does anything that brings the same order again.
    shop.put(order('o1', 'c1', 1, { paidAt: minute(2), modifiedAt: minute(11), url: 'https://shop.example/o1' }))
    at(12)
    await millrace.sync()
    await millrace.backfill()
    await millrace.push(ref('order', 'o1'))
    expect(told()).toEqual([])
  })

  it('that happen afterwards are told once each, whichever way they come', async () => {
    const { shop, crm, millrace, at, told } = eventWorld()
    shop.put(customer('c1'))
    at(10)
    await millrace.sync()
    shop.put(order('o1', 'c1', 20))
    at(21)
    await millrace.push(ref('order', 'o1'))
    expect(told()).toEqual(['order.placed'])
    at(30)
    await millrace.sync()
    shop.put(
      order('o1', 'c1', 20, {
        modifiedAt: minute(40),
        paidAt: minute(39),
        orderState: 'complete',
        payments: [
          {
            id: 'p1',
            transactions: [
              { id: 't1', type: 'charge', state: 'success', amount: { currency: 'EUR', amount: '20.00' } },
              { id: 't2', type: 'refund', state: 'success', amount: { currency: 'EUR', amount: '5.00' }, at: minute(40) },
              { id: 't3', type: 'refund', state: 'failure', amount: { currency: 'EUR', amount: '9.00' } },
            ],
          },
        ],
      }),
    )
    at(41)
    await millrace.push([ref('order', 'o1'), ref('order', 'o1')])
    await millrace.sync()
    await millrace.backfill()
    const ids = ['order.confirmed:o1', 'order.fulfilled:o1', 'order.paid:o1', 'order.placed:o1', 'purchase:o1', 'refund:t2']
    expect(told('id')).toEqual(ids.map((id) => `shop:${id}`))
    expect(crm.told().find(({ type }) => type === 'refund')).toMatchObject({ name: 'refund', occurredAt: minute(40) })
    expect(crm.objectsOf('event').find(({ key }) => key === 'shop:order.placed:o1')?.fields).toEqual({ order: 'o1', title: 'A shirt' })
  })

  it('are sent after their person, and name a first purchase and repeated ones', async () => {
    const { shop, crm, millrace, at } = eventWorld()
    at(10)
    await millrace.sync()
    shop.put(customer('c1', 20))
    shop.put(order('o1', 'c1', 21, { paidAt: minute(22) }))
    at(25)
    await millrace.sync()
    shop.put(order('o2', 'c1', 31, { paidAt: minute(32) }))
    at(35)
    await millrace.sync()
    expect(crm.told().flatMap(({ type, id }) => (type.startsWith('purchase') ? [`${type} ${id}`] : []))).toEqual([
      'purchase.first shop:purchase:o1',
      'purchase.repeat shop:purchase:o2',
    ])
    const [contact] = crm.objectsOf('contact')
    expect(crm.objectsOf('event').every(({ parents }) => parents[0] === contact?.remoteId)).toBe(true)
    const objects = crm.inputs.flatMap((batch) => batch.map(({ object }) => object))
    expect(objects.indexOf('contact')).toBeLessThan(objects.indexOf('event'))
  })

  it('of an account that was never read fetch it', async () => {
    const { shop, millrace, at, told } = eventWorld()
    at(10)
    await millrace.sync({ entity: ['order', 'cart'] })
    shop.put(customer('c1', 20))
    shop.put(order('o1', 'c1', 21))
    at(25)
    await millrace.push(ref('order', 'o1'))
    expect(told()).toEqual(expect.arrayContaining(['order.placed']))
  })

  it('of nobody are skipped with that cause', async () => {
    const { shop, store, millrace, at, told } = eventWorld({ contract: { identity: { guests: 'ignore' } } })
    at(10)
    await millrace.sync()
    shop.put(order('o1', 'c1', 21, { customerId: undefined, email: 'guest@example.com' }))
    at(25)
    await millrace.sync()
    expect(told()).toEqual([])
    const [row] = await store.deliveries({ object: 'event' }, { afterDid: 0, limit: 1 })
    expect(row).toMatchObject({ state: 'settled', result: 'skipped', problem: { code: 'event_of_nobody' } })
  })

  it('of an order outside the route stay behind with it', async () => {
    const { shop, store, millrace, at, told } = eventWorld({
      contract: { route: { stores: ['berlin'] }, events: { 'account.created': false } },
    })
    at(10)
    await millrace.sync()
    shop.put(customer('c1', 20, { stores: ['berlin', 'paris'] }))
    shop.put(order('o1', 'c1', 21, { store: 'paris' }))
    shop.put(order('o2', 'c1', 22, { store: 'berlin' }))
    at(25)
    await millrace.sync()
    expect(told('id')).toEqual(['shop:order.placed:o2'])
    const [row] = await store.deliveries({ object: 'event', unit: 'event:shop:order.placed:o1' }, { afterDid: 0, limit: 1 })
    expect(row).toMatchObject({ result: 'skipped', problem: { code: 'outside_route' } })
  })

  it('that no connection takes are not even stored', async () => {
    const { shop, store, millrace, at } = eventWorld({ contract: { events: { 'order.placed': false } } })
    at(10)
    await millrace.sync()
    shop.put(customer('c1', 20))
    shop.put(order('o1', 'c1', 21))
    at(25)
    await millrace.sync()
    const [placed, created] = await store.events(['order.placed:o1', 'account.created:c1'].map((id) => ({ source: 'shop', id })))
    expect(placed).toBeUndefined()
    expect(created?.type).toBe('account.created')
  })
})

describe('an event at most once', () => {
  const sold = async (events: 'idempotent' | 'at-most-once' = 'at-most-once') => {
    const world = eventWorld({ events, contract: { events: { 'account.created': false } } })
    world.shop.put(customer('c1'))
    world.at(10)
    await world.millrace.sync()
    world.shop.put(order('o1', 'c1', 20))
    world.at(21)
    return world
  }
  const rowOf = async (world: Awaited<ReturnType<typeof sold>>) =>
    (await world.store.deliveries({ object: 'event' }, { afterDid: 0, limit: 1 }))[0]

  it('is a dead letter and never sent again by itself when the destination says nothing of it', async () => {
    const world = await sold()
    world.crm.intercept = ({ event }) => (event === undefined ? undefined : 'silent')
    const report = await world.millrace.sync()
    expect(report).toMatchObject({ run: { status: 'attention' }, connections: { crm: { deadLettered: 1 } } })
    world.crm.intercept = () => undefined
    await world.millrace.sync()
    expect(world.told()).toEqual(['order.placed'])
    expect(await rowOf(world)).toMatchObject({
      state: 'dead',
      problem: { code: 'event_outcome_unknown', context: { cause: 'unconfirmed' } },
    })
    await world.millrace.deadLetters.replay({ code: 'event_outcome_unknown' })
    await world.millrace.sync()
    expect(world.told()).toEqual(['order.placed', 'order.placed'])
    expect(await rowOf(world)).toMatchObject({ state: 'settled', result: 'updated' })
  })

  it.each([
    ['a timeout after it was sent', { applied: 'unknown' }, 'event_outcome_unknown'],
    ['a gateway page', { status: 502 }, 'event_outcome_unknown'],
    ['nothing that tells', {}, 'event_outcome_unknown'],
    ['a connection that never came up', { applied: 'no' }, undefined],
    ['a limit', { status: 429 }, undefined],
  ])('meets %s', async (_, context, code) => {
    const world = await sold()
    let failures = 1
    world.crm.intercept = ({ unit, event }) => {
      if (event === undefined || failures-- <= 0) return undefined
      return {
        unit,
        result: 'failed',
        error: new MillraceError({ code: 'failed', message: 'No.', retryable: true, scope: 'batch', context }),
      }
    }
    await world.millrace.sync()
    await world.millrace.sync()
    expect((await rowOf(world))?.problem?.code).toBe(code)
    expect(world.told()).toEqual(code === undefined ? ['order.placed'] : [])
  })

  it('that was on its way when the process died is a dead letter, also when it dies again after a replay', async () => {
    const world = await sold()
    const die = async (): Promise<void> => {
      const token = await world.store.acquire('dying')
      const [claimed] = await world.store.claim({ token, connection: 'crm', limits: { event: 1 }, now: world.clock.now() })
      expect(claimed?.kind).toBe('event')
      await world.store.release(token)
    }
    await world.millrace.pause('crm')
    await world.millrace.sync()
    await world.millrace.resume('crm')
    for (let round = 0; round < 2; round += 1) {
      await die()
      await world.millrace.sync()
      expect(world.told()).toEqual([])
      expect(await rowOf(world)).toMatchObject({ state: 'dead', problem: { code: 'event_outcome_unknown' } })
      await world.millrace.deadLetters.replay({ code: 'event_outcome_unknown' })
    }
    await world.millrace.sync()
    expect(world.told()).toEqual(['order.placed'])
  })

  it('is sent again under the same id where the destination recognises repetitions', async () => {
    const world = await sold('idempotent')
    let silent = 2
    world.crm.intercept = ({ event }) => (event !== undefined && silent-- > 0 ? 'silent' : undefined)
    await world.millrace.sync()
    expect(world.told('id')).toEqual(Array.from({ length: 3 }, () => 'shop:order.placed:o1'))
    expect(world.crm.objectsOf('event')).toHaveLength(1)
  })
})

describe('freshness of events', () => {
  it('is of the class of what starts automations, from the stamp of the change that shows them', async () => {
    const { shop, millrace, at } = eventWorld()
    shop.put(customer('c1'))
    at(10)
    await millrace.sync()
    shop.put(order('o1', 'c1', 20, { modifiedAt: minute(22) }))
    at(26)
    await millrace.sync()
    const measured = (await millrace.status({ last: 100 })).freshness?.connections['crm']
    expect(measured?.trigger).toMatchObject({ count: 1, maxMs: 4 * 60_000, met: true })
    expect(measured?.['post-purchase']).toMatchObject({ count: 1, maxMs: 4 * 60_000 })
  })
})

describe('the goods of an event', () => {
  it('have the address and image of their product in the store and language of the purchase', async () => {
    const product = productSchema.parse({
      entity: 'product',
      id: 'shirt',
      platformId: 'p1',
      createdAt: minute(0),
      modifiedAt: minute(0),
      published: true,
      name: { en: 'A shirt' },
      urls: {
        'berlin/de': 'https://shop.example/de/hemd',
        'berlin/en': 'https://shop.example/en/shirt',
        'paris/en': 'https://paris.example/shirt',
      },
      variants: [
        { id: '1', sku: 'SHIRT-S', images: ['https://img.example/s.png'] },
        { id: '2', sku: 'SHIRT-M', images: ['https://img.example/m.png'] },
      ],
    })
    const fields = { url: { value: path('productUrl'), type: 'string' }, image: { value: path('image'), type: 'string' } } as const
    const { shop, crm, millrace, at } = eventWorld({ contract: { events: { 'order.placed': { fields } } } })
    shop.put(customer('c1'))
    shop.put(product)
    at(10)
    await millrace.sync()
    shop.put(order('o1', 'c1', 20, { store: 'berlin', locale: 'en' }))
    at(21)
    await millrace.sync()
    expect(crm.objectsOf('event').find(({ key }) => key === 'shop:order.placed:o1')?.fields).toMatchObject({
      url: 'https://shop.example/en/shirt',
      image: 'https://img.example/m.png',
      title: 'A shirt',
    })
  })
})
