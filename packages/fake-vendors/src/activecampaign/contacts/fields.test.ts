import { expect, test } from 'vitest'

import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const define = (fake: FakeActiveCampaign, title: string, type = 'text'): Promise<RawReply> =>
  raw(fake, 'POST', 'fields', { field: { title, type } })
const id = (reply: RawReply, name: string): string => String(reply.one(name)['id'])

test('fields-page-20-rows: the field list ends after 20 rows unless asked for more', () =>
  withFake({}, async (fake) => {
    for (let index = 0; index < 25; index += 1) fake.account.addField(`Field ${index}`)
    const [short, whole] = [await raw(fake, 'GET', 'fields'), await raw(fake, 'GET', 'fields?limit=100')]
    expect([short.many('fields').length, short.many('fieldRels').length, whole.many('fields').length]).toEqual([20, 20, 25])
  }))

test('field-type: unknown types are refused', () =>
  withFake({}, async (fake) => {
    for (const type of ['text', 'date', 'NULL']) expect((await define(fake, `a ${type}`, type)).status).toBe(201)
    expect([(await define(fake, 'b', 'string')).status, (await raw(fake, 'POST', 'fields', { field: { title: 'c' } })).status]).toEqual([
      422, 422,
    ])
    expect(fake.account.fields().map(({ title }) => title)).toEqual(['a text', 'a date', 'a NULL'])
  }))

test('field-title-duplicate: a title exists once', () =>
  withFake({}, async (fake) => {
    const first = id(await define(fake, 'City'), 'field')
    const reply = await define(fake, 'CITY')
    expect([reply.status, reply.many('errors')[0]?.['code']]).toEqual([422, 'duplicate'])
    expect((await raw(fake, 'PUT', `fields/${first}`, { field: { title: 'city', descript: 'd' } })).status).toBe(200)
    await define(fake, 'Town')
    expect((await raw(fake, 'PUT', `fields/${first}`, { field: { title: 'Town' } })).status).toBe(422)
  }))

test('field-options: options are added in one call and stand beside the fields', () =>
  withFake({}, async (fake) => {
    const field = id(await define(fake, 'Tier', 'dropdown'), 'field')
    const fieldOptions = ['gold', 'silver'].map((value, index) => ({ field, value, label: value, orderid: index + 1 }))
    expect((await raw(fake, 'POST', 'fieldOption/bulk', { fieldOptions })).status).toBe(201)
    expect((await raw(fake, 'GET', 'fields')).many('fieldOptions').map(({ value, orderid }) => [value, orderid])).toEqual([
      ['gold', '1'],
      ['silver', '2'],
    ])
    expect((await raw(fake, 'POST', 'fieldOption/bulk', { fieldOptions: [{ field: '99', value: 'x' }] })).status).toBe(404)
    expect((await raw(fake, 'GET', `fields/${field}`)).many('fieldOptions')).toHaveLength(2)
    expect(fake.account.fields()[0]?.options).toEqual(['gold', 'silver'])
  }))

test('field-invisible-until-related: a value is stored, but nobody sees it before the field has a list and a group', () =>
  withFake({}, async (fake) => {
    const field = id(await define(fake, 'City'), 'field')
    await raw(fake, 'POST', 'contact/sync', { contact: { email: 'ada@example.com', fieldValues: [{ field, value: 'London' }] } })
    const seen = (): unknown[] => {
      const contact = fake.account.contactOf('ada@example.com')
      return [contact?.fields['City'], contact?.visibleFields['City']]
    }
    expect(seen()).toEqual(['London', undefined])
    expect((await raw(fake, 'POST', 'fieldRels', { fieldRel: { field, relid: 0 } })).status).toBe(201)
    expect(seen()).toEqual(['London', undefined])
    expect((await raw(fake, 'POST', 'groupMembers', { groupMember: { rel_id: field, group_id: 1, ordernum: null } })).status).toBe(201)
    expect(seen()).toEqual(['London', 'London'])
    expect((await raw(fake, 'POST', 'fieldRels', { fieldRel: { field, relid: 99 } })).status).toBe(404)
    expect((await raw(fake, 'GET', 'fields')).many('fields')[0]?.['relations']).toHaveLength(1)
  }))

test('field-by-numeric-id: a value addressed by its tag is dropped without a word', () =>
  withFake({}, async (fake) => {
    fake.account.addField('City')
    const contact = { email: 'ada@example.com', fieldValues: [{ field: '%CITY%', value: 'London' }] }
    expect((await raw(fake, 'POST', 'contact/sync', { contact })).status).toBe(201)
    expect(fake.account.contactOf('ada@example.com')?.fields).toEqual({})
    const fieldValue = { contact: fake.account.contactOf('ada@example.com')?.id, field: 'CITY', value: 'London' }
    expect((await raw(fake, 'POST', 'fieldValues', { fieldValue })).status).toBe(404)
  }))

test('value-form: dates, times, numbers and several options have one form, and nothing is written otherwise', () =>
  withFake({}, async (fake) => {
    const good: Record<string, string> = {
      date: '2018-12-31',
      datetime: '2018-12-31T10:00:00-06:00',
      checkbox: '||a||b||',
      number: '1.5',
      text: 'x',
    }
    const bad: Record<string, string> = { date: '31.12.2018', datetime: '2018-12-31', checkbox: 'a,b', number: '1,5' }
    const email = 'ada@example.com'
    for (const [type, value] of Object.entries(good)) {
      const field = fake.account.addField(type, type)
      const reply = await raw(fake, 'POST', 'contact/sync', { contact: { email, fieldValues: [{ field, value }] } })
      expect([type, reply.status < 300]).toEqual([type, true])
    }
    expect(fake.account.contactOf(email)?.visibleFields).toEqual(good)
    for (const [type, value] of Object.entries(bad)) {
      const field = fake.account.fields().find(({ title }) => title === type)?.id
      const reply = await raw(fake, 'POST', 'contact/sync', { contact: { email, firstName: 'no', fieldValues: [{ field, value }] } })
      expect([type, reply.status]).toEqual([type, 422])
    }
    expect(fake.account.contactOf(email)).toMatchObject({ firstName: '', visibleFields: good })
  }))

test('values can be written one by one, changed, cleared, and go with their field', () =>
  withFake({}, async (fake) => {
    const field = fake.account.addField('City')
    const contact = fake.account.contact({ email: 'ada@example.com' })
    const written = await raw(fake, 'POST', 'fieldValues', { fieldValue: { contact, field, value: 'London' } })
    await raw(fake, 'PUT', `fieldValues/${id(written, 'fieldValue')}`, { fieldValue: { value: 'Paris' } })
    expect(fake.account.contactOf('ada@example.com')?.fields).toEqual({ City: 'Paris' })
    expect((await raw(fake, 'GET', `contacts/${contact}/fieldValues`)).many('fieldValues')[0]).toMatchObject({ value: 'Paris' })
    await raw(fake, 'POST', 'contact/sync', { contact: { email: 'ada@example.com', fieldValues: [{ field, value: null }] } })
    expect(fake.account.contactOf('ada@example.com')?.fields).toEqual({})
    expect((await raw(fake, 'DELETE', `fields/${field}`)).status).toBe(200)
    expect((await raw(fake, 'GET', `contacts/${contact}/fieldValues`)).many('fieldValues')).toEqual([])
  }))
