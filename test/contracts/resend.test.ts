import { createMillrace, customerSchema, custom, mapValues, type ContractOverride } from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'
import { hubspot } from '@millrace/destination-hubspot'
import { startFakeHubSpot, unlimited } from '@millrace/fake-vendors/hubspot'
import { afterEach, expect, it } from 'vitest'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

it('a contract change re-sends exactly the records whose mapped values differ, without asking the destination about any', async () => {
  const at = '2026-05-01T00:00:00.000Z'
  const shop = scriptedSource()
  for (let index = 0; index < 300; index += 1) {
    const tier = index < 37 ? 'gold' : 'basic'
    shop.put(
      customerSchema.parse({
        entity: 'customer',
        id: `c${index}`,
        createdAt: at,
        modifiedAt: at,
        email: `c${index}@example.com`,
        custom: { tier },
      }),
    )
  }
  const fake = await startFakeHubSpot({ limits: unlimited, recordBodies: true })
  const store = memoryStore()
  ends.push(() => fake.close())
  const open = (values: Record<string, string>) => {
    const contract: ContractOverride = {
      objects: { contact: { fields: { '{prefix}_tier': { type: 'string', value: mapValues(custom('tier'), values, 'Other') } } } },
    }
    const destination = hubspot({ accessToken: fake.accessToken, baseUrl: fake.url })
    return createMillrace({ sources: { shop }, connections: { hubspot: { destination, contract } }, store })
  }
  const first = open({ basic: 'Basic', gold: 'Gold' })
  await first.apply()
  await first.sync()
  fake.resetRequests()
  // The reading of the shop is not what is asked here: nothing changed there.
  const report = await open({ basic: 'Basic', gold: 'Premium' }).sync()
  expect(report.connections['hubspot']).toMatchObject({ updated: 37, unchanged: 263, created: 0 })
  const records = fake.requests.filter(({ path }) => path.includes('/crm/objects/'))
  // One write; the others are what a pass over a new contract asks of the account before it writes (scopes, without rows).
  const written = records.filter(({ path, inputs }) => path.includes('/batch/') && (inputs ?? 0) > 0)
  expect(written.map(({ path, inputs }) => [path.split('/').slice(-2).join('/'), inputs])).toEqual([['batch/upsert', 37]])
  expect(fake.portal.find('contacts', 'shop_tier', 'Premium')).toHaveLength(37)
})
