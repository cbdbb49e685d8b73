import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

const definition = {
  name: 'order_placed',
  label: 'Order placed',
  primaryObject: 'CONTACT',
  includeDefaultProperties: true,
  propertyDefinitions: [{ name: 'order_number', label: 'Order number', type: 'string' }],
}
const eventName = 'pe77_order_placed'
const definitions = '/events/v3/event-definitions'

function withEvents(body: (fake: FakeHubSpot) => Promise<void>): Promise<void> {
  return withFake({ portalId: 77, now: () => Date.UTC(2026, 0, 1) }, async (fake) => {
    expect((await raw(fake, 'POST', definitions, definition)).status).toBe(201)
    await body(fake)
  })
}

function send(fake: FakeHubSpot, event: object): Promise<RawReply> {
  return raw(fake, 'POST', '/events/2026-03/send', { eventName, email: 'ada@example.com', ...event })
}

test('event-enterprise-only: smaller portals can neither define nor send', () =>
  withFake({ tier: 'professional' }, async (fake) => {
    expect((await raw(fake, 'POST', definitions, definition)).status).toBe(403)
    expect((await send(fake, {})).status).toBe(403)
  }))

test('event-fully-qualified-name: the account id is part of the name, and a name is given once', () =>
  withEvents(async (fake) => {
    expect((await raw(fake, 'GET', definitions)).results).toMatchObject([{ name: 'order_placed', fullyQualifiedName: eventName }])
    expect((await raw(fake, 'POST', definitions, definition)).status).toBe(409)
    expect((await send(fake, { eventName: 'order_placed' })).status).toBe(400)
    expect((await raw(fake, 'GET', `${definitions}/order_placed`)).status).toBe(200)
    expect((await raw(fake, 'DELETE', `${definitions}/${eventName}`)).status).toBe(204)
    expect((await raw(fake, 'GET', `${definitions}/${eventName}`)).status).toBe(404)
  }))

test('event-accepted-204: events of a known person are filed, those of nobody are dropped, both with 204', () =>
  withEvents(async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const occurredAt = '2025-12-24T18:00:00Z'
    for (const event of [{ occurredAt }, { email: 'nobody@example.com' }, { objectId: id, email: 'nobody@example.com' }]) {
      const reply = await send(fake, { properties: { order_number: 'A1' }, ...event })
      expect([reply.status, reply.body]).toEqual([204, ''])
    }
    expect(fake.portal.events.map(({ recordId }) => recordId)).toEqual([id, undefined, id])
    expect(fake.portal.events[0]).toMatchObject({ eventName, occurredAt: Date.parse(occurredAt), properties: { order_number: 'A1' } })
  }))

test('event-unknown: unknown events and properties are refused, and with them the whole batch', () =>
  withEvents(async (fake) => {
    expect((await send(fake, { eventName: 'pe77_nope' })).status).toBe(400)
    expect((await send(fake, { properties: { nope: '1' } })).status).toBe(400)
    const good = { eventName, email: 'ada@example.com' }
    expect((await raw(fake, 'POST', '/events/2026-03/send/batch', { inputs: [good, { ...good, properties: { nope: '1' } }] })).status).toBe(
      400,
    )
    expect(fake.portal.events).toEqual([])
    expect((await send(fake, { properties: { hs_page_title: 'Shop' } })).status).toBe(204)
  }))

test('event-needs-identifier: somebody must be named, and a custom matching id comes first', () =>
  withEvents(async (fake) => {
    expect((await raw(fake, 'POST', '/events/2026-03/send', { eventName })).status).toBe(400)
    fake.portal.defineProperty('contacts', { name: 'mr_id', hasUniqueValue: true })
    const id = fake.portal.create('contacts', { email: 'ada@example.com', mr_id: 'a' })
    const matching = {
      ...definition,
      name: 'cart_left',
      propertyDefinitions: [{ name: 'mr_id', label: 'Id', type: 'string' }],
      customMatchingId: { targetObjectPropertyName: 'mr_id' },
    }
    expect((await raw(fake, 'POST', definitions, matching)).status).toBe(201)
    expect((await send(fake, { eventName: 'pe77_cart_left', email: 'other@example.com', properties: { mr_id: 'a' } })).status).toBe(204)
    expect(fake.portal.events.map(({ recordId }) => recordId)).toEqual([id])
  }))

test('event-uuid-no-dedup: the same uuid twice is two events', () =>
  withEvents(async (fake) => {
    for (let time = 0; time < 2; time += 1) await send(fake, { uuid: '0000-1' })
    expect(fake.portal.events.map(({ uuid }) => uuid)).toEqual(['0000-1', '0000-1'])
  }))

test('event-value-length: 256 characters, 1,024 for addresses, strings only', () =>
  withEvents(async (fake) => {
    const status = async (name: string, value: unknown): Promise<number> => (await send(fake, { properties: { [name]: value } })).status
    expect([await status('order_number', 'x'.repeat(256)), await status('order_number', 'x'.repeat(257))]).toEqual([204, 400])
    expect([await status('hs_url', 'x'.repeat(1024)), await status('hs_url', 'x'.repeat(1025))]).toEqual([204, 400])
    expect(await status('order_number', 5)).toBe(400)
  }))

test('event-batch-cap-500: 500 events pass, 501 do not', () =>
  withEvents(async (fake) => {
    const inputs = Array.from({ length: 501 }, () => ({ eventName, email: 'ada@example.com' }))
    expect((await raw(fake, 'POST', '/events/v3/send/batch', { inputs })).status).toBe(400)
    expect((await raw(fake, 'POST', '/events/v3/send/batch', { inputs: inputs.slice(1) })).status).toBe(204)
    expect(fake.portal.events).toHaveLength(500)
  }))

test('event-definition-names: names, labels and numbers of properties are limited', () =>
  withEvents(async (fake) => {
    const status = async (more: object): Promise<number> =>
      (await raw(fake, 'POST', definitions, { ...definition, name: 'other', ...more })).status
    for (const name of ['Order', '1st', 'a-b', 'x'.repeat(51)]) expect([name, await status({ name })]).toEqual([name, 400])
    expect(await status({ label: 'x'.repeat(51) })).toBe(400)
    const propertyDefinitions = Array.from({ length: 51 }, (_, index) => ({ name: `p${index}`, label: `P${index}`, type: 'string' }))
    expect(await status({ propertyDefinitions })).toBe(400)
    expect(await status({ propertyDefinitions: propertyDefinitions.slice(1) })).toBe(201)
    for (let index = 0; index < 498; index += 1) expect(await status({ name: `event_${index}` })).toBe(201)
    expect(await status({ name: 'one_too_many' })).toBe(400)
  }))
