import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { orderFact } from '../signals/order-fact.ts'
import { personView, personViewSchema } from './person-view.ts'
import type { PersonMember, PersonView } from './person-view.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString()
let rid = 0

const account = (over: Record<string, unknown>, deletedAt: number | null = null): PersonMember => ({
  role: 'account',
  record: customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at(1), modifiedAt: at(1), ...over }),
  fact: null,
  rid: (rid += 1),
  deletedAt,
})

const orderMember = (role: 'guest' | 'order', over: Record<string, unknown> = {}, deletedAt: number | null = null): PersonMember => {
  const record = orderSchema.parse({
    entity: 'order',
    id: 'o1',
    createdAt: at(2),
    modifiedAt: at(2),
    placedAt: at(2),
    gross: { currency: 'EUR', amount: '10.00' },
    refunded: { currency: 'EUR', amount: '0.00' },
    ...over,
  })
  return { role, record: role === 'guest' ? record : null, fact: orderFact(record, 'shop'), rid: (rid += 1), deletedAt }
}

const view = (...members: PersonMember[]): PersonView => personView(members, { key: 'shop:c1', historical: false })

describe('the view of a person', () => {
  it('holds what its schema promises', () => {
    const person = view(account({ email: 'ada@example.com', locale: 'de-AT', dateOfBirth: '1990-02-01' }), orderMember('order'))
    expect(personViewSchema.parse(person)).toEqual(person)
    const guest = view(orderMember('guest', { email: 'ada@example.com' }))
    expect(personViewSchema.parse(guest)).toEqual(guest)
  })

  it('of one account is the account, with signals', () => {
    const person = view(
      account({
        id: 'c7',
        key: 'k',
        email: 'Ada@Example.com',
        firstName: ' Ada ',
        lastName: 'L',
        locale: 'de-AT',
        addresses: [{ country: 'AT' }],
      }),
    )
    expect(person).toMatchObject({
      key: 'shop:c1',
      shopKey: 'k',
      id: 'c7',
      customerIds: ['c7'],
      email: 'Ada@Example.com',
      fullName: 'Ada L',
      country: 'AT',
      language: 'de',
      registered: true,
      accountStatus: 'active',
      historical: false,
      guestOrderIds: [],
    })
    expect(person.signals.orderCount).toBe(0)
    expect(person).not.toHaveProperty('entity')
  })

  it('of a guest comes from the order, the name whole from one address', () => {
    const person = view(
      orderMember('guest', {
        number: 'A-1',
        email: 'g@example.com',
        locale: 'fr',
        custom: { gift: true },
        billingAddress: { lastName: 'Payer', country: 'FR', phone: '+331' },
        shippingAddress: { firstName: 'Recipient', lastName: 'Other', city: 'Paris' },
      }),
    )
    expect(person).toMatchObject({
      email: 'g@example.com',
      fullName: 'Payer',
      country: 'FR',
      phone: '+331',
      language: 'fr',
      registered: false,
      guestOrderIds: ['A-1'],
      custom: {},
    })
    expect(person.firstName).toBeUndefined()
    expect(person.id).toBeUndefined()
    expect(person.accountStatus).toBeUndefined()
    expect(person.registeredAt).toBeUndefined()
    expect(person.addresses).toHaveLength(2)
    expect(person.signals.totals['EUR']?.amount).toBe('10.00')
  })

  it('prefers accounts to guests, then what is newer, and fills gaps from the others', () => {
    const old = account({ id: 'a', modifiedAt: at(1), firstName: 'Old', phone: '1', stores: ['de'], custom: { size: 'M', color: 'red' } })
    const recent = account({
      id: 'b',
      modifiedAt: at(5),
      firstName: '  ',
      lastName: 'New',
      stores: ['at', 'de'],
      custom: { size: 'L', color: null },
    })
    const guest = orderMember('guest', { modifiedAt: at(9), billingAddress: { firstName: 'Guest', lastName: 'Guest', company: 'Inc' } })
    expect(view(old, guest, recent)).toMatchObject({
      firstName: 'Old',
      lastName: 'New',
      phone: '1',
      companyName: 'Inc',
      id: 'b',
      customerIds: ['a', 'b'],
      stores: ['at', 'de'],
      custom: { size: 'L', color: 'red' },
      createdAt: at(1),
      modifiedAt: at(9),
    })
  })

  it('is registered since its oldest account, whatever a guest ordered before', () => {
    const person = view(
      account({ id: 'a', createdAt: at(5) }),
      account({ id: 'b', createdAt: at(4) }),
      orderMember('guest', { createdAt: at(1) }),
    )
    expect(person).toMatchObject({ registered: true, registeredAt: at(4), createdAt: at(1) })
  })

  it('counts an e-mail address as verified only where that address was', () => {
    const shown = account({ id: 'a', modifiedAt: at(5), email: 'new@example.com' })
    expect(view(shown, account({ id: 'b', email: 'old@example.com', emailVerified: true })).emailVerified).toBe(false)
    expect(view(shown, account({ id: 'b', email: 'New@Example.com', emailVerified: true })).emailVerified).toBe(true)
  })

  it('takes signals from every order that is still there, and guest order numbers sorted', () => {
    const person = view(
      account({}),
      orderMember('order', { id: 'o3', customerId: 'c1' }),
      orderMember('guest', { id: 'o2', number: 'B' }),
      orderMember('guest', { id: 'o1', number: 'A' }),
      orderMember('order', { id: 'o4', customerId: 'c1', orderState: 'cancelled' }),
      orderMember('order', { id: 'o5', customerId: 'c1' }, 1),
    )
    expect(person.signals).toMatchObject({ orderCount: 3, totals: { EUR: { amount: '30.00' } } })
    expect(person.guestOrderIds).toEqual(['A', 'B'])
  })

  it('is deleted only when every profile is, and a deleted account gives way to one that is not', () => {
    const gone = account({ id: 'a', modifiedAt: at(9), firstName: 'Gone' }, Date.UTC(2026, 1, 1))
    const here = account({ id: 'b', firstName: 'Here' })
    expect(view(gone, here)).toMatchObject({ id: 'b', firstName: 'Here', deletedAt: undefined })
    expect(view(gone).deletedAt).toBe('2026-02-01T00:00:00.000Z')
    expect(view(gone, orderMember('guest')).deletedAt).toBeUndefined()
  })

  it('is there without any profile', () => {
    expect(view(orderMember('order'), { ...account({}), record: null })).toMatchObject({
      key: 'shop:c1',
      customerIds: [],
      addresses: [],
      custom: {},
      registered: false,
    })
  })

  it('keeps a custom field named __proto__ a field', () => {
    const custom: unknown = JSON.parse('{"__proto__": "x", "size": "M"}')
    const hostile = account({ id: 'a' })
    if (hostile.record?.entity === 'customer') Object.assign(hostile.record, { custom })
    const person = view(hostile, account({ id: 'b', custom: { size: 'L' } }))
    expect(Object.getPrototypeOf(person.custom)).toBe(Object.prototype)
    expect(Object.keys(person.custom).toSorted()).toEqual(['__proto__', 'size'])
  })

  it('is the same in whatever order the members arrived', () => {
    const word = fc.option(fc.constantFrom('x', 'y', ' '), { nil: undefined })
    const member = fc.oneof(
      fc
        .record({
          id: fc.constantFrom('a', 'b', 'c'),
          modifiedAt: fc.integer({ min: 1, max: 3 }).map(at),
          firstName: word,
          phone: word,
          email: word,
          stores: fc.subarray(['1', '2']),
          gone: fc.boolean(),
        })
        .map(({ gone, ...over }) => account(over, gone ? 5 : null)),
      fc
        .record({
          id: fc.constantFrom('o1', 'o2', 'o3'),
          modifiedAt: fc.integer({ min: 1, max: 3 }).map(at),
          number: word,
          email: word,
          locale: word,
        })
        .map((over) => orderMember('guest', over)),
      fc.record({ id: fc.constantFrom('o1', 'o2', 'o3'), number: word }).map((over) => orderMember('order', over)),
    )
    fc.assert(
      fc.property(
        fc
          .array(member, { maxLength: 6 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const renumbered = shuffled.map((entry, index) => ({ ...entry, rid: index }))
          expect(JSON.stringify(view(...renumbered))).toBe(JSON.stringify(view(...list)))
        },
      ),
      { numRuns: 500 },
    )
  })
})
