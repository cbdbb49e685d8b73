import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { Millrace } from '../api/millrace.ts'
import type { Change } from '../model/change.ts'
import { customerSchema } from '../model/customer.ts'
import type { StoredRecord } from '../spec/store.ts'
import { memoryStore, recordingDestination, scriptedSource, type ScriptedSource } from '../testing/index.ts'

const modifiedAt = '2026-05-01T00:00:00.000Z'

const customer = (id: string, lastName: string) =>
  customerSchema.parse({ entity: 'customer', id, createdAt: modifiedAt, modifiedAt, email: `${id}@example.com`, lastName })

const upsert = (lastName: string, version: Record<string, number>): Change => ({
  type: 'upsert',
  record: customer('c1', lastName),
  version,
  modifiedAt: Date.parse(modifiedAt),
})

const shopWith = (): { shop: ScriptedSource; millrace: Millrace; stored: () => Promise<StoredRecord | undefined> } => {
  const shop = scriptedSource()
  const store = memoryStore()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: recordingDestination() } }, store })
  return { shop, millrace, stored: async () => (await store.records([{ source: 'shop', entity: 'customer', id: 'c1' }]))[0] }
}

/** Lets the source hand out one page with one change of the customer, whatever it holds otherwise. */
const showOnly = (shop: ScriptedSource, change: Change): void => {
  shop.read = async function* (entity) {
    if (entity === 'customer') yield { changes: [change], cursor: '1' }
  }
}

describe('a record that counts as deleted', () => {
  it('comes back when the source shows it again, even unchanged: it was hidden, not gone', async () => {
    const { shop, millrace, stored } = shopWith()
    for (const id of ['c1', 'c2']) shop.put(customer(id, 'L'), { customer: 1 })
    await millrace.backfill()
    shop.remove('customer', 'c1')
    await millrace.sync({ removals: true })
    expect((await stored())?.deletedAt).not.toBeNull()
    shop.put(customer('c1', 'L'), { customer: 1 })
    await millrace.backfill()
    expect(await stored()).toMatchObject({ deletedAt: null, version: { customer: 1 } })
  })

  it('stays deleted when only a page from before the deletion shows it', async () => {
    const { shop, millrace, stored } = shopWith()
    for (const id of ['c1', 'c2']) shop.put(customer(id, 'L'), { customer: 1 })
    await millrace.backfill()
    shop.remove('customer', 'c1')
    await millrace.sync({ removals: true })
    showOnly(shop, upsert('L', { customer: 1 }))
    await millrace.backfill()
    expect((await stored())?.deletedAt).not.toBeNull()
  })
})

describe('a record that has to be read again', () => {
  it('does not go back when the answer is older than what is stored', async () => {
    const { shop, millrace, stored } = shopWith()
    shop.put(customer('c1', 'Three'), { customer: 3, address: 2 })
    await millrace.backfill()
    showOnly(shop, upsert('Mixed', { customer: 2, address: 3 }))
    shop.get = async () => upsert('Old', { customer: 2, address: 1 })
    await millrace.backfill()
    expect(await stored()).toMatchObject({ version: { customer: 3, address: 2 } })
    expect((await stored())?.body).toContain('Three')
  })

  it('is deleted when the news of its deletion is mixed and the source no longer has it', async () => {
    const { shop, millrace, stored } = shopWith()
    shop.put(customer('c1', 'Three'), { customer: 3, address: 2 })
    await millrace.backfill()
    showOnly(shop, { type: 'delete', entity: 'customer', id: 'c1', version: { customer: 4, address: 1 }, modifiedAt: 0 })
    shop.get = async () => undefined
    await millrace.backfill()
    expect((await stored())?.deletedAt).not.toBeNull()
  })
})
