import { createMillrace } from '../create-millrace.ts'
import type { Clock } from '../clock.ts'
import type { MillraceConfig } from '../api/config.ts'
import { cartSchema, type Cart } from '../model/cart.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import type { Destination } from '../spec/destination.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

/** When the shop of a test begins. Minutes count from there. */
export const start: number = Date.parse('2026-06-01T00:00:00.000Z')

/** An instant so many minutes after the start. */
export const minute = (minutes: number): string => new Date(start + minutes * 60_000).toISOString()

const euro = (amount: string): { currency: string; amount: string } => ({ currency: 'EUR', amount })

const line = {
  id: 'l1',
  sku: 'SHIRT-M',
  productKey: 'shirt',
  name: { en: 'A shirt' },
  categoryPath: [{ en: 'Clothing' }, { en: 'Shirts' }],
}

/** An account, created at a minute. */
export const customer = (id: string, at = 0, more: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: minute(at),
    modifiedAt: minute(at),
    email: `${id}@example.com`,
    lastName: 'Test',
    ...more,
  })

/** An order of an account, placed at a minute. */
export const order = (id: string, customerId: string, at: number, more: Partial<Order> = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    number: `N-${id}`,
    createdAt: minute(at),
    modifiedAt: minute(at),
    placedAt: minute(at),
    customerId,
    orderState: 'open',
    gross: euro('20.00'),
    refunded: euro('0.00'),
    lines: [{ ...line, quantity: 2, unitPrice: euro('10.00'), total: euro('20.00') }],
    ...more,
  })

/** A cart of an account, touched at a minute. */
export const cart = (id: string, customerId: string | undefined, at: number, more: Partial<Cart> = {}): Cart =>
  cartSchema.parse({
    entity: 'cart',
    id,
    createdAt: minute(at),
    modifiedAt: minute(at),
    state: 'active',
    ...(customerId === undefined ? {} : { customerId }),
    gross: euro('10.00'),
    lines: [{ ...line, quantity: 1, unitPrice: euro('10.00'), total: euro('10.00') }],
    ...more,
  })

/** A clock that jumps over every pause. */
export const jumpingClock = (): Clock & { set(minutes: number): void } => {
  let now = start
  const sleep = async (ms: number): Promise<void> => {
    now += ms
  }
  return { sleep, now: () => now, monotonic: () => now, set: (minutes) => (now = start + minutes * 60_000) }
}

/** A shop, a destination that takes events, and a Millrace between them; time is the test's. */
export const eventWorld = (
  options: {
    events?: 'idempotent' | 'at-most-once'
    contract?: NonNullable<MillraceConfig['connections']>[string]['contract']
    retention?: NonNullable<MillraceConfig['retention']>
  } = {},
) => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination({ events: options.events ?? 'at-most-once' })
  const store = memoryStore()
  const clock = jumpingClock()
  const connections = { crm: { destination: crm, ...(options.contract === undefined ? {} : { contract: options.contract }) } }
  const retention = options.retention ?? {}
  const open = () => createMillrace({ sources: { shop }, connections, store, clock, retention })
  return {
    shop,
    crm,
    store,
    clock,
    open,
    millrace: open(),
    /** Moves every clock to a minute. */
    at: (minutes: number) => {
      shop.setNow(start + minutes * 60_000)
      clock.set(minutes)
    },
    /** Types (or ids) of what was told, sorted. */
    told: (what: 'type' | 'id' = 'type') =>
      crm
        .told()
        .map((event) => event[what])
        .toSorted(),
  }
}

/** The same destination with consent of one topic, `news`, as an object of its own. */
export const takingConsent = (destination: Destination): Destination => {
  const { objects, limits, delivery, defaultContract } = destination
  return {
    ...destination,
    objects: { ...objects, permission: { from: 'consent', keyField: 'id', fields: {}, channels: ['email'] } },
    limits: { ...limits, deliver: { ...limits.deliver, permission: 10 } },
    delivery: { ...delivery, permission: 'upsert' },
    defaultContract: {
      ...defaultContract,
      consent: { authority: 'source', topics: { news: { channel: 'email', target: 'news' } } },
      objects: { ...defaultContract.objects, permission: { fields: {} } },
    },
  }
}
