import { scaledClock } from '@millrace/adapter-kit/testing'
import type { Clock, Settlement, Store } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterEach, describe, expect, it } from 'vitest'
import { startMailingWorld, type MailingWorld } from '../support/mailing-world.ts'
import { fold, peopleOf } from '../support/people.ts'

/** The vendor applies an import a minute after it was handed in. */
const lateMs = 60_000
const patience = { drainMs: 30 * 60_000 }

let world: MailingWorld
let clock: Clock
afterEach(() => world.close())

const start = async (): Promise<Store> => {
  clock = scaledClock(200)
  world = await startMailingWorld({ importMs: lateMs, now: () => clock.now() })
  seedShop(world.shop, { customers: 40, orders: 40, products: 12, seed: 5 })
  world.advance(3_600_000)
  const millrace = world.open({ store: memoryStore(), clock })
  await millrace.apply()
  return memoryStore()
}

/** A process that dies at the moment at which `when` says so: what it was about to write is not written. */
const dying = (store: Store, when: (settlements: readonly Settlement[]) => boolean): Store => ({
  ...store,
  settle: async (token, run, settlements, now) => {
    if (when(settlements)) throw new Error('killed')
    await store.settle(token, run, settlements, now)
  },
})

const rename = (): void => {
  for (const { id } of world.shop.project.all('customer')) world.shop.project.update('customer', id, { firstName: 'Newest' })
  world.advance(60_000)
}

/** Everybody once and at the newest version, every order once and with its contact, and no slot too many at any time. */
const assertWhole = (): void => {
  const { shop, fake } = world
  const contacts = fake.account.contacts()
  expect(contacts.map(({ identifiers }) => identifiers['email']).toSorted()).toEqual([...peopleOf(shop)].toSorted())
  for (const customer of shop.project.all('customer')) {
    expect(fake.account.contactOf(String(customer['email']))?.dataFields['FIRSTNAME']).toBe(customer['firstName'])
  }
  const orders = shop.project.all('order')
  const records = fake.account.records('Orders')
  expect(records).toHaveLength(orders.length)
  const emails = new Map(orders.map((order) => [order['orderNumber'], fold(String(order['customerEmail']))]))
  for (const { json, owner } of records)
    expect(fake.account.contact(owner ?? 0)?.identifiers['email']).toBe(emails.get(String(json['orderNumber'] ?? json['id'])))
  expect(fake.account.records('catalog_shop')).toHaveLength(shop.project.all('product').length)
  expect(fake.count(({ status }) => status === 429)).toBe(0)
}

const isPending = (settlements: readonly Settlement[]): boolean => settlements.some(({ to }) => to === 'pending')

describe('a process that dies with imports under way, at a vendor that applies them a minute late', () => {
  it('before an import was handed in', async () => {
    const store = await start()
    world.fake.faults.next({ kind: 'reset', when: 'before' }, { method: 'PUT', path: '/contacts/v3/import' })
    const first = world.open({
      store: dying(store, (settlements) => settlements.some((one) => one.to === 'ready' && one.unconfirmed === true)),
      clock,
    })
    await first.backfill({ drainMs: 0 }).catch(() => undefined)
    await first.close()
    rename()
    const second = world.open({ store, clock })
    expect((await second.backfill(patience)).run.status).toBe('completed')
    assertWhole()
  })

  it('between the answer and the store, with a newer version by then', async () => {
    const store = await start()
    const first = world.open({ store: dying(store, isPending), clock })
    await first.backfill({ drainMs: 0 }).catch(() => undefined)
    await first.close()
    expect(world.fake.account.jobs().length).toBeGreaterThan(0)
    rename()
    const second = world.open({ store, clock })
    expect((await second.backfill(patience)).run.status).toBe('completed')
    await clock.sleep(2 * lateMs)
    assertWhole()
  })

  it('while they are pending, with a newer version by then: it waits its turn and wins', async () => {
    const store = await start()
    const first = world.open({ store, clock })
    expect((await first.backfill({ drainMs: 0 })).run.status).toBe('incomplete')
    await first.close()
    const handedIn = world.fake.account.jobs().length
    rename()
    const second = world.open({ store, clock })
    expect((await second.sync(patience)).run.status).toBe('completed')
    expect(world.fake.account.jobs().length).toBeGreaterThan(handedIn)
    assertWhole()
  })

  it('again and again, at every place', async () => {
    const store = await start()
    for (let round = 1; round <= 6; round += 1) {
      let left = round
      const once = world.open({ store: dying(store, () => (left -= 1) === 0), clock })
      await once.backfill({ drainMs: 10 * 60_000 }).catch(() => undefined)
      await once.close()
      if (round === 3) rename()
    }
    const last = world.open({ store, clock })
    expect((await last.backfill(patience)).run.status).toBe('completed')
    await clock.sleep(2 * lateMs)
    assertWhole()
  })
})
