import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { memoryStore, recordingContract, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 4, day)).toISOString()
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: at(1),
    modifiedAt: at(1),
    email: `${id}@example.com`,
    lastName: 'Canary',
    ...over,
  })

const refused = new MillraceError({ code: 'value_rejected', message: 'Refused.' })

const world = () => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  const config = { sources: { shop }, connections: { crm: { destination: crm } }, store }
  return { shop, crm, store, config, millrace: createMillrace(config) }
}

const allOf = async (store: ReturnType<typeof memoryStore>) => [
  await store.deliveries({}, { afterDid: 0, limit: 1000 }),
  await store.journal({ limit: 1000 }),
  await store.auditLog(100),
]

describe('a dry run of a replay', () => {
  it('names the fields that differ from what was settled, and changes nothing anywhere', async () => {
    const { shop, crm, store, millrace } = world()
    shop.put(customer('c1'))
    await millrace.backfill()
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: refused })
    shop.put(customer('c1', { lastName: 'Changed' }))
    shop.put(customer('c2'))
    await millrace.backfill()
    crm.inputs.length = 0
    const before = await allOf(store)
    const previews = await millrace.deadLetters.preview({})
    expect(previews).toMatchObject([
      { connection: 'crm', object: 'contact', code: 'value_rejected', outcome: 'update', fields: ['name'], children: 0, problem: null },
      { outcome: 'create', fields: expect.arrayContaining(['email', 'name']), problem: null },
    ])
    expect(JSON.stringify(previews)).not.toMatch(/canary|@example/i)
    expect(await millrace.deadLetters.preview({ id: previews[1]?.id ?? 0 })).toEqual([previews[1]])
    expect(await millrace.deadLetters.preview({ code: 'other' })).toEqual([])
    expect(await allOf(store)).toEqual(before)
    expect(crm.inputs).toEqual([])
  })

  it('says what is wrong still, and what a mended contract would send', async () => {
    const { shop, crm, config, millrace } = world()
    shop.put(customer('c1', { lastName: 'x'.repeat(40) }))
    const contact = crm.objects['contact']
    Object.assign(crm.objects, { contact: { ...contact, fields: { ...contact?.fields, name: { type: 'string', maxLength: 20 } } } })
    const strict = createMillrace(config)
    await strict.backfill()
    expect(await strict.deadLetters.preview({})).toMatchObject([
      { outcome: 'dead', fields: [], problem: { code: 'value_too_long', field: 'name' } },
    ])
    expect(crm.inputs).toEqual([])
    const name = { value: { op: 'path', path: 'locale' }, type: 'string' } as const
    const mended = createMillrace({
      ...config,
      connections: { crm: { destination: crm, contract: { objects: { contact: { fields: { name } } } } } },
    })
    expect(await mended.deadLetters.preview({})).toMatchObject([{ code: 'value_too_long', outcome: 'create', problem: null }])
    await millrace.close()
  })

  it('finds an object that is there already, waits for a dead parent, and says when the destination cannot be asked', async () => {
    const { shop, crm, millrace } = world()
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: refused })
    shop.put(customer('c1'))
    const money = { currency: 'EUR', amount: '10.00' }
    shop.put(
      orderSchema.parse({
        entity: 'order',
        id: 'o1',
        createdAt: at(1),
        modifiedAt: at(1),
        placedAt: at(1),
        gross: money,
        refunded: { ...money, amount: '0.00' },
        lines: [{ id: 'l1', quantity: 1, unitPrice: money, total: money }],
      }),
    )
    await millrace.backfill()
    crm.plant('contact', { email: 'C1@example.com' })
    expect(await millrace.deadLetters.preview({})).toMatchObject([
      { object: 'contact', outcome: 'update' },
      { object: 'deal', outcome: 'create', children: 1 },
    ])
    crm.find = async () => {
      throw new MillraceError({ code: 'unreachable', message: 'They are away.', retryable: true })
    }
    expect((await millrace.deadLetters.preview({})).map(({ outcome, problem }) => [outcome, problem?.code])).toContainEqual([
      'unknown',
      'unreachable',
    ])
  })

  it('knows objects that the contract dropped and connections that the config no longer has', async () => {
    const { shop, crm, config, millrace } = world()
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: refused })
    shop.put(customer('c1'))
    await millrace.backfill()
    const { contact: _contact, ...objects } = recordingContract.objects
    const without = { ...recordingDestination(), defaultContract: { ...recordingContract, objects } }
    const dropped = createMillrace({ ...config, connections: { crm: { destination: without } } })
    expect(await dropped.deadLetters.preview({})).toMatchObject([{ outcome: 'skipped', problem: { code: 'object_dropped' } }])
    const gone = createMillrace({ ...config, connections: { other: { destination: crm } } })
    expect(await gone.deadLetters.preview({})).toMatchObject([{ outcome: 'dead', problem: { code: 'connection_unknown' } }])
  })
})
