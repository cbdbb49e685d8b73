import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { Clock } from '../clock.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { memoryStore, recordingContract, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, lastName: 'Test' })
const money = { currency: 'EUR', amount: '10.00' }
const order = (id: string, customerId: string): Order =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    customerId,
    gross: money,
    refunded: { ...money, amount: '0.00' },
  })

const outage = (code: string) => new MillraceError({ code, message: 'Not now.', retryable: true, scope: 'destination' })

/** A clock that jumps over every pause and notes it. */
const jumpingClock = (): Clock & { pauses: number[] } => {
  let now = Date.parse('2026-06-01T00:00:00.000Z')
  const pauses: number[] = []
  const sleep = async (ms: number): Promise<void> => {
    pauses.push(ms)
    now += ms
  }
  return { pauses, sleep, now: () => now, monotonic: () => now }
}

const world = () => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  const clock = jumpingClock()
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store, clock })
  return { shop, crm, store, clock, millrace }
}

describe('a destination that cannot be asked whether it is ready', () => {
  it('is asked again, and nothing that was given back is sent meanwhile', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    await millrace.backfill()
    crm.inputs.length = 0
    shop.put({ ...customer('c1'), lastName: 'Changed' })
    const asked: string[] = []
    crm.check = async () => {
      asked.push('check')
      if (asked.length === 1) throw outage('timeout')
      return []
    }
    const report = await millrace.push({ source: 'shop', entity: 'customer', id: 'c1' })
    expect(asked).toHaveLength(2)
    expect(crm.inputs).toHaveLength(1)
    expect(report).toMatchObject({ run: { status: 'completed' }, connections: { crm: { updated: 1 } } })
  })
})

describe('a destination that stays down', () => {
  it('is named in the report, after no more than a few probes', async () => {
    const { shop, crm, millrace, store } = world()
    for (let i = 0; i < 500; i++) shop.put(customer(`c${i}`))
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: outage('vendor_down') })
    const report = await millrace.backfill()
    expect(report.problems).toMatchObject([{ code: 'vendor_down', connection: 'crm' }])
    expect(report.run.status).toBe('failed')
    expect(crm.inputs.flat().length).toBeLessThan(110)
    expect((await store.deliveries({ object: 'contact' }, { afterDid: 0, limit: 500 })).every((row) => row.attempts === 0)).toBe(true)
  })
})

describe('rows of an object that the contract dropped', () => {
  it('are skipped, so that no pass waits for them, and come back with the object', async () => {
    const { shop, crm, store, clock, millrace } = world()
    shop.put(customer('c1'))
    shop.put(order('o1', 'c1'))
    crm.intercept = (input) =>
      input.object === 'deal'
        ? { unit: input.unit, result: 'failed', error: new MillraceError({ code: 'busy', message: 'Later.', retryable: true }) }
        : undefined
    expect((await millrace.backfill({ drainMs: 0 })).run.status).toBe('incomplete')
    await clock.sleep(3_600_000)
    clock.pauses.length = 0

    const { deal: _deal, ...objects } = recordingContract.objects
    const without = { ...crm, defaultContract: { ...recordingContract, objects } }
    const dropped = createMillrace({ sources: { shop }, connections: { crm: { destination: without } }, store, clock })
    expect((await dropped.sync()).run.status).toBe('completed')
    expect(clock.pauses).toEqual([])

    crm.intercept = () => undefined
    await millrace.sync()
    expect(crm.objectsOf('deal')).toHaveLength(1)
  })
})

describe('a buyer that the source refuses to give', () => {
  it('costs that buyer: his order waits, everybody else is delivered', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    shop.put(order('o1', 'c1'))
    shop.put(order('o2', 'c9'))
    const get = shop.get.bind(shop)
    shop.get = async (entity, id, context) => {
      if (id === 'c9') throw new MillraceError({ code: 'reference_refused', message: 'The id is malformed.' })
      return get(entity, id, context)
    }
    const report = await millrace.backfill()
    expect(report.run.status).toBe('attention')
    expect(await millrace.deadLetters.list()).toMatchObject([{ code: 'reference_refused', unit: 'customer:shop:c9' }])
    expect(crm.objectsOf('deal').map(({ key }) => key)).toEqual(['shop:o1'])
  })
})

describe('asking for imports', () => {
  it('that fails leaves them at the vendor: nothing is sent twice, and they are asked for again', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    crm.intercept = (input) => ({ unit: input.unit, result: 'pending', ticket: 'import-1', checkAfterMs: 1_000 })
    let asked = 0
    crm.collect = async function* (tickets) {
      asked += 1
      if (asked === 1) throw new MillraceError({ code: 'timeout', message: 'No answer.', retryable: true, scope: 'batch' })
      yield tickets.flatMap(({ units }) => units.map(({ unit }) => ({ unit, remoteId: '7', result: 'delivered', created: true }) as const))
    }
    const report = await millrace.backfill()
    expect(asked).toBe(2)
    expect(crm.inputs).toHaveLength(1)
    expect(report).toMatchObject({ run: { status: 'completed' }, connections: { crm: { created: 1, pending: 0 } } })
  })

  it('that is refused for good is the problem of the pass, and they stay at the vendor', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('c1'))
    crm.intercept = (input) => ({ unit: input.unit, result: 'pending', ticket: 'import-1', checkAfterMs: 1_000 })
    crm.collect = () => {
      throw new MillraceError({ code: 'credentials_rejected', message: 'Refused.', scope: 'destination' })
    }
    const report = await millrace.backfill()
    expect(report.problems).toMatchObject([{ code: 'credentials_rejected', connection: 'crm' }])
    expect(report.connections['crm']).toMatchObject({ pending: 1, deadLettered: 0 })
  })

  it('tells apart the objects of one unit', async () => {
    const { shop, crm, store, clock } = world()
    const objects = { ...crm.objects, subscriber: { from: 'person', keyField: 'id', fields: {} } } as const
    const contract = { ...recordingContract, objects: { ...recordingContract.objects, subscriber: { fields: {} } } }
    crm.intercept = (input) => ({ unit: input.unit, result: 'pending', ticket: `import-${input.object}`, checkAfterMs: 1_000 })
    crm.collect = async function* (tickets) {
      yield tickets.flatMap(({ ticket, units }) =>
        units.map(({ unit }) => ({ unit, remoteId: ticket, result: 'delivered', created: true }) as const),
      )
    }
    shop.put(customer('c1'))
    const both = createMillrace({
      sources: { shop },
      connections: { crm: { destination: { ...crm, objects, defaultContract: contract } } },
      store,
      clock,
    })
    expect((await both.backfill()).connections['crm']).toMatchObject({ created: 2, pending: 0 })
    const rows = await store.deliveries({}, { afterDid: 0, limit: 10 })
    expect(rows.map(({ object, remoteId }) => `${object} ${remoteId}`).toSorted()).toEqual([
      'contact import-contact',
      'subscriber import-subscriber',
    ])
  })
})
