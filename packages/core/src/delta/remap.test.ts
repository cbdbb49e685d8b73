import { expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { path } from '../contract/expression.ts'
import type { Contract } from '../contract/contract.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { memoryStore, recordingContract, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = { currency: 'EUR', amount: '10.00' }

const filled = async (contract: Contract) => {
  const shop = scriptedSource()
  shop.put(customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at, modifiedAt: at, email: 'c1@example.com' }))
  shop.put(
    orderSchema.parse({
      entity: 'order',
      id: 'o1',
      createdAt: at,
      modifiedAt: at,
      placedAt: at,
      customerId: 'c1',
      gross: money,
      refunded: money,
    }),
  )
  const crm = { ...recordingDestination(), defaultContract: contract }
  const store = memoryStore()
  await createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store }).backfill()
  return { shop, crm, store }
}

it('a connection that is added to a filled store gets what was there before as historical', async () => {
  const { shop, crm, store } = await filled(recordingContract)
  const added = recordingDestination()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm }, added: { destination: added } }, store })
  await millrace.sync()
  expect(added.objectsOf('contact')).toMatchObject([{ fields: { historical: true } }])
  expect(added.inputs.flat().map(({ cause }) => cause)).toEqual(['backfill', 'backfill'])
})

it('a connection under a new name takes its objects over instead of writing them as new', async () => {
  const { shop, crm, store } = await filled(recordingContract)
  const [contact] = crm.objectsOf('contact')
  if (contact !== undefined) contact.fields['stage'] = 'theirs'
  await createMillrace({ sources: { shop }, connections: { renamed: { destination: crm } }, store }).sync()
  expect(crm.objectsOf('contact')).toMatchObject([{ key: 'shop:c1', fields: { stage: 'theirs' } }])
  expect(crm.objectsOf('deal')).toHaveLength(1)
})

it('an object that a contract takes up later is historical for what was there before', async () => {
  const { deal, ...objects } = recordingContract.objects
  const { shop, crm, store } = await filled({ ...recordingContract, objects })
  const historical = { value: path('historical'), type: 'boolean' } as const
  const all = { ...recordingContract, objects: { ...objects, deal: { ...deal, fields: { ...deal?.fields, historical } } } }
  await createMillrace({ sources: { shop }, connections: { crm: { destination: { ...crm, defaultContract: all } } }, store }).sync()
  expect(crm.objectsOf('deal')).toMatchObject([{ fields: { historical: true } }])
})
