import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { ContractOverride } from '../contract/contract.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = { currency: 'EUR', amount: '10.00' }
const customer = (id: string, email: string): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email, lastName: id })
const order = (id: string, over: Partial<Order>): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    gross: money,
    refunded: { ...money, amount: '0.00' },
    ...over,
  })

const world = (contract: ContractOverride = {}) => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  return { shop, crm, store, millrace: createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract } }, store }) }
}

describe('an order that gets another buyer', () => {
  it('no longer counts for the first one', async () => {
    const { shop, crm, millrace } = world()
    for (const id of ['c1', 'c2']) shop.put(customer(id, `${id}@example.com`))
    shop.put(order('o1', { customerId: 'c1' }))
    await millrace.backfill()
    shop.put(order('o1', { customerId: 'c2' }))
    await millrace.backfill()
    expect(crm.objectsOf('contact').map(({ key, fields }) => [key, fields['orders']])).toEqual([
      ['shop:c1', 0],
      ['shop:c2', 1],
    ])
  })

  it('is taken from a guest whose other orders stay with him', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1', 'c1@example.com'))
    for (const id of ['o1', 'o2']) shop.put(order(id, { email: 'guest@example.com' }))
    await millrace.backfill()
    shop.put(order('o1', { email: 'guest@example.com', customerId: 'c1' }))
    await millrace.backfill()
    expect(crm.objectsOf('contact').map(({ fields }) => [fields['email'], fields['orders']])).toEqual([
      ['c1@example.com', 1],
      ['guest@example.com', 1],
    ])
  })
})

describe('an e-mail that one account passes on to another', () => {
  it('joins nobody, in whatever order the page names them', async () => {
    const { shop, crm, store, millrace } = world()
    shop.put(customer('c1', 'first@example.com'))
    shop.put(customer('c2', 'passed-on@example.com'))
    await millrace.backfill()
    shop.put(customer('c1', 'passed-on@example.com'))
    shop.put(customer('c2', 'second@example.com'))
    await millrace.backfill()
    const rows = await store.deliveries({ object: 'contact' }, { afterDid: 0, limit: 10 })
    expect(rows.map(({ unit }) => unit)).toEqual(['customer:shop:c1', 'customer:shop:c2'])
    await millrace.deadLetters.replay({})
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(crm.objectsOf('contact').map(({ key, fields }) => [key, fields['email']])).toEqual([
      ['shop:c1', 'passed-on@example.com'],
      ['shop:c2', 'second@example.com'],
    ])
  })
})

describe('guests of two stores with one e-mail', () => {
  const guests = [order('o1', { email: 'a@example.com', store: 'one' }), order('o2', { email: 'a@example.com', store: 'two' })]

  it('are one person when e-mails count everywhere', async () => {
    const { shop, crm, millrace } = world()
    for (const guest of guests) shop.put(guest)
    await millrace.backfill()
    expect(crm.objectsOf('contact')).toMatchObject([{ fields: { orders: 2 } }])
  })

  it('never write over each other when e-mails count by store: the destination can hold one, and the other is told', async () => {
    const { shop, crm, store, millrace } = world({ identity: { emailScope: 'store' } })
    for (const guest of guests) shop.put(guest)
    await millrace.backfill()
    const rows = await store.deliveries({ object: 'contact' }, { afterDid: 0, limit: 10 })
    expect(rows.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['settled', undefined],
      ['dead', 'identity_conflict'],
    ])
    expect(crm.objectsOf('contact')).toMatchObject([{ fields: { orders: 1 } }])
  })
})
