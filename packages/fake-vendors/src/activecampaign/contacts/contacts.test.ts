import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const sync = (fake: FakeActiveCampaign, contact: Record<string, unknown>): Promise<RawReply> =>
  raw(fake, 'POST', 'contact/sync', { contact })

function codes(reply: RawReply): unknown {
  return [reply.status, ...reply.many('errors').map(({ code, source }) => [code, source])]
}

test('contact-sync: creates with 201, then changes with 200, and keeps what is not named', () =>
  withFake({}, async (fake) => {
    const first = await sync(fake, { email: 'ada@example.com', firstName: 'Ada', phone: '+491' })
    const second = await sync(fake, { email: 'ada@example.com', lastName: 'Lovelace' })
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.one('contact')).toMatchObject({ id: first.one('contact')['id'], firstName: 'Ada', lastName: 'Lovelace', phone: '+491' })
  }))

test('contact-sync-new-email: another address makes a second contact', () =>
  withFake({}, async (fake) => {
    await sync(fake, { email: 'old@example.com', firstName: 'Ada' })
    await sync(fake, { email: 'new@example.com', firstName: 'Ada' })
    expect(fake.account.contacts().map(({ email }) => email)).toEqual(['old@example.com', 'new@example.com'])
  }))

test('contact-email-folded: case makes no other contact', () =>
  withFake({}, async (fake) => {
    await sync(fake, { email: 'Ada@Example.com' })
    expect((await sync(fake, { email: 'ADA@example.COM' })).status).toBe(200)
    expect(fake.account.contacts()).toHaveLength(1)
  }))

test('contact-duplicate: POST refuses an address that exists', () =>
  withFake({}, async (fake) => {
    const contact = { email: 'ada@example.com' }
    expect((await raw(fake, 'POST', 'contacts', { contact })).status).toBe(201)
    expect(codes(await raw(fake, 'POST', 'contacts', { contact }))).toEqual([422, ['duplicate', { pointer: '/data/attributes/email' }]])
  }))

test('contact-email-change: PUT changes the address, but not to one that somebody has', () =>
  withFake({}, async (fake) => {
    const id = fake.account.contact({ email: 'old@example.com' })
    fake.account.contact({ email: 'taken@example.com' })
    expect((await raw(fake, 'PUT', `contacts/${id}`, { contact: { email: 'new@example.com' } })).status).toBe(200)
    expect([fake.account.contactOf('new@example.com')?.id, fake.account.contactOf('old@example.com')]).toEqual([id, undefined])
    expect((await raw(fake, 'PUT', `contacts/${id}`, { contact: { email: 'Taken@example.com' } })).status).toBe(422)
    expect((await raw(fake, 'PUT', `contacts/${id}`, { contact: { email: 'NEW@example.com', firstName: 'N' } })).status).toBe(200)
  }))

test('field-missing: a contact needs an address', () =>
  withFake({}, async (fake) => {
    expect(codes(await sync(fake, { firstName: 'Ada' }))).toEqual([422, ['field_missing', { pointer: '/data/attributes/email' }]])
  }))

test('email-invalid: what is no address is refused', () =>
  withFake({}, async (fake) => {
    for (const email of ['ada', 'ada@', 'ada@example', 'a b@example.com']) expect((await sync(fake, { email })).status).toBe(422)
    expect(fake.account.contacts()).toEqual([])
  }))

test('email-excluded: an excluded address is refused', () =>
  withFake({}, async (fake) => {
    fake.account.exclude('Ada@example.com')
    expect(codes(await sync(fake, { email: 'ada@example.com' }))).toEqual([422, ['excluded', expect.anything()]])
  }))

test('not-found: the vendor calls contacts subscribers', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'GET', 'contacts/1')
    expect([reply.status, reply.body]).toEqual([404, { message: 'No Result found for Subscriber with id 1' }])
    expect((await raw(fake, 'DELETE', 'contactTags/7')).status).toBe(404)
    expect((await raw(fake, 'GET', 'import/info?batchId=x')).status).toBe(404)
  }))

test('string-values: ids, flags and statuses are text', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    const { id } = (await sync(fake, { email: 'ada@example.com' })).one('contact')
    const status = await raw(fake, 'POST', 'contactLists', { contactList: { list: Number(list), contact: Number(id), status: 1 } })
    const numbers = [status.one('contactList'), (await raw(fake, 'GET', `contacts/${String(id)}`)).one('contact')]
    expect(numbers.flatMap((row) => Object.values(row)).filter((value) => typeof value !== 'string')).toEqual([])
  }))

test('contact-filters: by address, part of it, id, list, status, tag and time', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withFake({ now: () => now }, async (fake) => {
    const news = fake.account.addList('News')
    const ids = ['ada@example.com', 'bob@example.org', 'cy@example.com'].map((email) => fake.account.contact({ email }))
    fake.account.setStatus('ada@example.com', news, '1')
    fake.account.setStatus('bob@example.org', news, '2')
    fake.account.tag('cy@example.com', 'vip')
    const tag = (await raw(fake, 'GET', 'tags')).many('tags')[0]?.['id']
    now += 60_000
    fake.account.contact({ email: 'bob@example.org', firstName: 'Bob' })
    const found = async (query: string): Promise<number[]> => {
      const rows = (await raw(fake, 'GET', `contacts?${query}`)).many('contacts')
      return rows.map(({ id }) => ids.indexOf(String(id)))
    }
    expect(await found('email=ADA@example.com')).toEqual([0])
    expect(await found('email_like=example.com')).toEqual([0, 2])
    expect(await found(`id_greater=${ids[0]}&orders[id]=ASC`)).toEqual([1, 2])
    expect(await found('orders[id]=DESC')).toEqual([2, 1, 0])
    expect([await found(`listid=${news}`), await found(`listid=${news}&status=2`), await found('status=2')]).toEqual([[0], [1], [1]])
    expect(await found(`tagid=${String(tag)}`)).toEqual([2])
    expect(await found('filters[updated_after]=2026-11-21T12:00:30Z')).toEqual([1])
    expect(await found('filters[created_after]=2026-11-21T12:00:30Z')).toEqual([])
    expect(await found('email=nobody@example.com')).toEqual([])
  })
})

test('contact-delete: answers an empty object and takes statuses, values and tags along', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.addField('City')
    const id = fake.account.contact({ email: 'ada@example.com' })
    fake.account.setStatus('ada@example.com', list, '2')
    fake.account.setField('ada@example.com', 'City', 'London')
    fake.account.tag('ada@example.com', 'vip')
    const reply = await raw(fake, 'DELETE', `contacts/${id}`)
    expect([reply.status, reply.body]).toEqual([200, {}])
    expect((await raw(fake, 'DELETE', `contacts/${id}`)).status).toBe(404)
    fake.account.contact({ email: 'ada@example.com' })
    expect(fake.account.contactOf('ada@example.com')).toMatchObject({ lists: {}, fields: {}, tags: [] })
  }))

test('tag-type: a tag needs a name and a type', () =>
  withFake({}, async (fake) => {
    const post = async (tag: object): Promise<number> => (await raw(fake, 'POST', 'tags', { tag })).status
    expect([await post({ tag: 'vip' }), await post({ tagType: 'contact' }), await post({ tag: 'vip', tagType: 'other' })]).toEqual([
      422, 422, 422,
    ])
    expect(await post({ tag: 'vip', tagType: 'contact', description: 'd' })).toBe(201)
  }))

test('tag-duplicate: a name exists once', () =>
  withFake({}, async (fake) => {
    const tag = { tag: 'VIP', tagType: 'contact' }
    await raw(fake, 'POST', 'tags', { tag })
    expect((await raw(fake, 'POST', 'tags', { tag: { ...tag, tag: 'vip' } })).status).toBe(422)
    expect((await raw(fake, 'GET', 'tags?search=vip')).many('tags')).toHaveLength(1)
  }))

test('contact-tag-codes: 201 for a tag that is put on, also again; 404, 422; removed by the id of the pair', () =>
  withFake({}, async (fake) => {
    const contact = fake.account.contact({ email: 'ada@example.com' })
    const tag = String((await raw(fake, 'POST', 'tags', { tag: { tag: 'vip', tagType: 'contact' } })).one('tag')['id'])
    const attach = (pair: object): Promise<RawReply> => raw(fake, 'POST', 'contactTags', { contactTag: pair })
    const [first, again] = [await attach({ contact, tag }), await attach({ contact, tag })]
    expect([first.status, again.status, again.one('contactTag')]).toEqual([201, 201, first.one('contactTag')])
    expect([(await attach({ contact: '1', tag })).status, (await attach({ contact })).status]).toEqual([404, 422])
    expect((await raw(fake, 'GET', `contacts/${contact}/contactTags`)).many('contactTags')).toEqual([first.one('contactTag')])
    expect((await raw(fake, 'DELETE', `contactTags/${String(first.one('contactTag')['id'])}`)).body).toEqual({})
    expect([fake.account.contactOf('ada@example.com')?.tags, fake.account.tags()]).toEqual([[], ['vip']])
    await attach({ contact, tag })
    expect((await raw(fake, 'DELETE', `tags/${tag}`)).status).toBe(200)
    expect((await raw(fake, 'GET', `contacts/${contact}/contactTags`)).many('contactTags')).toEqual([])
  }))
