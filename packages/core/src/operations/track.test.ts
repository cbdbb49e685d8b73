import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customer, eventWorld, jumpingClock, minute, start, takingConsent } from '../events/event-fixture.ts'
import type { EventInput } from '../model/event.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const viewed = (id: string, more: Partial<EventInput> = {}): EventInput => ({
  id: `view-${id}`,
  type: 'product.viewed',
  occurredAt: minute(20),
  subject: { customerId: 'c1' },
  data: { lines: [{ sku: 'SHIRT-M', name: 'A shirt' }] },
  ...more,
})

const world = async () => {
  const made = eventWorld()
  made.shop.put(customer('c1'))
  made.at(10)
  await made.millrace.sync()
  return made
}

describe('track', () => {
  it('keeps events that no record tells, and the next pass delivers each once', async () => {
    const { millrace, crm, told } = await world()
    expect(await millrace.track('shop', [viewed('1'), viewed('2'), viewed('1')])).toBe(3)
    expect(await millrace.track('shop', [viewed('1')])).toBe(1)
    await millrace.sync()
    expect(told('id')).toEqual(['shop:view-1', 'shop:view-2'])
    expect(crm.objectsOf('event')[0]?.fields).toEqual({ title: 'A shirt' })
  })

  it.each<[string, EventInput, string]>([
    ['what records tell', viewed('2', { type: 'order.placed' }), 'records tell order.placed by themselves'],
    ['a time that is none', viewed('2', { occurredAt: 'yesterday' }), 'occurredAt'],
    ['an event without an id', viewed('2', { id: '' }), 'id'],
  ])('refuses %s, and with it the whole call', async (_, event, message) => {
    const { millrace, store } = await world()
    await expect(millrace.track('shop', [viewed('1'), event])).rejects.toMatchObject({
      code: 'event_invalid',
      message: expect.stringContaining(message),
    })
    expect(await store.events([{ source: 'shop', id: 'view-1' }])).toEqual([undefined])
  })

  it('keeps nothing of nobody’s interest', async () => {
    const { shop, store } = eventWorld()
    shop.put(customer('c1'))
    const { millrace } = eventWorld({ contract: { events: { 'product.viewed': false } } })
    expect(await millrace.track('shop', [viewed('1')])).toBe(0)
    expect(await store.events([{ source: 'shop', id: 'view-1' }])).toEqual([undefined])
  })

  it('sends nothing of somebody whose opt-out is still on its way', async () => {
    const crm = recordingDestination({ events: 'at-most-once' })
    const destination = takingConsent(crm)
    const shop = scriptedSource({ now: start })
    const clock = jumpingClock()
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination } }, store: memoryStore(), clock })
    const said = (status: 'granted' | 'denied', at: number) =>
      customer('c1', 0, { modifiedAt: minute(at), consents: [{ channel: 'email', purpose: 'marketing', status, at: minute(at) }] })
    const pass = async (minutes: number) => {
      shop.setNow(start + minutes * 60_000)
      clock.set(minutes)
      await millrace.sync()
    }
    shop.put(said('granted', 0))
    await pass(5)
    const viewedTimes = () => crm.told().filter(({ type }) => type === 'product.viewed').length
    crm.intercept = ({ unit, object }) =>
      object === 'permission' ? { unit, result: 'failed', error: new MillraceError({ code: 'refused', message: 'No.' }) } : undefined
    shop.put(said('denied', 10))
    await millrace.track('shop', [viewed('1')])
    await pass(20)
    expect(viewedTimes()).toBe(0)
    crm.intercept = () => undefined
    await millrace.deadLetters.replay({ code: 'refused' })
    await pass(30)
    expect(viewedTimes()).toBe(1)
  })
})
