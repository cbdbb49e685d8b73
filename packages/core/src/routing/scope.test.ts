import { describe, expect, it } from 'vitest'
import type { ContractOverride } from '../contract/contract.ts'
import { constant, path } from '../contract/expression.ts'
import { allOf, exists, is, isOneOf, not, withinDays } from '../contract/predicate.ts'
import { createMillrace } from '../create-millrace.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = (currency: string) => ({ currency, amount: '10.00' })
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, ...over })
const order = (id: string, over: Partial<Order> = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    gross: money('EUR'),
    refunded: { currency: 'EUR', amount: '0.00' },
    ...over,
  })
const country = (code: string): Partial<Customer> => ({ billingAddress: { country: code } })

const world = (contract: ContractOverride, sources = { shop: scriptedSource() }) => {
  const crm = recordingDestination()
  const store = memoryStore()
  const open = (changed: ContractOverride = contract) =>
    createMillrace({ sources, connections: { crm: { destination: crm, contract: changed } }, store })
  const keys = (object: string) =>
    crm
      .objectsOf(object)
      .map(({ key }) => key)
      .toSorted()
  return { shop: sources.shop, crm, open, keys, millrace: open() }
}

describe('a route', () => {
  it('takes people and orders by where they belong, and says of the others why they stay behind', async () => {
    const { shop, millrace, keys } = world({ route: { countries: ['DE', 'AT'] } })
    shop.put(customer('de', country('DE')))
    shop.put(customer('us', country('US')))
    shop.put(customer('nowhere'))
    shop.put(order('o1', { customerId: 'de', country: 'DE' }))
    shop.put(order('o2', { customerId: 'us', country: 'US' }))
    const report = await millrace.sync()
    expect(report.connections['crm']).toMatchObject({ created: 2, skipped: 3 })
    expect([keys('contact'), keys('deal')]).toEqual([['shop:de'], ['shop:o1']])
    const story = await millrace.trace({ source: 'shop', entity: 'customer', id: 'us' })
    expect(story.deliveries[0]?.problem?.code).toBe('outside_route')
  })

  it.each<[string, ContractOverride['route'], Partial<Order>]>([
    ['store', { stores: ['berlin'] }, { store: 'berlin' }],
    ['channel', { channels: ['web'] }, { channel: 'web' }],
    ['language', { locales: ['de'] }, { locale: 'de-AT' }],
    ['locale', { locales: ['de-AT'] }, { locale: 'de-AT' }],
    ['currency', { currencies: ['USD'] }, { gross: money('USD'), refunded: { currency: 'USD', amount: '0.00' } }],
    ['customer group', { customerGroups: ['vip'] }, { customerGroup: { id: 'g1', key: 'vip' } }],
    ['name of a customer group', { customerGroups: ['VIP'] }, { customerGroup: { id: 'g1', name: 'VIP' } }],
    ['custom field', { custom: { brand: ['acme'] } }, { custom: { brand: { key: 'acme', label: 'Acme' } } }],
  ])('by %s takes exactly the orders that fit', async (_name, route, over) => {
    const { shop, millrace, keys } = world({ route: route ?? {}, objects: { contact: false } })
    shop.put(order('in', over))
    shop.put(order('out'))
    await millrace.sync()
    expect(keys('deal')).toEqual(['shop:in'])
  })

  it('by source keeps the records of other sources out altogether, also as parts of a person', async () => {
    const sources = { shop: scriptedSource(), other: scriptedSource() }
    const { crm, millrace, keys } = world({ route: { sources: ['shop'] } }, sources)
    sources.shop.put(customer('a', { email: 'ada@example.com', firstName: 'Ada' }))
    sources.other.put(customer('b', { email: 'ada@example.com', firstName: 'Other', lastName: 'Secret' }))
    sources.other.put(order('o', { customerId: 'b' }))
    await millrace.sync()
    expect([keys('contact'), keys('deal')]).toEqual([['shop:a'], []])
    expect(crm.objectsOf('contact')[0]?.fields).toMatchObject({ name: 'Ada', orders: 0 })
  })

  it('names a source that the config has', () => {
    expect(() => world({ route: { sources: ['shap'] } })).toThrow('route.sources.0: the config has no source "shap"; did you mean "shop"?')
  })
})

describe('inclusion', () => {
  it('asks for what a predicate says, such as an order and no test account', async () => {
    const include = { person: allOf(exists('signals.firstOrderAt'), not(isOneOf('groups.key', 'test', 'staff'))) }
    const { shop, millrace, keys } = world({ include })
    shop.put(customer('buyer'))
    shop.put(order('o1', { customerId: 'buyer' }))
    shop.put(customer('visitor'))
    shop.put(customer('tester', { groups: [{ id: 'g', key: 'test' }] }))
    shop.put(order('o2', { customerId: 'tester' }))
    await millrace.sync()
    expect(keys('contact')).toEqual(['shop:buyer'])
    shop.put(order('o3', { customerId: 'visitor' }))
    await millrace.backfill()
    expect(keys('contact')).toEqual(['shop:buyer', 'shop:visitor'])
  })

  it.each<[string, NonNullable<ContractOverride['include']>, string]>([
    ['an unknown path', { person: exists('signals.orders') }, 'include.person: '],
    ['a value that never occurs', { order: is('orderState', 'open2') }, 'did you mean "open"?'],
    ['a time that is none', { person: withinDays('lastName', 3) }, 'is no point in time'],
    ['consent', { consent: exists('email') }, 'go where their person goes'],
  ])('with %s is refused', (_name, include, message) => {
    expect(() => world({ include })).toThrow(message)
  })
})

describe('what leaves the connection', () => {
  const leave = async (leaving: 'keep-and-flag' | 'archive' | 'ignore' | undefined, people: number, movers: number) => {
    const flag = { value: path('inScope'), type: 'boolean' } as const
    const all = world({
      route: { countries: ['DE'] },
      ...(leaving === undefined ? {} : { leaving: { person: leaving } }),
      objects: { contact: { fields: { in_scope: flag } } },
    })
    for (let index = 0; index < people; index += 1) all.shop.put(customer(`c${index}`, country('DE')))
    await all.millrace.sync()
    for (let index = 0; index < movers; index += 1) all.shop.put(customer(`c${index}`, { ...country('US'), lastName: 'Moved' }))
    const report = await all.millrace.backfill()
    const contacts = all.crm.objectsOf('contact')
    const flagged = () => all.crm.objectsOf('contact').filter(({ fields }) => fields['in_scope'] === false).length
    const moved = () => all.crm.objectsOf('contact').filter(({ fields }) => String(fields['name'] ?? '').includes('Moved')).length
    return { ...all, report, contacts, flagged, moved }
  }

  it('stays as it is unless the contract says otherwise', async () => {
    const { report, contacts, flagged, moved } = await leave(undefined, 20, 5)
    expect(report.connections['crm']).toMatchObject({ skipped: 5, held: 0 })
    expect([contacts.length, flagged(), moved()]).toEqual([20, 0, 0])
  })

  it('is flagged once and then left alone', async () => {
    const { shop, millrace, crm, flagged, moved } = await leave('keep-and-flag', 20, 5)
    expect([flagged(), moved()]).toEqual([5, 5])
    const calls = crm.inputs.length
    shop.put(customer('c0', { ...country('US'), lastName: 'Again' }))
    expect((await millrace.backfill()).connections['crm']).toMatchObject({ skipped: 1, held: 0 })
    expect(crm.inputs).toHaveLength(calls)
  })

  it('is archived when the contract says so, and made anew when it comes back', async () => {
    const { shop, millrace, keys } = await leave('archive', 20, 5)
    expect(keys('contact')).toHaveLength(15)
    shop.put(customer('c0', { ...country('DE'), lastName: 'Back' }))
    await millrace.backfill()
    expect(keys('contact')).toContain('shop:c0')
  })

  it.each(['archive', 'keep-and-flag'] as const)('waits for a person when it is a lot (%s)', async (policy) => {
    const { shop, millrace, report, contacts, flagged } = await leave(policy, 30, 20)
    expect(report.connections['crm']).toMatchObject({ held: 20 })
    expect([contacts.length, flagged()]).toEqual([30, 0])
    // News of one of them does not let it out.
    shop.put(customer('c0', { ...country('US'), lastName: 'News' }))
    expect((await millrace.backfill()).connections['crm']).toMatchObject({ held: 20 })
    expect(await millrace.acceptRemovals('crm', 20)).toBe(20)
    await millrace.sync()
    expect(policy === 'archive' ? 30 - contacts.filter(({ archived }) => !archived).length : flagged()).toBe(20)
  })

  it('when a contract narrows the route is guarded too', async () => {
    const { shop, open, keys } = world({})
    for (let index = 0; index < 40; index += 1) shop.put(customer(`c${index}`, country(index % 2 === 0 ? 'DE' : 'US')))
    await open().sync()
    const narrow: ContractOverride = { route: { countries: ['DE'] }, leaving: { person: 'archive' } }
    expect((await open(narrow).sync()).connections['crm']).toMatchObject({ held: 20 })
    expect(keys('contact')).toHaveLength(40)
  })

  it('needs a field that is the flag', () => {
    expect(() => world({ leaving: { person: 'keep-and-flag' } })).toThrow(
      'leaving.person: keeps objects and flags them, but no field of contact',
    )
  })
})

describe('variants', () => {
  it('give fields other values for the units of some stores', async () => {
    const { shop, crm, millrace } = world({
      variants: [
        { when: { stores: ['b2b'] }, objects: { deal: { fields: { stage: constant('b2b') } } } },
        { when: { stores: ['b2b'], countries: ['AT'] }, objects: { deal: { fields: { stage: constant('b2b-at') } } } },
      ],
    })
    shop.put(order('o1'))
    shop.put(order('o2', { store: 'b2b' }))
    shop.put(order('o3', { store: 'b2b', country: 'AT' }))
    await millrace.sync()
    expect(crm.objectsOf('deal').map(({ key, fields }) => [key, fields['stage']])).toEqual([
      ['shop:o1', 'placed'],
      ['shop:o2', 'b2b'],
      ['shop:o3', 'b2b-at'],
    ])
  })

  it.each<[string, NonNullable<ContractOverride['variants']>[number], string]>([
    ['an unknown field', { when: { stores: ['x'] }, objects: { deal: { fields: { stge: constant('x') } } } }, 'did you mean "stage"?'],
    ['an unknown object', { when: { stores: ['x'] }, objects: { dael: { fields: {} } } }, 'variants.0.objects.dael: '],
    [
      'a question nobody can answer',
      { when: { channels: ['x'] }, objects: { contact: { fields: { name: constant('x') } } } },
      'variants.0.when: ',
    ],
    ['a wrong path', { when: { stores: ['x'] }, objects: { deal: { fields: { stage: path('stge') } } } }, 'objects.deal.fields.stage: '],
  ])('with %s are refused', (_name, variant, message) => {
    expect(() => world({ variants: [variant] })).toThrow(message)
  })
})
