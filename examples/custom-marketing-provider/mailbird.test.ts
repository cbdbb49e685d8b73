import { readFile } from 'node:fs/promises'
import { destinationSuite } from '@millrace/adapter-kit/testing'
import { marketing } from '@millrace/destination-marketing'
import { expect, it } from 'vitest'
import { startMailbird } from './mailbird-fake.ts'
import { mailbird } from './mailbird.ts'

const apiKey = 'key-1'

// The adoption rules, faults, redaction and all the others: the provider is tested as a destination.
destinationSuite({
  destination: (baseUrl) => {
    const destination = marketing({ provider: mailbird({ baseUrl, apiKey, audience: 'shop' }) })
    // It has no lists.
    const { memberships: _none, ...contact } = destination.objects['contact'] ?? { from: 'person', fields: {}, keyField: 'key' }
    return { ...destination, objects: { contact } }
  },
  fake: async () => {
    const fake = await startMailbird(apiKey)
    return {
      url: fake.url,
      sample: (_object, n) => ({ fields: { email: `Person+${n}@Example.com`, FIRSTNAME: `Given ${n}`, LASTNAME: `Family Name ${n}` } }),
      poison: (input) => ({ ...input, fields: { ...input.fields, LASTNAME: 'x y'.repeat(100) } }),
      count: () => fake.subscribers().length,
      keyOf: (_object, id) => String(fake.subscribers().find((one) => one.id === id)?.fields['shop_key'] ?? ''),
      fieldsOf: (_object, id) => {
        const held = fake.subscribers().find((one) => one.id === id)
        return held && { email: held.email, FIRSTNAME: held.fields['FIRSTNAME'] ?? null, LASTNAME: held.fields['LASTNAME'] ?? null }
      },
      plant: (_object, fields) => fake.plant(String(fields['email'])),
      close: () => fake.close(),
    }
  },
})

it('is a file of at most 150 lines', async () => {
  const text = await readFile(new URL('mailbird.ts', import.meta.url), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(151)
})
