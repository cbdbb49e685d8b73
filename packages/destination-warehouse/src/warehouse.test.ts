import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination, DestinationContext, Input, Outcome } from '@millrace/adapter-kit'
import { createMillrace, customerSchema, orderSchema, resolveContract, silentLogger, systemClock } from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from './test-support/postgres.ts'
import { warehouse, type WarehouseSettings } from './warehouse.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

let schemas = 0
/** An empty warehouse of each kind. */
const places: Readonly<Record<string, () => Promise<WarehouseSettings>>> = {
  PostgreSQL: async () => {
    schemas += 1
    const schema = `test_${schemas}`
    const client = new pg.Client(postgres.connectionString)
    await client.connect()
    await client.query(`CREATE SCHEMA ${schema}`)
    await client.end()
    return { connectionString: postgres.connectionString, schema }
  },
  'newline JSON': async () => ({ directory: join(mkdtempSync(join(tmpdir(), 'millrace-warehouse-')), 'log') }),
}

const opened: Destination[] = []
afterEach(async () => {
  for (const destination of opened.splice(0)) await destination.close?.()
})

const open = (settings: WarehouseSettings): { destination: Destination; ctx: DestinationContext } => {
  const destination = warehouse(settings)
  opened.push(destination)
  const contract = resolveContract(destination, undefined, 'contract')
  return {
    destination,
    ctx: { connection: 'warehouse', contract, clock: systemClock, logger: silentLogger, signal: new AbortController().signal },
  }
}

const input = (object: string, key: string, fence: number, over: Partial<Input> = {}): Input => ({
  unit: `${object}:${key}`,
  object,
  operation: 'upsert',
  key,
  fields: { email: `${key}@example.com`, last_name: `Revision ${fence}` },
  changedFields: [],
  children: [],
  parents: [],
  parentsChanged: false,
  consent: [],
  memberships: [],
  membershipsChanged: false,
  cause: 'delta',
  objects: {},
  uncertain: false,
  fence,
  ...over,
})

const deliver = async ({ destination, ctx }: ReturnType<typeof open>, ...inputs: Input[]): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  for await (const some of destination.deliver(inputs, ctx)) outcomes.push(...some)
  return outcomes
}

const listed = async ({ destination, ctx }: ReturnType<typeof open>, object = 'customer'): Promise<Record<string, unknown>> => {
  const found: Record<string, unknown> = {}
  for await (const page of destination.list?.({ object, fields: ['last_name', 'email'] }, ctx) ?? [])
    for (const { key, fields } of page) found[key] = fields['last_name']
  return found
}

const prepared = async (settings: WarehouseSettings): Promise<ReturnType<typeof open>> => {
  const place = open(settings)
  await place.destination.apply?.((await place.destination.plan?.(place.ctx)) ?? [], place.ctx)
  return place
}

describe.each(Object.entries(places))('a warehouse in %s', (_, make) => {
  it('is made by apply, and then nothing is left to plan', async () => {
    const settings = await make()
    const { destination, ctx } = open(settings)
    expect(await destination.check?.(ctx, 'quick')).toMatchObject([{ level: 'error', code: 'warehouse_not_prepared' }])
    expect((await destination.plan?.(ctx))?.length).toBeGreaterThan(0)
    await prepared(settings)
    expect(await destination.plan?.(ctx)).toEqual([])
    expect(await destination.check?.(ctx, 'quick')).toMatchObject([{ level: 'ok' }])
  })

  it('keeps every state and shows the newest, whatever order they come in', async () => {
    const place = await prepared(await make())
    await deliver(place, input('customer', 'a', 2), input('customer', 'b', 2))
    await deliver(place, input('customer', 'a', 1))
    await deliver(place, input('customer', 'a', 3))
    expect(await listed(place)).toEqual({ a: 'Revision 3', b: 'Revision 2' })
  })

  it('says whether an object is new, under the id that tells it', async () => {
    const place = await prepared(await make())
    expect(await deliver(place, input('customer', 'a', 1))).toEqual([
      { unit: 'customer:a', result: 'delivered', created: true, remoteId: 'customer/a' },
    ])
    expect(await deliver(place, input('customer', 'a', 2, { remoteId: 'customer/a' }))).toMatchObject([{ created: false }])
  })

  it('an attempt that is made again after its answer was lost shows nothing twice', async () => {
    const place = await prepared(await make())
    await deliver(place, input('event', 'shop:order.placed:1', 1))
    await deliver(place, input('event', 'shop:order.placed:1', 2, { uncertain: true }))
    expect(Object.keys(await listed(place, 'event'))).toEqual(['shop:order.placed:1'])
  })

  it('a guest who registers is one person under the new key', async () => {
    const place = await prepared(await make())
    await deliver(place, input('customer', 'guest:1', 1))
    await deliver(place, input('customer', 'shop:7', 2, { remoteId: 'customer/guest:1', remoteKey: 'guest:1' }))
    expect(Object.keys(await listed(place))).toEqual(['shop:7'])
  })

  it('what is archived is shown no more', async () => {
    const place = await prepared(await make())
    await deliver(place, input('customer', 'a', 1))
    await deliver(place, input('customer', 'a', 2, { operation: 'archive', fields: {} }))
    expect(await listed(place)).toEqual({})
  })

  it('an erased person is in no state any more, and others are untouched', async () => {
    const settings = await make()
    const place = await prepared(settings)
    await deliver(place, input('customer', 'a', 1), input('customer', 'b', 1), input('consent', 'a', 1))
    await deliver(place, input('customer', 'a', 2))
    const person = { unit: 'person:a', key: 'a', emails: ['a@example.com'], phones: [], related: [] }
    const erased = async () => {
      const outcomes = []
      for await (const some of place.destination.erase?.([person], place.ctx) ?? []) outcomes.push(...some)
      return outcomes
    }
    expect(await erased()).toMatchObject([{ unit: 'person:a', result: 'erased' }])
    expect(await erased()).toMatchObject([{ result: 'absent' }])
    expect(await listed(place)).toEqual({ b: 'Revision 1' })
    const everything =
      'directory' in settings
        ? readFileSync(join(settings.directory, 'customer.ndjson'), 'utf8')
        : JSON.stringify((await query(settings, 'SELECT * FROM $schema.millrace_log')).rows)
    expect(everything).not.toContain('a@example.com')
    expect(everything).toContain('b@example.com')
  })

  it('an erasure reaches what a guest left who registered, more than once', async () => {
    const settings = await make()
    const place = await prepared(settings)
    for (const object of ['customer', 'consent']) {
      const fields = { email: 'guest@example.com', last_name: 'Guestly' }
      await deliver(place, input(object, 'guest:1', 1, { fields }), input(object, 'guest:2', 1))
      await deliver(place, input(object, 'guest:9', 2, { fields, remoteId: `${object}/guest:1`, remoteKey: 'guest:1' }))
      await deliver(place, input(object, 'shop:7', 3, { fields, remoteId: `${object}/guest:9`, remoteKey: 'guest:9' }))
    }
    const person = { unit: 'person:7', key: 'shop:7', emails: ['guest@example.com'], phones: [], related: [] }
    for await (const some of place.destination.erase?.([person], place.ctx) ?? []) expect(some).toMatchObject([{ result: 'erased' }])
    const everything =
      'directory' in settings
        ? ['customer', 'consent'].map((object) => readFileSync(join(settings.directory, `${object}.ndjson`), 'utf8')).join('')
        : JSON.stringify((await query(settings, 'SELECT * FROM $schema.millrace_log')).rows)
    expect(everything).not.toMatch(/guest@example|Guestly/)
    expect(Object.keys(await listed(place))).toEqual(['guest:2'])
  })

  it('takes hostile text', async () => {
    const place = await prepared(await make())
    const name = 'Ro"b\u0000\'; DROP TABLE millrace_log; -- \u{1F600} \uD800 \\u0000 \n'
    await deliver(place, input('customer', "a'\n--", 1, { fields: { last_name: name } }))
    expect(Object.values(await listed(place))[0]).toContain('DROP TABLE')
  })

  it('mirrors a shop end to end, amounts exact, and a second pass writes nothing', async () => {
    const settings = await make()
    const shop = scriptedSource({ now: Date.parse('2026-06-02T00:00:00.000Z') })
    const at = '2026-06-01T12:00:00.000Z'
    shop.put(
      customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at, modifiedAt: at, email: 'c1@example.com', lastName: 'One' }),
    )
    const money = (amount: string, currency = 'KWD') => ({ amount, currency })
    shop.put(
      orderSchema.parse({
        entity: 'order',
        id: 'o1',
        number: '1001',
        createdAt: at,
        modifiedAt: at,
        placedAt: at,
        customerId: 'c1',
        gross: money('1234.567'),
        refunded: money('0.000'),
        lines: [{ id: 'l1', sku: 'S', quantity: 1, unitPrice: money('1234.567'), total: money('1234.567') }],
      }),
    )
    const millrace = createMillrace({
      sources: { shop },
      connections: { warehouse: { destination: warehouse(settings) } },
      store: memoryStore(),
    })
    await millrace.apply()
    const report = await millrace.backfill()
    expect(report.problems).toEqual([])
    expect(report.connections['warehouse']).toMatchObject({ created: 2, deadLettered: 0 })
    expect((await millrace.backfill()).connections['warehouse']).toMatchObject({ delivered: 0 })
    await millrace.close()
    const rows =
      'directory' in settings
        ? readFileSync(join(settings.directory, 'order.ndjson'), 'utf8')
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text))
        : (await query(settings, "SELECT * FROM $schema.millrace_current WHERE object = 'order'")).rows
    expect(rows).toMatchObject([
      {
        key: 'shop:o1',
        fields: { number: '1001', gross: '1234.567', currency: 'KWD', paid_at: null },
        children: [{ object: 'line', fields: { sku: 'S', total: '1234.567' } }],
        parents: [{ object: 'customer', key: 'shop:c1' }],
      },
    ])
  })
})

const query = async (settings: WarehouseSettings, sql: string): Promise<pg.QueryResult> => {
  if ('directory' in settings) throw new TypeError('not a database')
  const client = new pg.Client(settings.connectionString)
  await client.connect()
  try {
    return await client.query(sql.replaceAll('$schema', settings.schema ?? 'public'))
  } finally {
    await client.end()
  }
}

describe('a warehouse', () => {
  it('that restarts loses nothing: what failed is delivered afterwards', async () => {
    const place = await prepared(await (places['PostgreSQL'] ?? (() => Promise.reject(new Error('no place'))))())
    await deliver(place, input('customer', 'a', 1))
    await postgres.restart()
    await deliver(place, input('customer', 'b', 2)).catch(() => deliver(place, input('customer', 'b', 3)))
    expect(Object.keys(await listed(place))).toEqual(['a', 'b'])
  })

  it('that cannot keep one record keeps the others', async () => {
    const place = await prepared(await (places['PostgreSQL'] ?? (() => Promise.reject(new Error('no place'))))())
    // Keys are indexed, and an entry of an index has a limit.
    const long = Array.from({ length: 400 }, () => crypto.randomUUID()).join('')
    const outcomes = await deliver(place, ...['a', 'b', long, 'c', 'd'].map((key) => input('event', key, 1)))
    expect(outcomes.map(({ result }) => result)).toEqual(['delivered', 'delivered', 'failed', 'delivered', 'delivered'])
    expect(outcomes[2]).toMatchObject({ error: { code: 'value_rejected', scope: 'record', retryable: false } })
    expect(Object.keys(await listed(place, 'event'))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that does not answer is an outage of the destination, with a cure', async () => {
    const place = open({ connectionString: 'postgres://nobody:wrong@127.0.0.1:1/none' })
    expect(await place.destination.check?.(place.ctx, 'quick')).toMatchObject([{ level: 'error', code: 'warehouse_unreachable' }])
    await expect(deliver(place, input('customer', 'a', 1))).rejects.toMatchObject({
      code: 'warehouse_unavailable',
      scope: 'destination',
      retryable: true,
    })
  })

  it('in files goes on after a line that a crash cut', async () => {
    const settings = { directory: join(mkdtempSync(join(tmpdir(), 'millrace-warehouse-')), 'log') }
    const place = await prepared(settings)
    await deliver(place, input('customer', 'a', 1))
    const path = join(settings.directory, 'customer.ndjson')
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"object":"customer","key":"b","rev`)
    await deliver(place, input('customer', 'b', 2))
    expect(await listed(place)).toEqual({ a: 'Revision 1', b: 'Revision 2' })
  })

  it('needs a place', () => {
    expect(() => warehouse({} as WarehouseSettings)).toThrow(/warehouse\(\{\.\.\.\}\) cannot start/)
  })
})
