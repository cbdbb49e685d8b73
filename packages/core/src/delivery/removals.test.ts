import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { ContractOverride } from '../contract/contract.ts'
import { path } from '../contract/expression.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = { currency: 'EUR', amount: '10.00' }
const customer = (id: string): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, lastName: id })
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
  const open = (changed: ContractOverride = contract) =>
    createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract: changed } }, store })
  const flagged = () => crm.objectsOf('contact').filter(({ fields }) => fields['deleted_at'] !== undefined)
  return { shop, crm, store, open, flagged, millrace: open() }
}

describe('removals that are held', () => {
  const held = async () => {
    const all = world()
    for (let i = 0; i < 30; i++) {
      all.shop.put(customer(`c${i}`))
      all.shop.put(order(`o${i}`, { customerId: `c${i}` }))
    }
    await all.millrace.backfill()
    for (let i = 0; i < 20; i++) all.shop.remove('customer', `c${i}`)
    expect((await all.millrace.sync({ removals: true })).connections['crm']?.held).toBe(20)
    return all
  }

  it('are not let out by news of the orders of those people', async () => {
    const { shop, millrace, flagged } = await held()
    for (let i = 0; i < 30; i++) shop.put(order(`o${i}`, { customerId: `c${i}`, refunded: money }))
    expect((await millrace.backfill({ entity: 'order' })).connections['crm']).toMatchObject({ held: 20 })
    expect(flagged()).toEqual([])
  })

  it('are not let out by a new contract', async () => {
    const { open, flagged } = await held()
    const name = { value: path('fullName'), type: 'text' } as const
    const report = await open({ objects: { contact: { fields: { name } } } }).sync()
    expect(report.connections['crm']).toMatchObject({ held: 20 })
    expect(flagged()).toEqual([])
  })

  it('end when the records are there again', async () => {
    const { shop, millrace, flagged } = await held()
    for (let i = 0; i < 20; i++) shop.put(customer(`c${i}`))
    const report = await millrace.backfill()
    expect(report).toMatchObject({ run: { status: 'completed' }, connections: { crm: { held: 0 } } })
    expect(flagged()).toEqual([])
  })

  it('include guests, who are known by their orders alone', async () => {
    const { shop, millrace, flagged } = world()
    for (let i = 0; i < 30; i++) shop.put(order(`o${i}`, { email: `guest${i}@example.com` }))
    await millrace.backfill()
    for (let i = 0; i < 20; i++) shop.remove('order', `o${i}`)
    expect((await millrace.sync({ removals: true })).connections['crm']?.held).toBe(40)
    expect(flagged()).toEqual([])
  })
})

describe('what was archived', () => {
  it('is not archived again by news of an order, and is a new object with its orders when the record comes back', async () => {
    const { shop, crm, millrace } = world({ removal: { person: 'archive' } })
    for (const id of ['c1', 'c2']) shop.put(customer(id))
    shop.put(order('o1', { customerId: 'c1' }))
    await millrace.backfill()
    shop.remove('customer', 'c1')
    await millrace.sync({ removals: true })
    expect(crm.objectsOf('contact').map(({ key }) => key)).toEqual(['shop:c2'])

    crm.inputs.length = 0
    shop.put(order('o1', { customerId: 'c1', refunded: money }))
    await millrace.push({ source: 'shop', entity: 'order', id: 'o1' })
    expect(crm.inputs.flat().map(({ operation, object, parents }) => [operation, object, parents])).toEqual([['upsert', 'deal', []]])

    shop.put(customer('c1'))
    expect((await millrace.backfill()).run.status).toBe('completed')
    const back = crm.objectsOf('contact').find(({ key }) => key === 'shop:c1')
    expect(back?.fields['orders']).toBe(1)
    expect(crm.objectsOf('deal')).toMatchObject([{ parents: [back?.remoteId] }])
  })
})
