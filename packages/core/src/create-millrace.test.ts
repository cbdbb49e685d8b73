import { describe, expect, it } from 'vitest'
import { createMillrace } from './create-millrace.ts'
import { MillraceError } from './error.ts'
import type { Customer } from './model/customer.ts'
import { customerSchema } from './model/customer.ts'
import { orderSchema, type Order } from './model/order.ts'
import { memoryStore, recordingDestination, scriptedSource, type RecordingDestination, type ScriptedSource } from './testing/index.ts'
import type { Store } from './spec/store.ts'
import type { Millrace } from './api/millrace.ts'

const at = (minute: number): string => new Date(Date.parse('2026-05-01T00:00:00.000Z') + minute * 60_000).toISOString()

const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: at(0),
    modifiedAt: at(1),
    email: `${id}@example.com`,
    firstName: id,
    lastName: 'Test',
    ...over,
  })

const order = (id: string, over: Partial<Order> = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    number: `N-${id}`,
    createdAt: at(2),
    modifiedAt: at(2),
    placedAt: at(2),
    orderState: 'confirmed',
    paymentState: 'paid',
    gross: { currency: 'EUR', amount: '19.99' },
    refunded: { currency: 'EUR', amount: '0.00' },
    lines: [{ id: 'l1', quantity: 1, unitPrice: { currency: 'EUR', amount: '19.99' }, total: { currency: 'EUR', amount: '19.99' } }],
    ...over,
  })

interface World {
  shop: ScriptedSource
  crm: RecordingDestination
  store: Store
  millrace: Millrace
}

const world = (over: Partial<{ crm: RecordingDestination; store: Store; shop: ScriptedSource }> = {}): World => {
  const shop = over.shop ?? scriptedSource()
  const crm = over.crm ?? recordingDestination()
  const store = over.store ?? memoryStore()
  return { shop, crm, store, millrace: createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store }) }
}

describe('a backfill', () => {
  it('brings every customer and order once, orders under their buyers', async () => {
    const { shop, crm, millrace } = world()
    for (let i = 0; i < 250; i++) shop.put(customer(`c${i}`))
    for (let i = 0; i < 400; i++) shop.put(order(`o${i}`, { customerId: `c${i % 250}` }))
    const report = await millrace.backfill()
    expect(report.run.status).toBe('completed')
    expect(crm.objectsOf('contact')).toHaveLength(250)
    expect(crm.objectsOf('deal')).toHaveLength(400)
    expect(crm.objectsOf('deal').every((deal) => deal.parents.length === 1)).toBe(true)
    expect(crm.objectsOf('contact').map((contact) => contact.fields['historical'])).toEqual(Array.from({ length: 250 }, () => true))
    expect(report.connections['crm']).toMatchObject({ created: 650, deadLettered: 0, parked: 0 })
  })

  it('sends nothing the second time', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    shop.put(order('o1', { customerId: 'c1' }))
    await millrace.backfill()
    const before = crm.inputs.length
    const report = await millrace.backfill()
    expect(crm.inputs.length).toBe(before)
    expect(report.sources['shop']?.customer).toEqual({ read: 1, changed: 0, rejected: 0 })
  })

  it('goes on where it was stopped', async () => {
    const stop = new AbortController()
    const { shop, crm, millrace } = world({ shop: scriptedSource({ pageSize: 10 }) })
    for (let i = 0; i < 50; i++) shop.put(customer(`c${String(i).padStart(2, '0')}`))
    shop.beforePage = (entity, page) => {
      if (entity === 'customer' && page === 2) stop.abort()
    }
    const stopped = await millrace.backfill({ signal: stop.signal })
    expect(stopped.run.status).toBe('stopped')
    shop.beforePage = () => {}
    const resumed = await millrace.backfill()
    expect(resumed.sources['shop']?.customer?.read).toBeLessThan(50)
    expect(crm.objectsOf('contact')).toHaveLength(50)
  })
})

describe('a delta pass', () => {
  it('sends exactly what changed, and only the fields that differ', async () => {
    const { shop, crm, millrace } = world()
    for (let i = 0; i < 30; i++) shop.put(customer(`c${i}`))
    await millrace.backfill()
    crm.inputs.length = 0
    shop.setNow(Date.parse('2026-06-02T00:00:00.000Z'))
    shop.put(customer('c7', { lastName: 'Changed', modifiedAt: '2026-06-01T12:00:00.000Z' }))
    const report = await millrace.sync()
    expect(report.sources['shop']?.customer).toEqual({ read: 1, changed: 1, rejected: 0 })
    expect(crm.inputs.flat().map((input) => [input.key, input.changedFields])).toEqual([['shop:c7', ['name']]])
  })

  it('updates the buyer when an order changes his signals', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    await millrace.backfill()
    shop.setNow(Date.parse('2026-06-02T00:00:00.000Z'))
    shop.put(order('o1', { customerId: 'c1', modifiedAt: '2026-06-01T12:00:00.000Z' }))
    await millrace.sync()
    expect(crm.objectsOf('contact')[0]?.fields['orders']).toBe(1)
  })
})

describe('people', () => {
  it.each([
    ['guest first', ['guest', 'account']],
    ['account first', ['account', 'guest']],
  ])('a guest who registers becomes the same object, %s', async (_, arrival) => {
    const { shop, crm, millrace } = world()
    for (const step of arrival) {
      if (step === 'guest') shop.put(order('o1', { email: 'Ann@Example.com' }))
      else shop.put(customer('c1', { email: 'ann@example.com' }))
      await millrace.backfill()
    }
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(crm.objectsOf('contact')[0]).toMatchObject({ key: 'shop:c1', fields: { orders: 1 } })
    expect(crm.objectsOf('deal')[0]?.parents).toEqual([crm.objectsOf('contact')[0]?.remoteId])
  })

  it('are named to the destination of their orders by our key as it holds it, accounts and guests alike', async () => {
    const { shop, crm, millrace } = world()
    const sentParents = () => crm.inputs.flat().flatMap((input) => (input.object === 'deal' ? input.parents : []))
    shop.put(customer('c1', { email: 'ann@example.com' }))
    shop.put(order('o1', { customerId: 'c1' }))
    shop.put(order('o2', { email: 'bob@example.com' }))
    await millrace.backfill()
    const guest = crm.objectsOf('contact').find((contact) => contact.fields['email'] === 'bob@example.com')
    expect(guest?.key).toMatch(/^guest:/)
    expect(sentParents().map((parent) => parent.key)).toEqual(['shop:c1', guest?.key])
  })

  it('an order that went out before its account was known follows when the account turns out to be somebody who is there already', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1', { email: 'same@example.com' }))
    shop.put(order('o1', { customerId: 'c2' }))
    await millrace.push([
      { source: 'shop', entity: 'customer', id: 'c1' },
      { source: 'shop', entity: 'order', id: 'o1' },
    ])
    expect(crm.objectsOf('deal')[0]?.parents).toEqual([])
    shop.put(customer('c2', { email: 'same@example.com' }))
    await millrace.push({ source: 'shop', entity: 'customer', id: 'c2' })
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(crm.objectsOf('deal')[0]?.parents).toEqual([crm.objectsOf('contact')[0]?.remoteId])
  })

  it('accounts with one e-mail in different case are one person when the contract merges', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1', { email: 'a@example.com' }))
    shop.put(customer('c2', { email: 'A@EXAMPLE.com' }))
    const report = await millrace.backfill()
    expect(report.run.status).toBe('completed')
    expect(crm.objectsOf('contact').map((contact) => contact.key)).toEqual(['shop:c1'])
  })

  it('adopts a contact that is already there, keeps what is not ours, and never makes a second one', async () => {
    const { shop, crm, millrace } = world()
    const planted = crm.plant('contact', { email: 'C1@Example.com', foreign: 'kept', stage: 'theirs' })
    shop.put(customer('c1', { locale: 'de' }))
    const report = await millrace.backfill()
    expect(report.connections['crm']).toMatchObject({ created: 0, updated: 1 })
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(planted).toMatchObject({ key: 'shop:c1', fields: { foreign: 'kept', stage: 'theirs', name: 'c1 Test' } })
  })

  it('links the same objects again after the store was lost', async () => {
    const first = world()
    for (let i = 0; i < 20; i++) first.shop.put(customer(`c${i}`))
    await first.millrace.backfill()
    const second = world({ shop: first.shop, crm: first.crm, store: memoryStore() })
    const report = await second.millrace.backfill()
    expect(report.connections['crm']).toMatchObject({ created: 0, updated: 20, deadLettered: 0 })
    expect(first.crm.objectsOf('contact')).toHaveLength(20)
  })

  it('names both when a contact belongs to somebody else', async () => {
    const { shop, crm, millrace } = world()
    crm.plant('contact', { email: 'c1@example.com' }, 'other-shop:99')
    shop.put(customer('c1'))
    const report = await millrace.backfill()
    expect(report.run.status).toBe('attention')
    const [dead] = await millrace.deadLetters.list()
    expect(dead).toMatchObject({ code: 'identity_conflict' })
    expect(dead?.message).toContain('shop:c1')
    expect(dead?.message).toContain('other-shop:99')
  })
})

describe('what goes wrong', () => {
  it('one bad record costs one record, and its orders wait for it', async () => {
    const { shop, crm, millrace } = world()
    for (let i = 0; i < 100; i++) shop.put(customer(`c${i}`))
    shop.put(order('o1', { customerId: 'c5' }))
    const bad = new MillraceError({ code: 'value_rejected', message: 'The e-mail is not valid. Correct it at the source.', field: 'email' })
    crm.intercept = (input) => (input.key === 'shop:c5' ? { unit: input.unit, result: 'failed', error: bad } : undefined)
    const report = await millrace.backfill()
    expect(report.connections['crm']).toMatchObject({ created: 99, deadLettered: 1, parked: 1 })
    crm.intercept = () => undefined
    expect(await millrace.deadLetters.replay({ code: 'value_rejected' })).toEqual({ count: 1, refused: 0 })
    const after = await millrace.sync()
    expect(after.run.status).toBe('completed')
    expect(crm.objectsOf('deal')[0]?.parents).toHaveLength(1)
  })

  it('a 2xx that confirms nothing is not success, and a lost answer makes no second object', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    shop.put(customer('c2'))
    const told = new Set<string>()
    crm.intercept = (input) => {
      if (told.has(input.key)) return undefined
      told.add(input.key)
      return input.key === 'shop:c1' ? 'silent' : 'lost'
    }
    const report = await millrace.backfill()
    expect(report.connections['crm']).toMatchObject({ unconfirmed: 2, deadLettered: 0 })
    expect(crm.objectsOf('contact')).toHaveLength(2)
  })

  it('a newer version that arrives while the older is in flight wins', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    let pushed: Promise<unknown> | undefined
    const deliver = crm.deliver.bind(crm)
    crm.deliver = async function* (inputs, ctx) {
      if (pushed === undefined) {
        shop.put(customer('c1', { lastName: 'Newer', modifiedAt: at(5) }))
        pushed = millrace.push({ source: 'shop', entity: 'customer', id: 'c1' }, { drainMs: 0 })
        await pushed
        expect(crm.inputs).toHaveLength(0)
      }
      yield* deliver(inputs, ctx)
    }
    const report = await millrace.backfill()
    expect(report.run.status).toBe('completed')
    expect(crm.inputs.flat().map((input) => input.fields['name'])).toEqual(['c1 Test', 'c1 Newer'])
    expect(crm.objectsOf('contact')[0]?.fields['name']).toBe('c1 Newer')
  })

  it('a record that is not canonical is put aside with its reason, and the rest goes on', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    shop.put({ ...customer('c2'), createdAt: 'yesterday' })
    const report = await millrace.backfill()
    expect(report.run.status).toBe('attention')
    expect(report.sources['shop']?.customer).toEqual({ read: 2, changed: 1, rejected: 1 })
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect((await millrace.status()).rejected).toBe(1)
  })

  it('a destination that refuses us costs no record an attempt', async () => {
    const { shop, crm, millrace } = world()
    for (let i = 0; i < 5; i++) shop.put(customer(`c${i}`))
    const refused = new MillraceError({
      code: 'credentials_rejected',
      message: 'The token was refused. Set a valid accessToken.',
      scope: 'destination',
    })
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: refused })
    const report = await millrace.backfill()
    expect(report.run.status).toBe('failed')
    expect(report.problems).toMatchObject([{ code: 'credentials_rejected', connection: 'crm' }])
    crm.intercept = () => undefined
    const after = await millrace.sync()
    expect(after.connections['crm']).toMatchObject({ created: 5 })
  })
})

describe('imports that the vendor finishes later', () => {
  it('are asked for when due, and a newer version that arrived meanwhile goes out afterwards', async () => {
    const { shop, crm, millrace } = world()
    for (let i = 0; i < 4; i++) shop.put(customer(`c${i}`))
    crm.intercept = (input) => ({ unit: input.unit, result: 'pending', ticket: 'import-1', checkAfterMs: 20 })
    const asked: string[] = []
    const refused = new MillraceError({ code: 'value_rejected', message: 'Refused.' })
    crm.collect = async function* (tickets) {
      crm.intercept = () => undefined
      for (const { ticket, units } of tickets) {
        asked.push(...units.map((unit) => `${ticket} ${unit.key}`))
        yield units.map(({ unit, key }) =>
          key === 'shop:c3'
            ? ({ unit, result: 'failed', error: refused } as const)
            : ({ unit, remoteId: `r-${key}`, result: 'delivered', created: true } as const),
        )
      }
    }
    const report = await millrace.backfill()
    expect(asked.toSorted()).toEqual(['import-1 shop:c0', 'import-1 shop:c1', 'import-1 shop:c2', 'import-1 shop:c3'])
    expect(report.connections['crm']).toMatchObject({ created: 3, deadLettered: 1, pending: 0 })
    expect(await millrace.deadLetters.replay({})).toEqual({ count: 1, refused: 0 })
    expect((await millrace.sync()).connections['crm']).toMatchObject({ created: 1, unchanged: 0 })
  })
})

describe('removals', () => {
  const filled = async (count: number): Promise<World> => {
    const all = world()
    for (let i = 0; i < count; i++) all.shop.put(customer(`c${i}`))
    await all.millrace.backfill()
    return all
  }

  it('a deleted customer is flagged, not deleted', async () => {
    const { shop, crm, millrace } = await filled(20)
    shop.remove('customer', 'c3')
    const report = await millrace.sync({ removals: true })
    expect(report.run.status).toBe('completed')
    expect(crm.objectsOf('contact').filter((contact) => contact.fields['deleted_at'] !== undefined)).toHaveLength(1)
  })

  it('a source that shows nothing removes nothing and is reported', async () => {
    const { shop, crm, millrace } = await filled(20)
    for (let i = 0; i < 20; i++) shop.remove('customer', `c${i}`)
    const before = crm.inputs.length
    const report = await millrace.sync({ removals: true })
    expect(report.problems).toMatchObject([{ code: 'source_empty' }])
    expect(report.run.status).toBe('attention')
    expect(crm.inputs.length).toBe(before)
  })

  it('a source that hides what it has keeps its window open: edits made meanwhile arrive when it shows them again', async () => {
    const { shop, crm, millrace } = await filled(5)
    const { read, get } = shop
    shop.setNow(Date.parse('2026-06-02T00:00:00.000Z'))
    shop.put(customer('c2', { lastName: 'Edited', modifiedAt: '2026-06-01T12:00:00.000Z' }))
    shop.read = async function* () {}
    shop.get = async () => undefined
    const hidden = await millrace.sync()
    expect(hidden.problems).toMatchObject([{ code: 'source_empty' }])
    Object.assign(shop, { read, get })
    shop.setNow(Date.parse('2026-06-09T00:00:00.000Z'))
    expect((await millrace.sync()).run.status).toBe('completed')
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(crm.objectsOf('contact').map((contact) => contact.fields['name'])).toContain('c2 Edited')
  })

  it('more than a handful is held until accepted by its count', async () => {
    const { shop, crm, millrace } = await filled(40)
    for (let i = 0; i < 15; i++) shop.remove('customer', `c${i}`)
    const report = await millrace.sync({ removals: true })
    expect(report.connections['crm']?.held).toBe(15)
    expect(report.run.status).toBe('attention')
    await expect(millrace.acceptRemovals('crm', 14)).rejects.toMatchObject({ code: 'removals_changed' })
    expect(await millrace.acceptRemovals('crm', 15)).toBe(15)
    await millrace.sync()
    expect(crm.objectsOf('contact').filter((contact) => contact.fields['deleted_at'] !== undefined)).toHaveLength(15)
  })
})
