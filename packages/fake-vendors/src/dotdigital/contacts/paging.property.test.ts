import fc from 'fast-check'
import { expect, test } from 'vitest'

import { raw, withFake } from '../raw.ts'

interface PageBody {
  readonly _items: readonly { readonly contactId: number }[]
  readonly _links: { readonly next?: { readonly marker: string } }
}

test('whoever is there from the first page to the last is seen once, however many come and go meanwhile', () =>
  withFake({}, async (fake) => {
    let created = 0
    const add = (): number => {
      created += 1
      return fake.account.addContact({ identifiers: { email: `u${created}@example.com` } })
    }
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ adds: fc.nat(2), removes: fc.nat(2) }), { maxLength: 5 }),
        async (count, limit, churn) => {
          for (const { id } of fake.account.contacts()) await raw(fake, 'DELETE', `/contacts/v3/contactId/${id}`)
          const staying = new Set(Array.from({ length: count }, add))
          const seen: number[] = []
          let marker = ''
          for (let page = 0; page < 50; page += 1) {
            const body = (await raw(fake, 'GET', `/contacts/v3?limit=${limit}&marker=${marker}`)).body as PageBody
            const { _items: items, _links: links } = body
            seen.push(...items.map(({ contactId }) => contactId))
            const step = churn[page]
            for (let added = 0; added < (step?.adds ?? 0); added += 1) add()
            for (const { id } of fake.account.contacts().slice(0, step?.removes ?? 0)) {
              staying.delete(id)
              await raw(fake, 'DELETE', `/contacts/v3/contactId/${id}`)
            }
            const { next } = links
            if (next === undefined) break
            marker = next.marker
          }
          expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b))
          expect([...staying].filter((id) => !seen.includes(id))).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  }))
