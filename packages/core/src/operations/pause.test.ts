import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 4, day)).toISOString()
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: at(1),
    modifiedAt: at(1),
    email: `${id}@example.com`,
    lastName: 'Test',
    ...over,
  })

const world = () => {
  const shop = scriptedSource()
  const crm = recordingDestination({ limit: 1 })
  const other = recordingDestination()
  const store = memoryStore()
  const config = { sources: { shop }, connections: { crm: { destination: crm }, other: { destination: other } }, store, actor: 'ann' }
  return { shop, crm, other, store, config, millrace: createMillrace(config) }
}

const names = (crm: ReturnType<typeof recordingDestination>) => crm.objectsOf('contact').map((contact) => contact.fields['name'])

describe('a paused connection', () => {
  it('is neither asked nor sent anything while reading and the others go on; after resuming nothing is missing or doubled', async () => {
    const { shop, crm, other, millrace } = world()
    shop.put(customer('c1'))
    await millrace.backfill()
    await millrace.pause('crm', { reason: 'they move house' })
    crm.inputs.length = 0
    crm.check = async () => {
      throw new MillraceError({ code: 'unreachable', message: 'They are away.' })
    }
    shop.setNow(Date.parse(at(42)))
    shop.put(customer('c1', { lastName: 'First', modifiedAt: at(40) }))
    shop.put(customer('c2', { modifiedAt: at(40) }))
    const first = await millrace.backfill()
    expect(first.run.status).toBe('attention')
    expect(first.problems).toEqual([
      {
        code: 'connection_paused',
        connection: 'crm',
        message: expect.stringMatching(/^crm is paused since 20.* by ann \(they move house\)/),
      },
    ])
    shop.setNow(Date.parse(at(50)))
    shop.put(customer('c1', { lastName: 'Second', modifiedAt: at(45) }))
    await millrace.sync()
    expect(crm.inputs).toEqual([])
    expect(names(other)).toEqual(['Second', 'Test'])
    expect((await millrace.status()).connections).toMatchObject({
      crm: { objects: { contact: { ready: 2 } }, paused: { connection: 'crm', actor: 'ann', reason: 'they move house' } },
      other: { paused: null },
    })

    expect(await millrace.resume('crm')).toBe(true)
    crm.check = async () => []
    const last = await millrace.sync()
    expect(last.run.status).toBe('completed')
    expect(names(crm)).toEqual(['Second', 'Test'])
    expect(crm.inputs.flat()).toHaveLength(2)
    expect((await millrace.status()).connections['crm']?.paused).toBeNull()
  })

  it('stops beside a running engine, after the batch in hand', async () => {
    const { shop, crm, config, millrace } = world()
    for (let i = 0; i < 5; i++) shop.put(customer(`c${i}`))
    const operator = createMillrace({ ...config, actor: 'bob' })
    const pauses: Promise<unknown>[] = []
    const deliver = crm.deliver.bind(crm)
    crm.deliver = async function* (inputs, context) {
      if (pauses.length === 0) pauses.push(operator.pause('crm'))
      await Promise.all(pauses)
      yield* deliver(inputs, context)
    }
    const report = await millrace.backfill()
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(report.run.status).toBe('attention')
    expect(report.problems).toMatchObject([{ code: 'connection_paused', message: expect.stringContaining('by bob. ') }])
    await operator.resume('crm')
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(crm.objectsOf('contact')).toHaveLength(5)
    expect(crm.inputs.flat()).toHaveLength(5)
  })

  it('stays paused over a restart, and takes a contract that changed meanwhile when it is resumed', async () => {
    const { shop, crm, config, millrace } = world()
    shop.put(customer('c1'))
    await millrace.backfill()
    await millrace.pause('crm')
    await millrace.close()
    const contract = { objects: { contact: { fields: { name: { value: { op: 'path', path: 'email' }, type: 'string' } } } } } as const
    const next = createMillrace({ ...config, connections: { ...config.connections, crm: { destination: crm, contract } } })
    await next.sync()
    expect(names(crm)).toEqual(['Test'])
    await next.resume('crm')
    expect((await next.sync()).run.status).toBe('completed')
    expect(names(crm)).toEqual(['c1@example.com'])
  })
})

describe('pausing', () => {
  it('twice keeps the first reason, and resuming what runs says so', async () => {
    const { millrace } = world()
    const first = await millrace.pause('crm', { reason: 'first' })
    expect(await millrace.pause('crm', { reason: 'second' })).toEqual(first)
    expect(await millrace.resume('crm')).toBe(true)
    expect(await millrace.resume('crm')).toBe(false)
  })

  it('knows only connections of the config', async () => {
    const { millrace } = world()
    const wrong = JSON.parse('"crn"')
    await expect(millrace.pause(wrong)).rejects.toMatchObject({
      code: 'connection_unknown',
      message: expect.stringContaining('crm, other'),
    })
    await expect(millrace.resume(wrong)).rejects.toMatchObject({ code: 'connection_unknown' })
  })
})
