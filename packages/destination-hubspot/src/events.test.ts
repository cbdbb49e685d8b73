import { afterEach, describe, expect, it } from 'vitest'
import type { EventFact, Input } from '@millrace/core'
import { closePortals, input, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const occurredAt = '2026-05-01T10:00:00.000Z'

const contactOf = async ({ deliver }: TestPortal, key = 'p1'): Promise<string> =>
  [...(await deliver(person(key))).values()].flatMap(({ remoteId }) => remoteId ?? [])[0] ?? ''

/** An order that was placed, as core hands it over. */
const placed = (n: number, contact: string, fields: Input['fields'] = {}, event: Partial<EventFact> = {}): Input =>
  input(
    'event',
    `shop:order.placed:${n}`,
    { order_id: `${n}`, value: '20.50', currency: 'EUR', skus: ['A', 'B'], ...fields },
    {
      event: { id: `shop:order.placed:${n}`, type: 'order.placed', name: 'shop_order_placed', occurredAt, ...event },
      parents: contact === '' ? [] : [{ object: 'contact', key: 'p1', remoteId: contact }],
    },
  )

describe('events in an Enterprise portal', () => {
  it('are defined by apply, and nothing is left to plan', async () => {
    const { fake, destination, ctx } = await openPortal({ settings: { events: 'auto' } })
    const again = (await destination.plan?.(ctx)) ?? []
    expect(again).toEqual([])
    expect(fake.requests.some(({ path }) => path.includes('/send'))).toBe(false)
    expect(await destination.check?.(ctx, 'full')).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'events_as_events' })]))
  })

  it('are filed under their contact with the time they happened, 500 in one request', async () => {
    const portal = await openPortal({ settings: { events: 'auto' } })
    const contact = await contactOf(portal)
    portal.fake.resetRequests()
    const events = Array.from({ length: 500 }, (_, n) => placed(n, contact))
    const outcomes = await portal.deliver(...events)
    expect([...outcomes.values()].every(({ result }) => result === 'delivered')).toBe(true)
    expect(portal.calls().filter((call) => call.includes('/send/'))).toHaveLength(1)
    const [first] = portal.fake.portal.events
    expect(first).toMatchObject({
      recordId: contact,
      occurredAt: Date.parse(occurredAt),
      properties: { order_id: '0', value: '20.50', currency: 'EUR', skus: 'A; B' },
    })
    expect(first?.eventName).toMatch(/^pe\d+_shop_order_placed$/)
    expect(new Set(portal.fake.portal.events.map(({ uuid }) => uuid)).size).toBe(500)
  })

  it('have their texts cut to what HubSpot takes, addresses later', async () => {
    const portal = await openPortal({ settings: { events: 'auto' } })
    const contact = await contactOf(portal)
    const name = `${'x'.repeat(255)}\u{1F600}`
    await portal.deliver(placed(1, contact, { product_name: name, url: `https://shop.example/${'u'.repeat(2_000)}` }))
    expect(portal.fake.portal.events[0]?.properties).toMatchObject({ product_name: 'x'.repeat(255) })
    expect(portal.fake.portal.events[0]?.properties['url']).toHaveLength(1_024)
  })

  it('that HubSpot refuses fail alone', async () => {
    const portal = await openPortal({ settings: { events: 'auto' } })
    const contact = await contactOf(portal)
    const events = [placed(1, contact), placed(2, contact, { nobody_defined_this: 'x' }), placed(3, contact)]
    const outcomes = await portal.deliver(...events)
    expect(events.map(({ unit }) => outcomes.get(unit)?.result)).toEqual(['delivered', 'failed', 'delivered'])
    expect(portal.fake.portal.events).toHaveLength(2)
  })

  it('whose answer was lost say so and are not sent again; those that were not in that request say that too', async () => {
    const portal = await openPortal({ settings: { events: 'auto' } })
    const contact = await contactOf(portal)
    const bad = { nobody_defined_this: 'x' }
    // Refused whole, then halved: the first half arrives and its answer does not.
    portal.fake.faults.schedule({
      path: '/send/batch',
      where: ({ text }) => !text.includes('nobody_defined_this'),
      times: 1,
      fault: { kind: 'reset', when: 'after' },
    })
    const events = [placed(1, contact), placed(2, contact), placed(3, contact, bad)]
    const outcomes = await portal.deliver(...events)
    const applied = events.map(({ unit }) => {
      const outcome = outcomes.get(unit)
      return outcome?.result === 'failed' ? outcome.error.context['applied'] : outcome?.result
    })
    expect(applied).toEqual(['unknown', 'unknown', 'no'])
    expect(portal.fake.portal.events).toHaveLength(2)
  })

  it('of a definition that is missing stop the destination and name the cure', async () => {
    const portal = await openPortal({ settings: { events: 'behavioural' } })
    const contact = await contactOf(portal)
    const [outcome] = (await portal.deliver(placed(1, contact, {}, { name: 'shop_unheard_of' }))).values()
    expect(outcome).toMatchObject({
      result: 'failed',
      error: { code: 'event_not_defined', scope: 'destination', context: { applied: 'no' } },
    })
  })
})

describe('events in a smaller portal', () => {
  it('are times on the contact, said by check; the newest of one delivery counts', async () => {
    const portal = await openPortal({ fake: { tier: 'professional' }, settings: { events: 'auto' } })
    expect((await portal.destination.plan?.(portal.ctx)) ?? []).toEqual([])
    expect(await portal.destination.check?.(portal.ctx, 'quick')).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'warning', code: 'events_as_properties' })]),
    )
    const contact = await contactOf(portal)
    const later = placed(2, contact, {}, { occurredAt: '2026-05-02T10:00:00.000Z' })
    const outcomes = await portal.deliver(later, placed(1, contact))
    expect([...outcomes.values()].map(({ result }) => result)).toEqual(['delivered', 'delivered'])
    const { properties } = portal.fake.portal.get('contacts', contact) ?? {}
    expect(new Date(properties?.['shop_order_placed_event_at'] ?? '').toISOString()).toBe('2026-05-02T10:00:00.000Z')
    expect(portal.fake.portal.events).toEqual([])
  })
})

describe('events that are off', () => {
  it('cost nothing: no object, no definition, no request', async () => {
    const { destination, fake, ctx } = await openPortal({ provision: false })
    expect(destination.objects['event']).toBeUndefined()
    await destination.plan?.(ctx)
    expect(fake.requests.filter(({ path }) => path.startsWith('/events'))).toEqual([])
  })
})
