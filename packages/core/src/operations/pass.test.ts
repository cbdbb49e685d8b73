import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { silentLogger } from '../logger.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, lastName: 'Test' })

const shopOf = (count: number) => {
  const shop = scriptedSource()
  for (let i = 0; i < count; i++) shop.put(customer(`c${i}`))
  return shop
}

describe('a fault that is no Millrace error', () => {
  it('of a source is reported by its name alone, and what was read is delivered', async () => {
    const shop = shopOf(1)
    const crm = recordingDestination()
    const logged: unknown[] = []
    const logger = { ...silentLogger, error: (fields: unknown) => logged.push(fields) }
    const read = shop.read.bind(shop)
    shop.read = (entity, window, context) => {
      if (entity === 'order') throw new TypeError('cannot read ann@example.com')
      return read(entity, window, context)
    }
    const store = memoryStore()
    const report = await createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store, logger }).backfill()
    expect(report.run.status).toBe('failed')
    expect(report.problems).toMatchObject([{ code: 'unexpected', source: 'shop', message: expect.stringContaining('TypeError') }])
    expect(JSON.stringify([report, logged])).not.toContain('ann@example.com')
    expect(logged).toMatchObject([{ source: 'shop', name: 'TypeError', stack: expect.arrayContaining([expect.stringMatching(/^\s+at /)]) }])
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect((await store.runs(1))[0]?.status).toBe('failed')
  })

  it('of one destination does not end the pass while others still deliver', async () => {
    const shop = shopOf(30)
    const broken = recordingDestination()
    broken.find = async () => {
      throw new TypeError('no')
    }
    const slow = recordingDestination({ limit: 1 })
    const store = memoryStore()
    const millrace = createMillrace({
      sources: { shop },
      connections: { broken: { destination: broken }, slow: { destination: slow } },
      store,
    })
    const report = await millrace.backfill()
    expect(report.problems).toMatchObject([{ code: 'unexpected', connection: 'broken' }])
    expect(report.connections['slow']).toMatchObject({ created: 30 })
    expect((await store.counts()).filter((row) => row.state === 'sending')).toEqual([])
  })

  it('of a listener changes nothing', async () => {
    const crm = recordingDestination()
    const millrace = createMillrace({ sources: { shop: shopOf(3) }, connections: { crm: { destination: crm } }, store: memoryStore() })
    for (const event of ['run.started', 'progress', 'delivery.settled', 'run.finished'] as const) {
      millrace.on(event, () => {
        throw new Error('listener')
      })
    }
    expect((await millrace.backfill()).run.status).toBe('completed')
    expect(crm.objectsOf('contact')).toHaveLength(3)
  })
})

describe('a push', () => {
  it('takes a record for deleted only when the source says twice that it is gone', async () => {
    const shop = shopOf(1)
    const store = memoryStore()
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: recordingDestination() } }, store })
    await millrace.backfill()
    const get = shop.get.bind(shop)
    let asked = 0
    shop.get = async (...query) => (asked++ === 0 ? undefined : get(...query))
    await millrace.push({ source: 'shop', entity: 'customer', id: 'c0' })
    expect((await store.records([{ source: 'shop', entity: 'customer', id: 'c0' }]))[0]?.deletedAt).toBeNull()
  })
})

describe('closing', () => {
  it('waits for what runs, also when it is asked for twice, and closes the store whatever else fails', async () => {
    const shop = shopOf(1)
    const store = memoryStore()
    let closed = 0
    const { close } = store
    store.close = async () => {
      closed += 1
      await close()
    }
    shop.close = async () => {
      throw new MillraceError({ code: 'source_stuck', message: 'Does not end.' })
    }
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: recordingDestination() } }, store })
    const pass = millrace.backfill()
    const results = await Promise.allSettled([millrace.close(), millrace.close()])
    expect(closed).toBe(1)
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect((await pass).run.status).toBe('stopped')
    await expect(millrace.sync()).rejects.toMatchObject({ code: 'closed' })
  })
})
