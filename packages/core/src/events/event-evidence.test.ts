import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { CustomFields } from '../model/common.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { deriveEvents } from './derive-events.ts'
import { customer, jumpingClock, order, start } from './event-fixture.ts'
import type { EventEvidence } from './event-evidence.ts'

const evidence: EventEvidence = {
  exchange: [{ path: 'workflowState.key', is: ['exchange'] }, { path: 'custom.replacement_for' }],
  warrantyClaim: [{ path: 'custom.claims', is: ['warranty', 'guarantee'] }],
}

const world = (given: EventEvidence | undefined = evidence) => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination({ events: 'at-most-once' })
  const clock = jumpingClock()
  const events = given === undefined ? {} : { events: { evidence: given } }
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore(), clock, ...events })
  const told = (): string[] =>
    crm
      .told()
      .map(({ id }) => id)
      .filter((id) => /exchange|warranty/.test(id))
      .toSorted()
  return { shop, millrace, told, at: (minutes: number) => (shop.setNow(start + minutes * 60_000), clock.set(minutes)) }
}

describe('exchanges and warranty claims', () => {
  const plain = order('o1', 'ada', 12)

  it('happen when an order first holds their evidence, of whatever form', () => {
    const types = (before: typeof plain, after: typeof plain) => deriveEvents(before, after, evidence).map(({ id }) => id)
    const exchanged = { ...plain, workflowState: { id: 's', key: 'exchange' } }
    expect(types(plain, exchanged)).toEqual(['order.exchange:o1'])
    expect(types(exchanged, exchanged)).toEqual([])
    expect(types(plain, { ...plain, custom: { replacement_for: 'N-7' } })).toEqual(['order.exchange:o1'])
    expect(types(plain, { ...plain, custom: { replacement_for: '' } })).toEqual([])
    expect(types(plain, { ...plain, custom: { claims: [{ key: 'late', label: 'Late' }] } })).toEqual([])
    expect(types(plain, { ...plain, custom: { claims: [{ key: 'warranty', label: 'Warranty' }, 'late'] } })).toEqual([
      'order.warranty-claim:o1',
    ])
    expect(deriveEvents(plain, exchanged)).toEqual([])
  })

  it('are told once, also when the evidence goes and comes again, and not of orders from before', async () => {
    const { shop, millrace, told, at } = world()
    shop.put(customer('ada'))
    shop.put(order('old', 'ada', 5, { custom: { claims: ['warranty'] } }))
    at(10)
    await millrace.sync()
    at(20)
    shop.put(plain)
    await millrace.sync()
    const versions: [number, CustomFields][] = [
      [30, { claims: ['warranty'] }],
      [40, {}],
      [50, { claims: ['warranty', 'guarantee'], replacement_for: 'N-7' }],
    ]
    for (const [minutes, custom] of versions) {
      at(minutes)
      shop.put({ ...plain, modifiedAt: new Date(start + (minutes - 1) * 60_000).toISOString(), custom })
      await millrace.sync()
    }
    expect(told()).toEqual(['shop:order.exchange:o1', 'shop:order.warranty-claim:o1'])
  })

  it('are told of nobody without evidence', async () => {
    const { shop, millrace, told, at } = world({})
    shop.put(customer('ada'))
    at(10)
    await millrace.sync()
    at(20)
    shop.put({ ...plain, custom: { claims: ['warranty'], replacement_for: 'N-7' } })
    await millrace.sync()
    expect(told()).toEqual([])
  })

  it.each([
    [{ exchange: [{ path: 'workflow.key' }] }, 'events.evidence.exchange.0.path: an order has nothing at "workflow.key"'],
    [
      { warrantyClaim: [{ path: 'orderState', is: ['claimed'] }] },
      'events.evidence.warrantyClaim.0.is: lists "claimed", which never occurs',
    ],
    [{ warranty: [{ path: 'custom.x' }] }, 'events.evidence.warranty: is no event that evidence tells'],
    [{ exchange: { path: 'custom.x' } }, 'events.evidence.exchange: must be a list of paths'],
    [{ exchange: ['custom.x'] }, 'events.evidence.exchange: must be a list of paths'],
  ])('with %j is refused before anything is read', (wrong, message) => {
    expect(() => world(wrong as EventEvidence)).toThrow(message)
  })
})
