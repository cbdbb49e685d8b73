import { scaledClock } from '@millrace/adapter-kit/testing'
import { seedShop } from '@millrace/fake-vendors/commercetools'
import type { FakeHubSpotOptions } from '@millrace/fake-vendors/hubspot'
import { coalesce, type DeadLetter, type Millrace, path } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rmSync } from 'node:fs'
import { fold, peopleOf, propertiesById, repeated } from './support/people.ts'
import { startWorld, type World } from './support/world.ts'

const contract = {
  objects: {
    contact: {
      fields: {
        // Filled where HubSpot has nothing.
        firstname: { value: path('firstName'), owner: 'once' },
        // Written to contacts that we create, never to one that was there.
        phone: { value: coalesce(path('phone'), path('billingAddress.phone')), owner: 'destination' },
      },
    },
  },
} as const

/** What people and other integrations keep at a contact. None of it is mapped. */
const foreign = (index: number): Record<string, string> => ({
  jobtitle: `Job ${index}`,
  lifecyclestage: index % 2 === 0 ? 'opportunity' : 'subscriber',
  hs_lead_status: 'CONNECTED',
  sales_note: `called on day ${index}`,
})

interface Prefilled {
  /** Contacts that one of our people must take over, and the addresses that lead to each. */
  adopted: string[]
  /** A contact of somebody else. */
  taken: string
  /** Customers of whom one each cannot have a contact, since another has it. */
  conflicting: string[][]
}

const toggleCase = (text: string): string =>
  Array.from(text, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('')

/**
 * Fills the portal with contacts of `known` customers. Duplicates as they happen: two accounts of one address in different stores (2), a contact that holds the
 * addresses of two customers (2), a contact that belongs to another shop on the same portal (1).
 */
const prefill = ({ shop, portal: { portal } }: World, known: number): Prefilled => {
  const customers = shop.project.all('customer')
  const emailOf = (index: number): string => String(customers[index]?.['email'])
  const adopted: string[] = []
  let index = 0
  for (; index < known - 22; index += 1) {
    const properties = {
      email: toggleCase(emailOf(index)),
      phone: '+49 30 1',
      ...(index % 3 === 0 ? {} : { firstname: 'Chosen' }),
      ...foreign(index),
    }
    adopted.push(portal.create('contacts', properties))
  }
  for (; index < known - 2; index += 1) {
    const properties = { email: `office-${index}@example.com`, phone: '+49 30 2', firstname: 'Chosen', ...foreign(index) }
    adopted.push(portal.create('contacts', properties, [toggleCase(emailOf(index))]))
  }
  const conflicting: string[][] = []
  for (; index < known; index += 1) {
    const second = index + 10
    adopted.push(
      portal.create('contacts', { email: emailOf(index), phone: '+49 30 3', firstname: 'Chosen', ...foreign(index) }, [emailOf(second)]),
    )
    conflicting.push([customers[index]?.id ?? '', customers[second]?.id ?? ''])
  }
  for (const [position, store] of ['DE', 'JP'].entries()) {
    const twin = {
      ...customers[position],
      id: `second-account-${store}`,
      key: `second-account-${store}`,
      email: emailOf(position).toUpperCase(),
      stores: [{ typeId: 'store', key: store }],
    }
    shop.project.add('customer', twin)
  }
  const taken = portal.create('contacts', {
    email: emailOf(known + 20),
    shop_customer_key: 'other-shop:42',
    firstname: 'Theirs',
    ...foreign(0),
  })
  conflicting.push([customers[known + 20]?.id ?? ''])
  return { adopted, taken, conflicting }
}

describe.each([
  { size: { customers: 1400, orders: 300, products: 50 }, known: 1200, additionalEmails: 'conflict' },
  { size: { customers: 260, orders: 100, products: 20 }, known: 200, additionalEmails: 'match' },
] as const)(
  'a portal that already holds $known of the customers, additional addresses: $additionalEmails',
  ({ size, known, additionalEmails }) => {
    let world: World
    let before: Map<string, Record<string, string>>
    let prefilled: Prefilled
    let letters: DeadLetter[]
    const portalOptions: FakeHubSpotOptions = { additionalEmails }
    const open = (): Millrace => world.open({ contract, source: { companies: false }, clock: scaledClock(10) })

    beforeAll(async () => {
      world = await startWorld(portalOptions)
      seedShop(world.shop, { ...size, seed: 11, businessUnits: 0 })
      await open().apply()
      world.portal.portal.defineProperty('contacts', { name: 'sales_note' })
      prefilled = prefill(world, known)
      before = propertiesById(world.portal, 'contacts')
      const millrace = open()
      await millrace.backfill()
      letters = await millrace.deadLetters.list()
      await millrace.close()
    })
    afterAll(() => world.close())

    it(`takes over ${known} contacts`, () => {
      const keys = prefilled.adopted.map((id) => world.portal.portal.get('contacts', id)?.properties['shop_customer_key'])
      expect(keys.filter((key) => key?.startsWith('shop:'))).toHaveLength(known)
      expect(repeated(keys)).toEqual([])
    })

    it('makes no second contact of anybody', () => {
      const held = new Set(
        [...propertiesById(world.portal, 'contacts').values()]
          .flatMap(({ email = '', hs_additional_emails = '' }) => [email, ...hs_additional_emails.split(';')])
          .filter((email) => email !== ''),
      )
      const people = peopleOf(world.shop)
      expect([...people].filter((email) => !held.has(email))).toEqual([])
      const heldBefore = [...before.values()].flatMap(({ email = '', hs_additional_emails = '' }) => [
        fold(email),
        ...hs_additional_emails.split(';'),
      ])
      const newcomers = [...people].filter((email) => !heldBefore.includes(email))
      expect(world.portal.portal.count('contacts')).toBe(before.size + newcomers.length)
    })

    it('leaves alone what is not ours, and what HubSpot owns', () => {
      const after = propertiesById(world.portal, 'contacts')
      const kept = ['email', 'hs_additional_emails', 'phone', ...Object.keys(foreign(0))]
      for (const [id, properties] of before)
        for (const name of kept) expect([id, name, after.get(id)?.[name]]).toEqual([id, name, properties[name]])
      const unnamed = prefilled.adopted.filter((id) => before.get(id)?.['firstname'] === undefined)
      expect(unnamed.length).toBeGreaterThan(known / 4)
      for (const id of unnamed) expect(after.get(id)?.['firstname']).not.toBe(undefined)
      for (const id of prefilled.adopted.filter((one) => !unnamed.includes(one))) expect(after.get(id)?.['firstname']).toBe('Chosen')
    })

    it('names whom it could not decide about, and touches nothing of theirs', () => {
      expect(letters.map(({ code }) => code)).toEqual(['identity_conflict', 'identity_conflict', 'identity_conflict'])
      const dead = new Set(letters.map(({ unit }) => unit))
      for (const ids of prefilled.conflicting) expect(ids.filter((id) => dead.has(`customer:shop:${id}`))).toHaveLength(1)
      expect(letters.find(({ message }) => message.includes('other-shop:42'))?.message).toContain(prefilled.taken)
      expect(propertiesById(world.portal, 'contacts').get(prefilled.taken)).toMatchObject(before.get(prefilled.taken) ?? {})
    })

    it('two accounts of one address are one contact', () => {
      for (const { id } of world.shop.project.all('customer').slice(0, 2)) {
        expect(world.portal.portal.find('contacts', 'shop_customer_key', `shop:${id}`).length).toBe(1)
      }
      expect(
        world.portal.portal.all('contacts').filter(({ properties }) => properties['shop_customer_key']?.includes('second-account')),
      ).toEqual([])
    })

    it('does the same again when the store file is lost, with nothing new', async () => {
      const types = ['contacts', 'products', 'deals', 'line_items'] as const
      const portal = (): object => Object.fromEntries(types.map((type) => [type, propertiesById(world.portal, type)]))
      const links = (): number[] => [
        world.portal.portal.countAssociations('deals', 'contacts'),
        world.portal.portal.countAssociations('deals', 'line_items'),
      ]
      const [objectsBefore, linksBefore] = [portal(), links()]
      for (const end of ['', '-wal', '-shm']) rmSync(`${world.path}${end}`, { force: true })
      const millrace = open()
      const report = await millrace.backfill()
      expect(report.problems).toEqual([])
      expect(report.connections['hubspot']?.created).toBe(0)
      expect(portal()).toEqual(objectsBefore)
      expect(links()).toEqual(linksBefore)
      const again = await millrace.deadLetters.list()
      expect(again.map(({ unit, code }) => [unit, code]).toSorted()).toEqual(letters.map(({ unit, code }) => [unit, code]).toSorted())
    })
  },
)
