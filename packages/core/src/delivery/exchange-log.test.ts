import { describe, expect, it } from 'vitest'
import type { Input } from '../spec/destination.ts'
import type { Exchange } from '../spec/exchange.ts'
import { exchangeLog } from './exchange-log.ts'

const said: Exchange = {
  at: 1,
  method: 'POST',
  path: '/people',
  status: 200,
  durationMs: 5,
  correlationId: null,
  fault: null,
  request: null,
  answer: null,
}

const input = (name: string, over: Partial<Input> = {}): Input => ({
  unit: `unit ${name}`,
  object: 'contact',
  operation: 'upsert',
  key: `shop:${name}`,
  fields: {},
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
  fence: 1,
  ...over,
})

describe('an exchange', () => {
  it('belongs to the inputs whose keys, ids or children are in its body, wherever they stand', () => {
    const log = exchangeLog('run', 'crm')
    const line = { object: 'line', key: 'line:7', fields: {}, links: [], changed: true }
    log.begin('contact', [input('a'), input('b', { remoteId: '4711' }), input('c', { children: [line] }), input('d')])
    log.exchanged(said, { inputs: [{ id: 'shop:a' }, { properties: { ids: [4711] } }] })
    log.exchanged({ ...said, status: 207 }, new URLSearchParams({ line: 'line:7' }))
    const [first, second] = log.take()
    expect(first).toMatchObject({ run: 'run', connection: 'crm', object: 'contact' })
    expect(log.idsOf('unit a')).toEqual([first?.id])
    expect(log.idsOf('unit b')).toEqual([first?.id])
    expect(log.idsOf('unit c')).toEqual([second?.id])
    expect(log.idsOf('unit d')).toEqual([])
    expect(log.take()).toEqual([])
  })

  it('that names nobody belongs to all that are open, and to nobody when nothing is delivered', () => {
    const log = exchangeLog('run', 'crm')
    log.begin('contact', [input('a'), input('b')])
    expect(log.idsOf('unit a')).toEqual([])
    log.exchanged(said, undefined)
    log.begin(null, [])
    log.exchanged(said, { id: 'shop:a' })
    const [first, second] = log.take()
    expect([first?.object, second?.object]).toEqual(['contact', null])
    expect(log.idsOf('unit b')).toEqual([])
  })

  it('has an id of its own, and a body may be as deep as it likes', () => {
    const log = exchangeLog('run', 'crm')
    log.begin('contact', [input('a')])
    let deep: unknown = 'shop:a'
    for (let level = 0; level < 10_000; level++) deep = [deep]
    for (let index = 0; index < 1_000; index++) log.exchanged(said, index === 0 ? deep : 'shop:a')
    expect(new Set(log.take().map(({ id }) => id)).size).toBe(1_000)
  })
})
