import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import type { CommerceRecord } from '../model/record.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = (minute: number): string => new Date(Date.parse('2026-05-01T00:00:00.000Z') + minute * 60_000).toISOString()
const emails = ['a@example.com', 'A@Example.com ', 'b@example.com', 'c+x@example.com']
const euro = (amount: string) => ({ currency: 'EUR', amount })

const customerOf = (index: number, email: number): CommerceRecord =>
  customerSchema.parse({
    entity: 'customer',
    id: `c${index}`,
    createdAt: at(index),
    modifiedAt: at(index),
    email: emails[email],
    lastName: `L${index}`,
  })

const orderOf = (index: number, buyer: { customer?: number; email?: number }): CommerceRecord =>
  orderSchema.parse({
    entity: 'order',
    id: `o${index}`,
    createdAt: at(100 + index),
    modifiedAt: at(100 + index),
    placedAt: at(100 + index),
    gross: euro('10.00'),
    refunded: euro('0.00'),
    ...(buyer.customer === undefined ? {} : { customerId: `c${buyer.customer}` }),
    ...(buyer.email === undefined ? {} : { email: emails[buyer.email] }),
  })

const shopArbitrary = fc.record({
  customers: fc.array(fc.nat(emails.length - 1), { minLength: 1, maxLength: 4 }),
  guests: fc.array(fc.nat(emails.length - 1), { maxLength: 4 }),
  accountOrders: fc.array(fc.nat(3), { maxLength: 4 }),
})

/** Delivers the records one pass at a time in the given order, and says what the destination ends with. */
const deliverInOrder = async (records: readonly CommerceRecord[], perPass: number): Promise<unknown> => {
  const crm = recordingDestination()
  const shop = scriptedSource()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore() })
  for (let start = 0; start < records.length; start += perPass) {
    const batch = records.slice(start, start + perPass)
    for (const record of batch) shop.put(record, { [record.entity]: 1 })
    await millrace.push(batch.map(({ entity, id }) => ({ source: 'shop', entity, id })))
  }
  const keyOf = new Map(crm.objectsOf('contact').map((contact) => [contact.remoteId, contact.key]))
  return {
    contacts: crm
      .objectsOf('contact')
      .map(({ key, fields }) => ({ key, name: fields['name'], orders: fields['orders'] }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    deals: crm
      .objectsOf('deal')
      .map(({ key, parents }) => ({ key, buyers: parents.map((id) => keyOf.get(id)) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }
}

describe('who a person is', () => {
  it('does not depend on the order in which accounts, guests and orders arrive', async () => {
    await fc.assert(
      fc.asyncProperty(shopArbitrary, fc.infiniteStream(fc.nat(1000)), fc.integer({ min: 1, max: 5 }), async (shop, stream, perPass) => {
        const records = [
          ...shop.customers.map((email, index) => customerOf(index, email)),
          ...shop.guests.map((email, index) => orderOf(index, { email })),
          ...shop.accountOrders.flatMap((customer, index) => (customer < shop.customers.length ? [orderOf(50 + index, { customer })] : [])),
        ]
        const ranks = records.map(() => stream.next().value)
        const shuffled = records.map((record, index) => ({ record, rank: ranks[index] ?? 0 })).toSorted((a, b) => a.rank - b.rank)
        const expected = await deliverInOrder(records, records.length)
        const actual = await deliverInOrder(
          shuffled.map(({ record }) => record),
          perPass,
        )
        expect(actual).toEqual(expected)
      }),
      { numRuns: 400 },
    )
  })
})
