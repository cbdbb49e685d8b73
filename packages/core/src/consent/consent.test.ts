import { beforeEach, describe, expect, it } from 'vitest'
import type { ContractOverride } from '../contract/contract.ts'
import { path } from '../contract/expression.ts'
import { exists } from '../contract/predicate.ts'
import { createMillrace } from '../create-millrace.ts'
import type { Clock } from '../clock.ts'
import { MillraceError } from '../error.ts'
import type { Consent } from '../model/consent.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { consentingDestination, memoryStore, scriptedSource, type ConsentingOptions } from '../testing/index.ts'

const hour = 60 * 60_000
const start = Date.parse('2026-05-01T00:00:00.000Z')
const iso = (at: number): string => new Date(at).toISOString()

const granted = (at: number, evidence: Record<string, string> = { form: 'footer' }): Consent => ({
  channel: 'email',
  purpose: 'marketing',
  status: 'granted',
  at: iso(at),
  source: 'shop',
  evidence,
})
const denied = (at?: number): Consent => ({
  channel: 'email',
  purpose: 'marketing',
  status: 'denied',
  source: 'shop',
  ...(at === undefined ? {} : { at: iso(at) }),
})

const customer = (id: string, consents: Consent[], over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: iso(start),
    modifiedAt: iso(start),
    email: `${id}@example.com`,
    consents,
    ...over,
  })

const guestOrder = (id: string, email: string, consents?: Consent[]) => {
  const money = { currency: 'EUR', amount: '1.00' }
  return orderSchema.parse({
    entity: 'order',
    id,
    createdAt: iso(start),
    modifiedAt: iso(start),
    placedAt: iso(start),
    email,
    gross: money,
    refunded: { currency: 'EUR', amount: '0.00' },
    ...(consents === undefined ? {} : { consents }),
  })
}

const world = (options: Partial<ConsentingOptions> = {}, contract: ContractOverride = {}) => {
  let now = start + 10 * hour
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => {
      now += ms
      return Promise.resolve()
    },
  }
  const shop = scriptedSource({ now: start + 1000 * hour })
  const crm = consentingDestination({ now: () => now, ...options })
  const store = memoryStore()
  const open = (changed: ContractOverride = contract) =>
    createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract: changed } }, store, clock })
  return {
    shop,
    crm,
    store,
    open,
    millrace: open(),
    at: () => now,
    pass: (ms: number) => {
      now += ms
    },
  }
}

let w: ReturnType<typeof world>
beforeEach(() => {
  w = world()
})

describe('consent', () => {
  it('goes out, and costs nothing once it is settled', async () => {
    w.shop.put(customer('a', [granted(start)]))
    w.shop.put(customer('b', [denied(start)]))
    w.shop.put(customer('c', []))
    await w.millrace.sync()
    expect(w.crm.written.map(({ email, status }) => [email, status])).toEqual([
      ['a@example.com', 'granted'],
      ['b@example.com', 'denied'],
    ])
    await w.millrace.backfill()
    w.shop.put(customer('a', [granted(start)], { lastName: 'New' }))
    await w.millrace.backfill()
    expect(w.crm.written).toHaveLength(2)
    expect(w.crm.asked).toEqual([1])
    expect(w.crm.kept('c@example.com')).toBeUndefined()
  })

  it('goes out although the profile is a dead letter', async () => {
    w = world({}, { objects: { contact: { fields: { age: { value: path('custom.age'), type: 'integer' } } } } })
    w.shop.put(customer('a', [denied(start)], { custom: { age: 'forty' } }))
    const report = await w.millrace.sync()
    expect(report.connections['crm']).toMatchObject({ deadLettered: 1, delivered: 1 })
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
  })

  it('goes out before the profile, and an opt-out before any other row', async () => {
    for (let index = 0; index < 300; index += 1) w.shop.put(customer(`c${index}`, []))
    w.shop.put(customer('z', [denied(start)]))
    await w.millrace.sync()
    expect(w.crm.inputs[0]?.map(({ object, unit }) => [object, unit])).toEqual([['permission', 'customer:shop:z']])
  })

  it('of guests counts too', async () => {
    w.shop.put(guestOrder('o1', 'guest@example.com', [granted(start)]))
    w.shop.put(guestOrder('o2', 'other@example.com'))
    await w.millrace.sync()
    expect(w.crm.kept('guest@example.com')?.status).toBe('granted')
    const rows = await w.store.deliveries({ object: 'permission' }, { afterDid: 0, limit: 10 })
    expect(rows).toHaveLength(1)
  })

  it('is not written over an opt-out of the destination, which is asked first', async () => {
    w = world({ tells: false })
    w.crm.say('A@example.com', 'denied')
    w.shop.put(customer('a', [granted(start)]))
    w.shop.put(customer('b', [granted(start)]))
    await w.millrace.sync()
    expect(w.crm.written.map(({ email }) => email)).toEqual(['b@example.com'])
    w.shop.put(customer('a', [granted(w.at() + 1, {})]))
    w.pass(hour)
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
    w.shop.put(customer('a', [granted(w.at())]))
    w.pass(hour)
    await w.millrace.backfill()
    expect(w.crm.written.at(-1)).toMatchObject({ email: 'a@example.com', status: 'granted', mayResubscribe: true })
  })

  it('that a destination denies stops at once what waits there', async () => {
    w = world({ asks: false })
    w.shop.put(customer('a', []))
    await w.millrace.sync()
    w.crm.say('a@example.com', 'denied')
    w.shop.put(customer('a', [granted(start)]))
    await w.millrace.backfill()
    expect(w.crm.written).toEqual([])
  })

  it('is kept for an address that nobody has yet', async () => {
    w = world({ asks: false })
    w.crm.say('late@example.com', 'denied')
    await w.millrace.sync()
    w.shop.put(customer('a', [granted(start)], { email: 'Late@Example.com' }))
    await w.millrace.backfill()
    expect(w.crm.written).toEqual([])
    w.shop.put(customer('a', [granted(start)], { email: 'new@example.com' }))
    await w.millrace.backfill()
    expect(w.crm.written).toMatchObject([{ email: 'new@example.com', status: 'denied' }])
  })

  it('survives joins of people', async () => {
    w = world({ asks: false })
    w.shop.put(guestOrder('o1', 'guest@example.com'))
    await w.millrace.sync()
    w.crm.say('guest@example.com', 'denied')
    await w.millrace.sync()
    w.shop.put(customer('a', [granted(start)], { email: 'guest@example.com' }))
    await w.millrace.backfill()
    expect(w.crm.written).toEqual([])
  })

  it('is read back before anything is sent; a connection of which that fails sends nothing', async () => {
    w.shop.put(customer('a', [granted(start)]))
    const broken = new MillraceError({ code: 'scope_missing', message: 'no', scope: 'destination' })
    const { consentChanges } = w.crm
    w.crm.consentChanges = () => {
      throw broken
    }
    const report = await w.millrace.sync()
    expect(report.problems).toMatchObject([{ code: 'scope_missing', connection: 'crm' }])
    expect(w.crm.inputs).toEqual([])
    if (consentChanges !== undefined) w.crm.consentChanges = consentChanges
    await w.millrace.sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
  })

  it('that was opted in again at the destination is left alone where it is the authority', async () => {
    w = world({ consent: { authority: 'destination', topics: { news: { channel: 'email', target: 'news' } } } })
    w.shop.put(customer('a', [denied()]))
    await w.millrace.sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
    w.pass(hour)
    w.crm.say('a@example.com', 'granted')
    await w.millrace.backfill()
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
    w.pass(hour)
    w.shop.put(customer('a', [denied(w.at())]))
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
  })

  it('that was opted in again at the destination is taken back where the source is the authority', async () => {
    w.shop.put(customer('a', [denied(start)]))
    await w.millrace.sync()
    w.pass(hour)
    w.crm.say('a@example.com', 'granted')
    await w.millrace.sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
  })

  it('whose answer was lost is written again, opt-outs whatever was held before', async () => {
    w.crm.say('a@example.com', 'denied')
    w.pass(hour)
    w.shop.put(customer('a', [granted(w.at())]))
    w.pass(hour)
    let lost = true
    w.crm.intercept = () => (lost ? 'silent' : undefined)
    await w.millrace.sync({ drainMs: 0 })
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
    lost = false
    w.shop.put(customer('a', [denied(w.at())]))
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
  })

  it('of one custom field feeds a text field too', async () => {
    w = world({}, { objects: { contact: { fields: { newsletter: { value: path('custom.NEWSLETTER_SUBSCRIBE'), type: 'string' } } } } })
    w.shop.put(customer('a', [granted(start)], { custom: { NEWSLETTER_SUBSCRIBE: 'YES' } }))
    await w.millrace.sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
    expect(w.crm.objectsOf('contact')[0]?.fields['newsletter']).toBe('YES')
  })

  it('is what new objects of people start with', async () => {
    w.shop.put(customer('a', [granted(start)]))
    w.shop.put(customer('b', []))
    await w.millrace.sync()
    const people = w.crm.inputs.flat().filter(({ object }) => object === 'contact')
    expect(people.map(({ consent }) => consent.map(({ topic, status }) => [topic, status]))).toEqual([
      [['news', 'granted']],
      [['news', 'unknown']],
    ])
  })

  it('of somebody whom the connection does not take stays here', async () => {
    w = world({}, { route: { stores: ['berlin'] } })
    w.shop.put(customer('a', [denied(start)], { stores: ['wien'] }))
    w.shop.put(customer('b', [denied(start)], { stores: ['berlin'] }))
    await w.millrace.sync()
    expect(w.crm.written.map(({ email }) => email)).toEqual(['b@example.com'])
  })

  it('of somebody who left the connection: an opt-out still goes where they are known, an opt-in does not', async () => {
    w = world({}, { route: { stores: ['berlin'] } })
    w.shop.put(customer('a', [granted(start)], { stores: ['berlin'] }))
    w.shop.put(customer('b', [granted(start)], { stores: ['berlin'] }))
    await w.millrace.sync()
    expect(w.crm.kept('a@example.com')?.status).toBe('granted')
    w.shop.put(customer('a', [denied(start + hour)], { stores: ['wien'] }))
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
    w.shop.put(customer('a', [granted(start + 2 * hour)], { stores: ['wien'] }))
    await w.millrace.backfill()
    expect(w.crm.kept('a@example.com')?.status).toBe('denied')
    const people = w.crm.inputs.flat().filter(({ object }) => object === 'contact')
    expect(people).toHaveLength(2)
  })

  it('of somebody who was never taken (include) and whom the destination knows by itself: only the opt-out goes', async () => {
    w = world({}, { include: { person: exists('signals.firstOrderAt') } })
    w.crm.plant('contact', { email: 'a@example.com' })
    w.crm.say('a@example.com', 'granted')
    w.crm.plant('contact', { email: 'b@example.com' })
    w.shop.put(customer('a', [denied(start + 20 * hour)]))
    w.shop.put(customer('b', [granted(start + 20 * hour)]))
    await w.millrace.sync()
    await w.millrace.sync()
    expect([w.crm.kept('a@example.com')?.status, w.crm.kept('b@example.com')]).toEqual(['denied', undefined])
  })
})
