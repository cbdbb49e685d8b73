import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const write = (fake: FakeActiveCampaign, contactList: object): Promise<RawReply> => raw(fake, 'POST', 'contactLists', { contactList })

test('list-status-codes: 201 for a new status, 200 for a changed one, 404 for what does not exist', () =>
  withFake({}, async (fake) => {
    const list = String((await raw(fake, 'POST', 'lists', { list: { name: 'News' } })).one('list')['id'])
    const contact = fake.account.contact({ email: 'ada@example.com' })
    expect([(await write(fake, { list, contact, status: 1 })).status, (await write(fake, { list, contact, status: 2 })).status]).toEqual([
      201, 200,
    ])
    expect((await write(fake, { list, contact: '1', status: 1 })).status).toBe(404)
    expect((await write(fake, { list: '999', contact, status: 1 })).status).toBe(404)
    expect((await raw(fake, 'GET', `lists/${list}`)).one('list')).toMatchObject({ name: 'News', stringid: 'news' })
    expect((await raw(fake, 'GET', 'lists?filters[name]=Other')).many('lists')).toEqual([])
    expect(fake.account.contactOf('ada@example.com')?.lists).toEqual({ [list]: '2' })
  }))

test('list-resubscribe: status 1 over an opt-out subscribes again without complaint', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.setStatus('ada@example.com', list, '2')
    const contact = String(fake.account.contactOf('ada@example.com')?.id)
    const reply = await write(fake, { list, contact, status: 1, sourceid: 4 })
    expect([reply.status, fake.account.contactOf('ada@example.com')?.lists]).toEqual([200, { [list]: '1' }])
    await write(fake, { list, contact, status: 1 })
    expect(fake.account.resubscriptions()).toEqual([{ at: expect.any(Number), contact, list, sourceid: '4' }])
  }))

test('list-status-writable: 1 and 2 can be written, 0 and 3 only read', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.setStatus('ada@example.com', list, '0')
    const contact = String(fake.account.contactOf('ada@example.com')?.id)
    const statuses = async (): Promise<unknown[]> =>
      (await raw(fake, 'GET', `contacts/${contact}/contactLists`)).many('contactLists').map(({ status }) => status)
    expect(await statuses()).toEqual(['0'])
    fake.account.bounce('ada@example.com')
    expect(await statuses()).toEqual(['3'])
    for (const status of [0, 3, 'x']) expect((await write(fake, { list, contact, status })).status).toBe(422)
    expect(await statuses()).toEqual(['3'])
  }))

test('list-status-freshness: a status tells when it changed, in whole seconds', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withFake({ now: () => now }, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.setStatus('ada@example.com', list, '1')
    now += 90_500
    fake.account.setStatus('ada@example.com', list, '2')
    const contact = String(fake.account.contactOf('ada@example.com')?.id)
    const [row] = (await raw(fake, 'GET', `contacts/${contact}`)).many('contactLists')
    expect(row).toMatchObject({ status: '2', sdate: '2026-11-21T06:00:00-06:00', udate: '2026-11-21T06:01:30-06:00' })
    expect((await raw(fake, 'GET', 'contacts?filters[updated_after]=2026-11-21T12:01:00Z')).many('contacts')).toHaveLength(1)
  })
})

test('list-exclusions: addresses can be read and added', () =>
  withFake({}, async (fake) => {
    fake.account.exclude('ada@example.com')
    expect((await raw(fake, 'PUT', 'lists/exclusions', { exclusions: [{ email: 'Bob@example.com' }] })).status).toBe(200)
    const emails = (await raw(fake, 'GET', 'lists/exclusions')).many('exclusions').map(({ email }) => email)
    expect(emails).toEqual(['ada@example.com', 'bob@example.com'])
    expect((await raw(fake, 'PUT', 'lists/exclusions', { email: 'x' })).status).toBe(400)
  }))
