import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventInput } from '../model/event.ts'
import { cart, customer, eventWorld, minute, order } from './event-fixture.ts'

const viewed = (id: string, anonymousId: string, at = 20, subject: EventInput['subject'] = {}): EventInput => ({
  id: `view-${id}`,
  type: 'product.viewed',
  occurredAt: minute(at),
  subject: { ...subject, anonymousId },
  data: { lines: [{ sku: 'SHIRT-M', name: 'A shirt' }] },
})

const browseOnly = {
  'account.created': false,
  'order.placed': false,
  'profile.changed': false,
  'checkout.started': false,
  'cart.updated': false,
} as const

const world = async (contract: NonNullable<Parameters<typeof eventWorld>[0]>['contract'] = {}, visitorDays?: number) => {
  const retention = visitorDays === undefined ? {} : { visitorDays }
  const made = eventWorld({ contract: { ...contract, events: browseOnly }, retention })
  for (const id of ['ada', 'bob']) made.shop.put(customer(id))
  made.at(10)
  await made.millrace.sync()
  made.at(30)
  /** What was told of whom: ids by the key of their contact. */
  const toldOf = (person: string): string[] => {
    const contact = made.crm.objectsOf('contact').find(({ key }) => key === `shop:${person}`)
    return made.crm
      .objectsOf('event')
      .filter(({ parents }) => parents[0] === contact?.remoteId)
      .map(({ key }) => key.replace('shop:view-', ''))
      .toSorted()
  }
  return { ...made, toldOf }
}

describe('a visitor', () => {
  it('is nobody until a login says who, and then everything before is told of that person, once', async () => {
    const { millrace, toldOf, told } = await world()
    await millrace.track('shop', [viewed('1', 'v'), viewed('2', 'v'), viewed('3', 'other')])
    await millrace.sync()
    expect(told()).toEqual([])
    await millrace.track('shop', [], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.sync()
    expect(toldOf('ada')).toEqual(['1', '2'])
    await millrace.track('shop', [viewed('1', 'v')], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.sync()
    expect(told()).toHaveLength(2)
  })

  it('of an event that names the person too, is known from then on', async () => {
    const { millrace, toldOf } = await world()
    await millrace.track('shop', [viewed('1', 'v'), viewed('2', 'v', 21, { customerId: 'ada' })])
    await millrace.sync()
    expect(toldOf('ada')).toEqual(['1', '2'])
  })

  it('is never a second person, whatever is said later', async () => {
    const { millrace, toldOf, store } = await world()
    await millrace.track('shop', [viewed('1', 'v')], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.track('shop', [viewed('2', 'v')])
    await millrace.track('shop', [viewed('3', 'v', 22, { customerId: 'bob' })])
    await millrace.track('shop', [], [{ anonymousId: 'v', email: 'bob@example.com' }])
    await millrace.sync()
    expect(toldOf('ada')).toEqual(['1'])
    expect(toldOf('bob')).toEqual(['3'])
    // The second one waits until the first person is there again.
    await millrace.track('shop', [], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.sync()
    expect(toldOf('ada')).toEqual(['1', '2'])
    expect(await store.aliasKeys('visitors', ['customer:shop:ada', 'customer:shop:bob'])).toEqual([['anonymous:shop:v'], []])
  })

  it.each([
    ['order', () => order('o1', 'ada', 31, { anonymousId: 'v' })],
    ['cart', () => cart('k1', 'ada', 31, { anonymousId: 'v' })],
  ])('is known by an %s of an account', async (_, record) => {
    const { shop, millrace, toldOf, at } = await world()
    await millrace.track('shop', [viewed('1', 'v')])
    shop.put(record())
    at(32)
    await millrace.sync()
    expect(toldOf('ada')).toEqual(['1'])
  })

  it.each(['global', 'store'] as const)('is known by the order of a guest, e-mails of which are %s', async (emailScope) => {
    const { shop, millrace, crm, at } = await world({ identity: { emailScope } })
    const event = viewed('1', 'v')
    await millrace.track('shop', [{ ...event, data: { ...event.data, store: 'berlin' } }])
    shop.put(order('o1', 'x', 31, { customerId: undefined, email: 'Guest@Example.com', anonymousId: 'v', store: 'berlin' }))
    at(32)
    await millrace.sync()
    const guest = crm.objectsOf('contact').find(({ key }) => key.startsWith('guest:'))
    expect(guest).toBeDefined()
    expect(crm.objectsOf('event').map(({ parents }) => parents[0])).toEqual([guest?.remoteId])
  })

  it('brings nothing that is older than seven days, and a hundred events at most', async () => {
    const { millrace, at, told } = await world()
    const day = 24 * 60
    const many = Array.from({ length: 130 }, (_, index) => viewed(`n${index}`, 'v', 8 * day + index))
    await millrace.track('shop', [viewed('old', 'v', 30), ...many])
    at(9 * day)
    await millrace.track('shop', [], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.sync()
    expect(told()).toHaveLength(100)
    expect(told('id')).not.toContain('shop:view-old')
    expect(told('id')).toContain('shop:view-n129')
    expect(told('id')).not.toContain('shop:view-n29')
  })

  it.each([
    [7, undefined],
    [2, 2],
    [30, 30],
  ])('whom nobody knows is forgotten whole after %i days, and told of until then', async (days, setting) => {
    const { millrace, store, at, told } = await world({}, setting)
    const day = 24 * 60
    await millrace.track('shop', [viewed('1', 'v', 30), viewed('2', 'w', 31), viewed('3', 'w', 32, { customerId: 'ada' })])
    at(days * day + 29)
    await millrace.prune()
    await millrace.track('shop', [], [{ anonymousId: 'v', customerId: 'bob' }])
    await millrace.sync()
    expect(told('id')).toEqual(['shop:view-1', 'shop:view-2', 'shop:view-3'])
    await millrace.track('shop', [viewed('4', 'x', days * day + 30)])
    at(2 * days * day + 31)
    await millrace.prune()
    const ids = ['1', '2', '3', '4'].map((id) => ({ source: 'shop', id: `view-${id}` }))
    expect((await store.events(ids)).map((event) => event !== undefined)).toEqual([true, true, true, false])
  })

  it('tells each event of one person at most, in whatever order things are said', async () => {
    const step = fc.oneof(
      fc.record({ visitor: fc.constantFrom('v', 'w'), id: fc.nat(6) }),
      fc.record({ visitor: fc.constantFrom('v', 'w'), person: fc.constantFrom('ada', 'bob') }),
      fc.record({ visitor: fc.constantFrom('v', 'w'), id: fc.nat(6), person: fc.constantFrom('ada', 'bob') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.array(fc.nat(14), { maxLength: 3 }), async (steps, passes) => {
        const { millrace, crm, toldOf } = await world()
        const owners = new Map<string, string>()
        for (const [index, item] of steps.entries()) {
          const { visitor } = item
          const subject = 'id' in item && 'person' in item ? { customerId: item.person } : {}
          const events =
            'id' in item ? [viewed(`${visitor}${'person' in item ? `-${item.person}` : ''}-${item.id}`, visitor, 20, subject)] : []
          const identities = 'person' in item && !('id' in item) ? [{ anonymousId: visitor, customerId: item.person }] : []
          if ('person' in item && !owners.has(visitor)) owners.set(visitor, item.person)
          await millrace.track('shop', events, identities)
          if (passes.includes(index)) await millrace.sync()
        }
        await millrace.sync()
        const all = crm.inputs.flat().filter(({ object }) => object === 'event')
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
        for (const person of ['ada', 'bob'])
          for (const id of toldOf(person)) {
            const [visitor = '', named] = id.split('-')
            expect(named === 'ada' || named === 'bob' ? named : owners.get(visitor)).toBe(person)
          }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a checkout that a storefront tells', () => {
  const started = (id: string, cartId?: string): EventInput => ({
    id,
    type: 'checkout.started',
    occurredAt: minute(20),
    subject: { customerId: 'ada' },
    ...(cartId === undefined ? {} : { data: { cartId } }),
  })

  it('is the one that the cart tells', async () => {
    const { shop, millrace, told, at } = eventWorld({ contract: { events: { 'cart.updated': false } } })
    shop.put(customer('ada'))
    at(10)
    await millrace.sync()
    await millrace.track('shop', [started('checkout.started:k1', 'k1')])
    shop.put(cart('k1', 'ada', 21, { shippingAddress: { city: 'Berlin' } }))
    at(22)
    await millrace.sync()
    expect(told('id')).toEqual(['shop:checkout.started:k1'])
  })

  it.each([
    ['another id', started('mine', 'k1')],
    ['no cart', started('checkout.started:k1')],
  ])('with %s is refused', async (_, event) => {
    const { millrace } = eventWorld()
    await expect(millrace.track('shop', [event])).rejects.toMatchObject({ code: 'event_invalid' })
  })
})

describe('identities', () => {
  it.each([[{}], [{ anonymousId: 'v' }], [{ anonymousId: '', customerId: 'ada' }], [{ anonymousId: 'v', email: 'no address' }], ['v']])(
    '%j are refused',
    async (identity) => {
      const { millrace } = eventWorld()
      await expect(millrace.track('shop', [], [identity as never])).rejects.toMatchObject({ code: 'event_invalid' })
    },
  )
})

describe('a visitor who turned out to be somebody who is erased', () => {
  it('is forgotten with the person, and does not come back', async () => {
    const { millrace, store, told } = await world()
    await millrace.track('shop', [viewed('1', 'v')], [{ anonymousId: 'v', customerId: 'ada' }])
    await millrace.sync()
    await millrace.track('shop', [viewed('2', 'v')])
    await millrace.erase({ source: 'shop', id: 'ada' })
    const ids = ['view-1', 'view-2'].map((id) => ({ source: 'shop', id }))
    expect((await store.events(ids)).map((event) => [event?.body, event?.subject])).toEqual([
      [null, null],
      [null, null],
    ])
    expect(await store.aliases('visitors', ['anonymous:shop:v'])).toEqual([undefined])
    expect(await millrace.track('shop', [viewed('3', 'v', 32, { customerId: 'ada' })], [{ anonymousId: 'v', customerId: 'ada' }])).toBe(0)
    await millrace.sync()
    expect(told('id')).toEqual(['shop:view-1'])
    expect(await store.aliases('visitors', ['anonymous:shop:v'])).toEqual([undefined])
  })
})
