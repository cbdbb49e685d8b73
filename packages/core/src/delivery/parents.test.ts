import { expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = { currency: 'EUR', amount: '10.00' }

it('an order follows its buyer who becomes another person while the order is prepared', async () => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store })
  const customer = (email: string) => customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at, modifiedAt: at, email })
  shop.put(customer('b@example.com'))
  await millrace.backfill()
  const busy = new MillraceError({ code: 'busy', message: 'Later.', retryable: true, retryAfterMs: 3_000 })
  crm.intercept = (input) => (input.object === 'contact' ? { unit: input.unit, result: 'failed', error: busy } : undefined)
  shop.put(
    orderSchema.parse({
      entity: 'order',
      id: 'o1',
      createdAt: at,
      modifiedAt: at,
      placedAt: at,
      email: 'a@example.com',
      gross: money,
      refunded: money,
    }),
  )
  const links = store.links.bind(store)
  let joined = false
  store.links = async (...query) => {
    const states = await links(...query)
    if (!joined && query[1].some(({ object }) => object === 'contact')) {
      joined = true
      shop.put(customer('a@example.com'))
      await millrace.push({ source: 'shop', entity: 'customer', id: 'c1' }, { drainMs: 0 })
    }
    return states
  }
  await millrace.backfill({ drainMs: 0, entity: 'order' })
  expect(joined).toBe(true)
  crm.intercept = () => undefined
  expect((await millrace.sync({ entity: 'order' })).run.status).toBe('completed')
  expect(crm.objectsOf('contact').map(({ key }) => key)).toEqual(['shop:c1'])
  expect(crm.objectsOf('deal')).toMatchObject([{ parents: [crm.objectsOf('contact')[0]?.remoteId] }])
})
