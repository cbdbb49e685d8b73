import fc from 'fast-check'
import { expect, test } from 'vitest'

import { objects, raw, upserts, withFake } from './raw.ts'

test('the portal can be filled and read without HTTP, under the same rules', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'Ada@example.com', city: 'Ulm' }, ['al@example.org'])
    fake.portal.update('contacts', id, { city: 'Bonn' })
    expect(fake.portal.find('contacts', 'city', 'Bonn').map((record) => record.id)).toEqual([id])
    expect(fake.portal.contactOf('AL@example.org')?.properties).toMatchObject({ email: 'ada@example.com', city: 'Bonn' })
    expect(fake.portal.history('contacts', id, 'city')).toHaveLength(2)
    expect(() => fake.portal.create('contacts', { email: 'ada@example.com' })).toThrow(/Existing ID/)
    expect(() => fake.portal.update('contacts', 'nope', {})).toThrow(/does not exist/)
    expect(() => fake.portal.associate('contacts', id, 'products', '1')).toThrow(/cannot be associated/)
    expect(fake.requests).toEqual([])
  }))

test('many writes of one record keep its newest value and a bounded history', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com', phone: '1' })
    for (let write = 0; write < 500; write += 1) fake.portal.update('contacts', id, { city: `City ${write}` })
    expect(fake.portal.value('contacts', id, 'city')).toBe('City 499')
    expect(fake.portal.history('contacts', id, 'city').length).toBeLessThan(100)
    expect(fake.portal.history('contacts', id, 'phone')).toHaveLength(1)
  }))

type Action = {
  readonly kind: 'upsert' | 'archive' | 'merge' | 'erase'
  readonly key: number
  readonly email: number
  readonly traced: boolean
}
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('upsert', 'upsert', 'upsert', 'archive', 'merge', 'erase'),
    key: fc.nat(5),
    email: fc.nat(5),
    traced: fc.boolean(),
  }),
  { maxLength: 25 },
)

test('whatever happens, no two living contacts share an address or a key, and every one is found by both', () =>
  fc.assert(
    fc.asyncProperty(actions, (steps) =>
      withFake({}, async (fake) => {
        fake.portal.defineProperty('contacts', { name: 'mr_id', hasUniqueValue: true })
        for (const { kind, key, email, traced } of steps) {
          const [a, b] = [fake.portal.all('contacts').at(key % 3), fake.portal.all('contacts').at(email % 2)]
          if (kind === 'upsert') {
            const rows = {
              [`k${key}`]: { email: `u${email}@example.com` },
              [`k${(key + 1) % 6}`]: { email: `u${(email + 2) % 6}@example.com` },
            }
            await raw(fake, 'POST', objects('contacts', '/batch/upsert'), upserts('mr_id', rows, traced))
          } else if (a !== undefined && kind === 'archive') await raw(fake, 'DELETE', objects('contacts', `/${a.id}`))
          else if (a !== undefined && kind === 'erase') await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: a.id })
          else if (a !== undefined && b !== undefined)
            await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a.id, objectIdToMerge: b.id })
        }
        const living = fake.portal.all('contacts')
        const emails = living.flatMap(({ properties }) => [
          properties['email'] ?? '',
          ...(properties['hs_additional_emails']?.split(';') ?? []),
        ])
        const keys = living.flatMap(({ properties }) => properties['mr_id'] ?? [])
        expect([new Set(emails).size, new Set(keys).size]).toEqual([emails.length, keys.length])
        for (const { id, properties } of living) expect(fake.portal.contactOf(properties['email'] ?? '')?.id).toBe(id)
        for (const email of emails) expect(fake.portal.contactOf(email)).toBeDefined()
      }),
    ),
    { numRuns: 60 },
  ))
