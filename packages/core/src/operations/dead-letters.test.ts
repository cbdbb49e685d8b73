import { expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, lastName: 'Test', ...over })

it('a bulk replay leaves what died of the same code after three replays, until its record changes or it is asked for by its id', async () => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore() })
  const refused = new MillraceError({ code: 'value_rejected', message: 'Refused.' })
  crm.intercept = (input) => (input.key === 'shop:c1' ? { unit: input.unit, result: 'failed', error: refused } : undefined)
  shop.put(customer('c1'))
  await millrace.backfill()
  const stuck = async () => (await millrace.deadLetters.list()).map((letter) => letter.stuck)
  for (let round = 0; round < 3; round++) {
    expect(await stuck()).toEqual([false])
    expect(await millrace.deadLetters.replay({ code: 'value_rejected' })).toEqual({ count: 1, refused: 0 })
    await millrace.sync()
  }
  expect(await stuck()).toEqual([true])
  expect(await millrace.deadLetters.replay({})).toEqual({ count: 0, refused: 1 })
  const [letter] = await millrace.deadLetters.list()
  expect(await millrace.deadLetters.replay({ id: letter?.id ?? 0 })).toEqual({ count: 1, refused: 0 })
  await millrace.sync()
  expect(await stuck()).toEqual([true])
  shop.put(customer('c1', { lastName: 'Changed' }))
  await millrace.backfill()
  expect(await stuck()).toEqual([false])
  expect(await millrace.deadLetters.replay({})).toEqual({ count: 1, refused: 0 })
})
