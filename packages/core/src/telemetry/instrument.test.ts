import type { Attributes, Meter, Tracer } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

/** A meter and a tracer that note everything. What the engine calls of them is all that is there. */
const recorder = () => {
  const measured: { name: string; value: number; attributes: Attributes | undefined }[] = []
  const spans: string[] = []
  const open: string[] = []
  const note = (name: string) => (value: number, attributes?: Attributes) => void measured.push({ name, value, attributes })
  const meter = {
    createCounter: (name: string) => ({ add: note(name) }),
    createUpDownCounter: (name: string) => ({ add: note(name) }),
    createHistogram: (name: string) => ({ record: note(name) }),
  } as unknown as Meter
  const tracer = {
    startActiveSpan: async (name: string, _options: object, run: (span: object) => Promise<unknown>) => {
      spans.push([...open, name].join(' > '))
      open.push(name)
      return run({ end: () => void open.pop(), setStatus: ({ message }: { message: string }) => void spans.push(`failed ${message}`) })
    },
  } as unknown as Tracer
  return { measured, spans, telemetry: { meter, tracer } }
}

const customer = (id: string) => {
  const stamp = new Date().toISOString()
  return customerSchema.parse({ entity: 'customer', id, createdAt: stamp, modifiedAt: stamp, email: `canary-${id}@example.com` })
}

describe('telemetry', () => {
  it('measures deliveries, failures, freshness, requests and passes, by names and codes only', async () => {
    const { measured, spans, telemetry } = recorder()
    const shop = scriptedSource({ now: Date.now() })
    const crm = recordingDestination()
    const deliver = crm.deliver
    crm.deliver = async function* (inputs, ctx) {
      const said = { at: Date.now(), method: 'POST', path: '/people', status: 200, durationMs: 20, correlationId: null, fault: null }
      ctx.exchanged?.({ ...said, request: null, answer: null }, inputs)
      yield* deliver(inputs, ctx)
    }
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore(), telemetry })
    await millrace.sync()
    shop.put(customer('1'))
    shop.put(customer('2'))
    crm.intercept = ({ unit }) =>
      unit.endsWith('2') ? { unit, result: 'failed', error: new MillraceError({ code: 'value_rejected', message: 'No.' }) } : undefined
    await millrace.push([
      { source: 'shop', entity: 'customer', id: '1' },
      { source: 'shop', entity: 'customer', id: '2' },
    ])
    const of = (name: string) => measured.filter((each) => each.name === name).map(({ attributes }) => attributes)
    expect(of('millrace.deliveries')).toEqual([{ connection: 'crm', object: 'contact', result: 'created' }])
    expect(of('millrace.failures')).toEqual([{ connection: 'crm', object: 'contact', code: 'value_rejected', dead: true }])
    expect(of('millrace.freshness')).toEqual([{ connection: 'crm', class: 'record' }])
    expect(of('millrace.vendor.request')).toEqual([{ connection: 'crm', method: 'POST', status: 200 }])
    expect(of('millrace.runs')).toEqual([
      { kind: 'sync', status: 'completed' },
      { kind: 'push', status: 'attention' },
    ])
    expect(spans).toContain('millrace push > millrace drain > millrace deliver')
    expect(JSON.stringify([measured, spans])).not.toMatch(/canary|customer:shop/)
  })
})
