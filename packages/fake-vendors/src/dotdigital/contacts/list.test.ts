import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'

function ids(reply: RawReply): unknown[] {
  const items = reply.json['_items']
  return Array.isArray(items) ? items.map((item: { contactId?: unknown }) => item.contactId) : []
}

function nextMarker(reply: RawReply): string | undefined {
  const links = reply.json['_links'] as { next?: { marker: string } } | undefined
  return links?.next?.marker
}

test('seek-paging: contacts that come or go while paging neither shift nor repeat the others', () =>
  withFake({}, async (fake) => {
    const all = Array.from({ length: 7 }, (_, index) => fake.account.addContact({ identifiers: { email: `u${index}@example.com` } }))
    const first = await raw(fake, 'GET', '/contacts/v3?limit=3')
    expect(ids(first)).toEqual(all.slice(0, 3))
    await raw(fake, 'DELETE', '/contacts/v3/email/u0@example.com')
    const late = fake.account.addContact({ identifiers: { email: 'late@example.com' } })
    const second = await raw(fake, 'GET', `/contacts/v3?limit=3&marker=${nextMarker(first) ?? ''}`)
    const third = await raw(fake, 'GET', `/contacts/v3?limit=3&marker=${nextMarker(second) ?? ''}`)
    expect([ids(second), ids(third), nextMarker(third)]).toEqual([all.slice(3, 6), [all[6], late], undefined])
    for (const query of ['limit=0', 'limit=5001', 'limit=x', 'marker=x'])
      expect([query, (await raw(fake, 'GET', `/contacts/v3?${query}`)).status]).toEqual([query, 400])
  }))

test('seek-paging: the link of the next page keeps the other parameters and can be followed', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    for (let index = 0; index < 3; index += 1) fake.account.addContact({ identifiers: { email: `u${index}@example.com` }, lists: [list] })
    fake.account.addContact({ identifiers: { email: 'other@example.com' } })
    const first = await raw(fake, 'GET', `/contacts/v3?~listId=${list}&limit=2&include=lists`)
    const links = first.json['_links'] as { next: { link: string } }
    const second = await raw(fake, 'GET', links.next.link.slice(fake.url.length))
    expect(second.json['_items']).toEqual([expect.objectContaining({ lists: [expect.objectContaining({ id: list })] })])
  }))

test('filter-form: a time after gte::, never two at once, and only known lists', () => {
  let now = Date.UTC(2026, 10, 21, 12)
  return withFake({ now: () => now }, async (fake) => {
    const ada = fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    now += 1000
    const bob = fake.account.addContact({ identifiers: { email: 'bob@example.com' } })
    const since = async (filter: string): Promise<unknown[]> => ids(await raw(fake, 'GET', `/contacts/v3?${filter}`))
    expect(await since('~modified=gte::2026-11-21T12:00:01Z')).toEqual([bob])
    now += 1000
    fake.account.changeContact('ada@example.com', { dataFields: { FIRSTNAME: 'Ada' } })
    expect(await since('~modified=gte::2026-11-21T12:00:01.000Z')).toEqual([ada, bob])
    expect(await since('~created=gte::2026-11-21T12:00:01Z')).toEqual([bob])
    for (const filter of [
      '~modified=2026-11-21T12:00:00Z',
      '~modified=gt::2026-11-21T12:00:00Z',
      '~modified=gte::2026-11-21',
      '~modified=gte::2026-11-21T12:00:00Z&~created=gte::2026-11-21T12:00:00Z',
      '~listId=1',
      'include=everything',
    ])
      expect([filter, (await raw(fake, 'GET', `/contacts/v3?${filter}`)).status]).toEqual([filter, 400])
  })
})

test('list-shows-what-is-asked: identifiers only, unless data fields and parts are named', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' }, dataFields: { FIRSTNAME: 'Ada', LASTNAME: 'L' } })
    const item = async (query: string): Promise<unknown> => {
      const items = (await raw(fake, 'GET', `/contacts/v3?${query}`)).json['_items']
      return Array.isArray(items) ? items[0] : undefined
    }
    expect(Object.keys((await item('')) as object)).toEqual(['contactId', 'status', 'created', 'updated', 'identifiers'])
    expect(await item('data-fields=firstname|GENDER')).toMatchObject({ dataFields: { FIRSTNAME: 'Ada' } })
    expect(await item('data-fields=%5B%5BALL%5D%5D')).toMatchObject({ dataFields: { FIRSTNAME: 'Ada', LASTNAME: 'L' } })
    expect(await item('include=channelProperties|consentRecords')).toMatchObject({
      channelProperties: { email: { status: 'Subscribed' } },
      consentRecords: [],
    })
  }))
