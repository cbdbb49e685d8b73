import { scaledClock } from '@millrace/adapter-kit/testing'
import { memoryStore } from '@millrace/core/testing'
import type { Store } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailingWorld, type MailingWorld } from '../support/mailing-world.ts'

const total = 300
const left = 60
const back = 15

let world: MailingWorld
let store: Store
const clock = scaledClock(50)

const email = (index: number): string => `person${index}@example.com`
const millrace = () =>
  world.open({
    store,
    clock,
    source: {
      consent: [
        {
          channel: 'email',
          field: 'NEWSLETTER_SUBSCRIBE',
          timestampField: 'NEWSLETTER_CHANGED',
          evidenceFields: ['NEWSLETTER_TEXT'],
        },
      ],
      companies: false,
    },
  })

const say = (index: number, word: string | undefined, at?: string): void => {
  const custom = {
    type: { typeId: 'type', id: 'newsletter' },
    fields: {
      ...(word === undefined ? {} : { NEWSLETTER_SUBSCRIBE: word }),
      ...(at === undefined ? {} : { NEWSLETTER_CHANGED: at, NEWSLETTER_TEXT: 'Yes, write to me' }),
    },
  }
  world.shop.project.update('customer', `c${index}`, { custom, lastName: `Name ${index} ${word ?? ''} ${at ?? ''}` })
}

beforeEach(async () => {
  world = await startMailingWorld()
  store = memoryStore()
  for (let index = 0; index < total; index += 1) {
    world.shop.project.add('customer', {
      id: `c${index}`,
      key: `c${index}`,
      email: email(index),
      firstName: 'A',
      lastName: 'B',
      addresses: [],
      stores: [],
    })
    // A third said yes, a third no, a third nothing.
    if (index % 3 !== 2) say(index, index % 3 === 0 ? 'YES' : 'NO', '2026-01-01T00:00:00.000Z')
  }
  world.advance(3_600_000)
  const first = millrace()
  await first.apply()
  await first.backfill({ drainMs: 600_000 })
})
afterEach(() => world.close())

const status = (index: number) => world.fake.account.contactOf(email(index))?.email?.status

describe('consent, from a custom field that says YES or NO', () => {
  it('is as the shop has it after the first read', () => {
    for (let index = 0; index < total; index += 1) {
      expect(status(index), email(index)).toBe(index % 3 === 0 ? 'subscribed' : 'unsubscribed')
      const word = ['YES', 'NO', 'UNKNOWN'][index % 3]
      expect(world.fake.account.contactOf(email(index))?.dataFields['SHOP_OPTIN']).toBe(word)
    }
    expect(world.fake.account.mails()).toEqual([])
  })

  it.each(['sync', 'backfill', 'lost store'] as const)(
    'survives a resync by %s: who left there stays out, who opted in anew is asked, nobody else changes',
    async (how) => {
      const { fake } = world
      const subscribers = Array.from({ length: total / 3 }, (_, index) => 3 * index)
      const gone = subscribers.slice(0, left)
      for (const index of gone) fake.account.unsubscribe(email(index))
      const later = new Date(clock.now() + 60_000).toISOString()
      for (const index of gone.slice(0, back)) say(index, 'YES', later)
      // Everybody changes, so that everybody is written.
      for (let index = 0; index < total; index += 1) world.shop.project.update('customer', `c${index}`, { firstName: 'Changed' })
      world.advance(3_600_000)
      if (how === 'lost store') store = memoryStore()
      const again = millrace()
      const report = await (how === 'sync' ? again.sync({ drainMs: 600_000 }) : again.backfill({ drainMs: 600_000 }))
      expect(report.connections['dotdigital']).toMatchObject({ deadLettered: 0, pending: 0 })
      expect(fake.account.contacts()).toHaveLength(total)
      for (let index = 0; index < total; index += 1) {
        expect(fake.account.contactOf(email(index))?.dataFields['FIRSTNAME'], email(index)).toBe('Changed')
        const stays = index % 3 === 0 && !gone.includes(index)
        expect(status(index), email(index)).toBe(stays ? 'subscribed' : 'unsubscribed')
      }
      expect(
        fake.account
          .mails()
          .map(({ to }) => to)
          .toSorted(),
      ).toEqual(gone.slice(0, back).map(email).toSorted())
    },
  )
})
