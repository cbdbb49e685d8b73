import { afterEach, expect, it } from 'vitest'
import { closePortals, openPortal, people, person } from './test-support/portal.ts'

afterEach(closePortals)

it('reads objects with the times at which their properties were last changed', async () => {
  let now = Date.parse('2026-05-01T00:00:00.000Z')
  const portal = await openPortal({ fake: { now: () => now } })
  const id = (await portal.deliver(person('a', { phone: '+49301' }))).get('contact:a')?.remoteId ?? ''
  now += 86_400_000
  portal.fake.portal.update('contacts', id, { phone: '+49302' })
  const query = { object: 'contact', remoteIds: [id, '404'], fields: ['phone', 'firstname', 'nowhere'] }
  expect(await portal.destination.read?.(query, portal.ctx)).toEqual([
    {
      object: 'contact',
      key: 'a',
      remoteId: id,
      fields: { phone: '+49302', firstname: 'First a', nowhere: null },
      times: expect.objectContaining({ phone: now, firstname: now - 86_400_000 }),
    },
  ])
})

it('reads half as many at once as it writes, since histories weigh more', async () => {
  const portal = await openPortal()
  const outcomes = await portal.deliver(...people(120))
  portal.fake.resetRequests()
  const remoteIds = [...outcomes.values()].flatMap(({ remoteId }) => remoteId ?? [])
  expect(await portal.destination.read?.({ object: 'contact', remoteIds, fields: ['email'] }, portal.ctx)).toHaveLength(120)
  expect(portal.calls()).toHaveLength(3)
})
