import type { Change, Fetched, Notice } from '@millrace/core'
import { type FakeCommercetools, notificationsOf, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const iso = (time: number): string => new Date(time).toISOString()
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let now = start
let shop: FakeCommercetools
beforeEach(async () => {
  now = start
  shop = await startFakeCommercetools({ now: () => now })
})
afterEach(() => shop.close())

const customer = (id: string) =>
  shop.project.add('customer', { id, createdAt: iso(now), email: `${id}@example.com`, addresses: [], stores: [], isEmailVerified: false })

const order = (id: string, paymentId?: string) =>
  shop.project.add('order', {
    id,
    createdAt: iso(now),
    lineItems: [],
    customLineItems: [],
    shipping: [],
    totalPrice: eur(5000),
    orderState: 'Open',
    origin: 'Customer',
    ...(paymentId === undefined ? {} : { paymentInfo: { payments: [{ typeId: 'payment', id: paymentId }] } }),
  })

const payment = (id: string) =>
  shop.project.add('payment', {
    id,
    createdAt: iso(now),
    amountPlanned: eur(5000),
    paymentMethodInfo: {},
    paymentStatus: {},
    transactions: [],
    interfaceInteractions: [],
  })

const decodeWith = (payload: unknown): Notice => {
  const decoded = sourceOf(shop).decode?.(payload)
  if (decoded?.type !== 'notice') throw new Error(`not a notice: ${JSON.stringify(decoded)}`)
  return decoded.notice
}

const fetchOf = async (notices: readonly Notice[]): Promise<readonly Fetched[]> =>
  (await sourceOf(shop, { carts: true }).fetch?.(notices, quickContext())) ?? []

const changesIn = (fetched: readonly Fetched[]): Change[] => fetched.flatMap((one) => ('changes' in one ? one.changes : []))

describe('a notification', () => {
  it.each(['Platform', 'CloudEvents'] as const)('of a change in the format %s names what to fetch, and how new it must be', (format) => {
    const make = notificationsOf(shop.projectKey, format)
    expect(decodeWith(make.change('customer', customer('c1')))).toEqual({
      key: 'customer:c1',
      version: 1,
      at: start,
      data: { type: 'customer', id: 'c1' },
    })
  })

  it.each([false, true])('that is a message counts by the version of its resource, with its content left out: %s', (large) => {
    const message = notificationsOf(shop.projectKey).message('order', { ...order('o1'), version: 7 }, 'OrderCreated', {
      large,
      fields: { order: { customerEmail: 'somebody@example.com' } },
    })
    expect(decodeWith(message)).toEqual({ key: 'order:o1', version: 7, at: start, data: { type: 'order', id: 'o1' } })
  })

  it('takes nothing personal along', () => {
    const message = notificationsOf(shop.projectKey).message('customer', customer('c1'), 'CustomerEmailChanged', {
      fields: { email: 'a@b.example' },
    })
    expect(JSON.stringify(decodeWith(message))).not.toContain('@')
  })

  it.each([
    ['the test of a new subscription', () => notificationsOf(shop.projectKey).test()],
    ['what no record is made from', () => notificationsOf(shop.projectKey).change('zone', customer('z'))],
    [
      'an event of the platform',
      () => ({ projectKey: shop.projectKey, notificationType: 'Event', resource: { typeId: 'order', id: 'o' } }),
    ],
  ])('that is %s is acknowledged and ignored', (_, payload) => {
    expect(sourceOf(shop).decode?.(payload())).toMatchObject({ type: 'ignored' })
  })

  it.each([
    ['null', null],
    ['a list', []],
    ['text', 'order:1'],
    ['of another project', { projectKey: 'other', notificationType: 'ResourceUpdated', resource: { typeId: 'order', id: 'o' } }],
    ['without a type', { projectKey: 'fake-shop', resource: { typeId: 'order', id: 'o' } }],
    ['without a resource', { projectKey: 'fake-shop', notificationType: 'ResourceUpdated' }],
    ['with an empty id', { projectKey: 'fake-shop', notificationType: 'ResourceUpdated', resource: { typeId: 'order', id: '' } }],
    ['a CloudEvent without data', { specversion: '1.0', type: 'x' }],
  ])('that is %s is refused as invalid, and no other way', (_, payload) => {
    expect(() => sourceOf(shop).decode?.(payload)).toThrow(expect.objectContaining({ code: 'notification_invalid' }))
  })

  it('never fails in another way, whatever arrives', () => {
    const source = sourceOf(shop)
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(fc.constantFrom('projectKey', 'notificationType', 'resource', 'specversion', 'data'), fc.anything()),
        (any, shaped) => {
          for (const payload of [any, { projectKey: shop.projectKey, ...shaped }]) {
            try {
              source.decode?.(payload)
            } catch (error) {
              expect(error).toMatchObject({ code: 'notification_invalid' })
            }
          }
        },
      ),
    )
  })
})

describe('what notices speak of', () => {
  it('is fetched with few requests, whatever their number', async () => {
    const make = notificationsOf(shop.projectKey)
    const notices = Array.from({ length: 120 }, (_, index) => decodeWith(make.change('customer', customer(`c${index}`))))
    shop.resetRequests()
    const fetched = await fetchOf(notices)
    expect(changesIn(fetched)).toHaveLength(120)
    expect(shop.count({ path: '/customers' })).toBeLessThanOrEqual(3)
  })

  it('of a payment is its order, with the payment as new as announced', async () => {
    payment('p1')
    order('o1', 'p1')
    now += 60_000
    const paid = shop.project.update('payment', 'p1', {
      transactions: [{ id: 't1', type: 'Refund', state: 'Success', amount: eur(1250), timestamp: iso(now) }],
    })
    const [change] = changesIn(await fetchOf([decodeWith(notificationsOf(shop.projectKey).change('payment', paid))]))
    expect(change).toMatchObject({
      type: 'upsert',
      version: { order: 1, 'payment:p1': 2 },
      record: { id: 'o1', refunded: { amount: '12.50' } },
    })
  })

  it('is read again while the platform is behind, and tried later when it stays so', async () => {
    const row = customer('c1')
    const notice = decodeWith(notificationsOf(shop.projectKey).change('customer', { ...row, version: 2 }))
    let asked = 0
    const stop = shop.onRequest(({ path }) => {
      if (!path.endsWith('/customers')) return
      asked += 1
      if (asked === 3) shop.project.update('customer', 'c1', { firstName: 'There' })
    })
    expect(changesIn(await fetchOf([notice]))).toMatchObject([{ version: { customer: 2 } }])
    stop()
    expect(await fetchOf([{ ...notice, version: 3 }])).toMatchObject([
      { key: 'customer:c1', error: { code: 'source_version_not_visible', retryable: true } },
    ])
  })

  it('is not held up by one that is behind', async () => {
    const make = notificationsOf(shop.projectKey)
    const fetched = await fetchOf([
      decodeWith(make.change('customer', { ...customer('late'), version: 9 })),
      decodeWith(make.change('customer', customer('fine'))),
    ])
    expect(changesIn(fetched).map(idOf)).toEqual(['fine'])
  })

  it('is gone when a notification says so and the platform does not have it', async () => {
    const row = customer('c1')
    shop.project.delete('customer', 'c1')
    const make = notificationsOf(shop.projectKey)
    const gone = { type: 'delete', entity: 'customer', id: 'c1', version: { customer: 1 } }
    expect(changesIn(await fetchOf([decodeWith(make.deleted('customer', row))]))).toMatchObject([gone])
    expect(changesIn(await fetchOf([decodeWith(make.deleted('customer', row, { dataErasure: true }))]))).toMatchObject([
      { ...gone, erase: true },
    ])
  })

  it('is not gone when it is there: a forged or late deletion removes nothing', async () => {
    const row = customer('c1')
    const [change] = changesIn(await fetchOf([decodeWith(notificationsOf(shop.projectKey).deleted('customer', row))]))
    expect(change).toMatchObject({ type: 'upsert', record: { id: 'c1' } })
  })

  it('of a deleted category carries the key that its record is known by', async () => {
    const row = shop.project.add('category', {
      id: 'cat-id',
      key: 'shoes',
      createdAt: iso(now),
      name: { en: 'Shoes' },
      slug: { en: 'shoes' },
      ancestors: [],
      orderHint: '0.1',
    })
    shop.project.delete('category', 'cat-id')
    expect(changesIn(await fetchOf([decodeWith(notificationsOf(shop.projectKey).deleted('category', row))]))).toMatchObject([
      { type: 'delete', entity: 'category', id: 'shoes' },
    ])
  })

  it('of a kind that is not read is nothing', async () => {
    const notice = { key: 'cart:k', version: 1, at: 0, data: { type: 'cart', id: 'k' } }
    expect(await sourceOf(shop).fetch?.([notice], quickContext())).toEqual([{ key: 'cart:k', changes: [] }])
  })
})
