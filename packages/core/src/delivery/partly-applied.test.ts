import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const money = { currency: 'EUR', amount: '10.00' }
const order = (number: string, orderState: Order['orderState']): Order =>
  orderSchema.parse({
    entity: 'order',
    id: 'o1',
    number,
    orderState,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    email: 'a@example.com',
    gross: money,
    refunded: money,
  })

describe('a change that failed after a part of it was applied', () => {
  it.each([true, false])('and is taken back at the source is taken back at the destination (retryable: %s)', async (retryable) => {
    const shop = scriptedSource()
    const crm = recordingDestination()
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore() })
    shop.put(order('ONE', 'open'))
    await millrace.backfill()
    crm.intercept = (input) => {
      if (input.object !== 'deal') return undefined
      const [deal] = crm.objectsOf('deal')
      if (deal !== undefined) deal.fields['number'] = 'TWO'
      const error = new MillraceError({ code: 'lines_failed', message: 'The lines were refused.', retryable, retryAfterMs: 1 })
      return { unit: input.unit, result: 'failed', error, progress: { written: 'order' } }
    }
    shop.put(order('TWO', 'open'))
    await millrace.backfill({ drainMs: 0 })
    crm.intercept = () => undefined
    shop.put(order('ONE', 'open'))
    await millrace.backfill()
    expect(crm.objectsOf('deal')).toMatchObject([{ fields: { number: 'ONE' } }])
    expect(crm.inputs.at(-1)?.[0]?.changedFields).toContain('number')
  })
})
