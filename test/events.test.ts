import {
  cartSchema,
  createMillrace,
  customerSchema,
  orderSchema,
  systemClock,
  type Cart,
  type Clock,
  type Order,
  type Store,
} from '@millrace/core'
import { scriptedSource } from '@millrace/core/testing'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited, type FakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const start = Date.parse('2026-06-01T00:00:00.000Z')
const minute = (minutes: number): string => new Date(start + minutes * 60_000).toISOString()
const euro = (amount: string) => ({ currency: 'EUR', amount })
const line = {
  id: 'l1',
  sku: 'SHIRT-M',
  name: { en: 'A shirt' },
  quantity: 2,
  unitPrice: euro('10.00'),
  total: euro('20.00'),
  categoryPath: [{ en: 'Clothing' }, { en: 'Shirts' }],
}

const order = (id: string, at: number, more: Partial<Order> = {}): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    number: `N-${id}`,
    createdAt: minute(at),
    modifiedAt: minute(at),
    placedAt: minute(at),
    customerId: 'ada',
    gross: euro('20.00'),
    refunded: euro('0.00'),
    lines: [line],
    ...more,
  })

const cart = (at: number): Cart =>
  cartSchema.parse({
    entity: 'cart',
    id: 'k1',
    createdAt: minute(at),
    modifiedAt: minute(at),
    state: 'active',
    customerId: 'ada',
    gross: euro('20.00'),
    lines: [line],
    recoveryUrl: 'https://shop.example/cart/k1',
  })

/** A clock on which waits for room in a budget pass at once. */
const hastyClock = (): Clock => {
  let ahead = 0
  return {
    now: () => Math.floor(systemClock.now() + ahead),
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: async (ms, signal) => {
      if (ms >= 30_000) return systemClock.sleep(ms, signal)
      signal?.throwIfAborted()
      ahead += Math.ceil(ms)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('events from a shop to HubSpot', () => {
  let portal: FakeHubSpot
  let folder: string
  const opened: { close(): Promise<void> }[] = []
  const shop = () => scriptedSource({ now: start })

  beforeEach(async () => {
    portal = await startFakeHubSpot({ limits: unlimited })
    folder = mkdtempSync(join(tmpdir(), 'millrace-events-'))
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await portal.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (source: ReturnType<typeof shop>, store: Store = sqlite({ path: join(folder, 'store.db') })) => {
    const destination = hubspot({ accessToken: portal.accessToken, baseUrl: portal.url, events: 'auto', carts: true })
    const millrace = createMillrace({ sources: { shop: source }, connections: { hubspot: { destination } }, store, clock: hastyClock() })
    opened.push(millrace)
    return millrace
  }

  const readWhole = async () => {
    const source = shop()
    const ada = { entity: 'customer', id: 'ada', createdAt: minute(0), modifiedAt: minute(0), email: 'ada@example.com', lastName: 'L' }
    source.put(customerSchema.parse(ada))
    source.put(order('before', 1))
    source.setNow(start + 5 * 60_000)
    const millrace = open(source)
    await millrace.apply()
    expect((await millrace.sync()).run.status).toBe('completed')
    const pass = async (minutes: number) => {
      source.setNow(start + minutes * 60_000)
      return millrace.sync()
    }
    return { source, millrace, pass }
  }

  const names = (): string[] => portal.portal.events.map(({ eventName }) => eventName.replace(/^pe\d+_shop_/, ''))

  it('an order that is placed after the first sync is an event of its contact, once by push, poll and backfill', async () => {
    const { source, millrace, pass } = await readWhole()
    expect(names()).toEqual([])
    source.put(order('o1', 10))
    source.setNow(start + 11 * 60_000)
    await millrace.push({ source: 'shop', entity: 'order', id: 'o1' })
    await pass(12)
    await millrace.backfill()
    expect(names()).toEqual(['order_placed'])
    const [contact] = portal.portal.all('contacts')
    expect(portal.portal.events[0]).toMatchObject({
      recordId: contact?.id,
      occurredAt: Date.parse(minute(10)),
      properties: { order_number: 'N-o1', value: '20.00', currency: 'EUR', sku: 'SHIRT-M', category: 'Clothing > Shirts', quantity: '2' },
    })
  })

  it('an answer that is lost leaves a dead letter and one event, not two', async () => {
    const { source, millrace, pass } = await readWhole()
    source.put(order('o1', 10))
    portal.faults.next({ kind: 'reset', when: 'after' }, { path: '/send/batch' })
    expect((await pass(11)).connections['hubspot']).toMatchObject({ deadLettered: 1 })
    await pass(12)
    expect(names()).toEqual(['order_placed'])
    const [letter] = await millrace.deadLetters.list()
    expect(letter).toMatchObject({ code: 'event_outcome_unknown', object: 'event', unit: 'event:shop:order.placed:o1' })
    expect(await millrace.deadLetters.replay({ code: 'event_outcome_unknown' })).toMatchObject({ count: 1 })
    await pass(13)
    expect(names()).toEqual(['order_placed', 'order_placed'])
  })

  it('a process that ends between the send and its settlement leaves a dead letter and one event, not two', async () => {
    const { source, millrace } = await readWhole()
    await millrace.close()
    const store = sqlite({ path: join(folder, 'store.db') })
    const dying: Store = {
      ...store,
      settle: async (token, run, settlements, now) => {
        if (names().length > 0) throw new Error('the process ended here')
        return store.settle(token, run, settlements, now)
      },
    }
    source.put(order('o1', 10))
    source.setNow(start + 11 * 60_000)
    await open(source, dying).sync()
    await store.close()
    const next = open(source)
    await next.sync()
    expect(names()).toEqual(['order_placed'])
    expect((await next.deadLetters.list()).map(({ code }) => code)).toEqual(['event_outcome_unknown'])
  })

  it('a cart is a cart of its contact, and told when it is left; a purchase says that it was recovered', async () => {
    const { source, pass } = await readWhole()
    source.put(cart(20))
    await pass(21)
    const [kept, ...others] = portal.portal.all('carts')
    expect(others).toEqual([])
    expect(kept?.properties).toMatchObject({ hs_external_status: 'active', hs_total_price: '20.00', shop_cart_id: 'k1' })
    const [contact] = portal.portal.all('contacts')
    expect(portal.portal.associated('carts', kept?.id ?? '', 'contacts')).toEqual([contact?.id])
    expect(portal.portal.associated('carts', kept?.id ?? '', 'line_items')).toHaveLength(1)
    await pass(79)
    expect(names()).toEqual([])
    // The order before the first sync is a day old by now.
    source.put({ ...cart(20), modifiedAt: minute(1_500), locale: 'en' })
    await pass(1_501)
    await pass(1_561)
    await pass(1_600)
    expect(names()).toEqual(['cart_abandoned'])
    expect(portal.portal.events[0]?.properties).toMatchObject({ cart_id: 'k1', url: 'https://shop.example/cart/k1' })
    source.put(order('o2', 1_610))
    await pass(1_611)
    expect(names().toSorted()).toEqual(['cart_abandoned', 'cart_recovered', 'order_placed'])
  })
})
