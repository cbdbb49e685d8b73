import { expect, test } from 'vitest'

import { byEmail, raw, withFake, writeContact } from '../raw.ts'

const noon = Date.UTC(2026, 10, 21, 12)

function list(body: unknown): Record<string, unknown>[] {
  return Array.isArray(body) ? body : []
}

test('list-crud: lists are made, read, renamed, emptied and deleted', () =>
  withFake({}, async (fake) => {
    const created = await raw(fake, 'POST', '/v2/address-books', { name: 'News', visibility: 'Public' })
    const id = Number(created.json['id'])
    expect(created.body).toEqual({ id, name: 'News', visibility: 'Public', contacts: 0 })
    const contact = fake.account.addContact({ identifiers: { email: 'ada@example.com' }, lists: [id] })
    expect((await raw(fake, 'PUT', `/v2/address-books/${id}`, { name: 'Letters' })).body).toEqual({
      id,
      name: 'Letters',
      visibility: 'Private',
      contacts: 1,
    })
    expect((await raw(fake, 'GET', `/v2/address-books/${id}/contacts`)).body).toMatchObject([
      { id: contact, email: 'ada@example.com', optInType: 'Unknown', emailType: 'Html', status: 'Subscribed' },
    ])
    expect((await raw(fake, 'DELETE', `/v2/address-books/${id}/contacts/${contact}`)).status).toBe(204)
    expect(fake.account.members(id)).toEqual([])
    await writeContact(fake, 'PATCH', byEmail('ada@example.com'), { lists: [id] })
    expect((await raw(fake, 'DELETE', `/v2/address-books/${id}`)).status).toBe(204)
    expect([fake.account.lists(), fake.account.contact(contact)?.lists.size]).toEqual([[], 0])
  }))

test('list-name: up to 128 characters, and no two lists of one name', () =>
  withFake({}, async (fake) => {
    fake.account.addList('News')
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(129) }, { name: 'X', visibility: 'Secret' }, { name: 5 }])
      expect([body, (await raw(fake, 'POST', '/v2/address-books', body)).error]).toEqual([body, 'Error: ERROR_ADDRESSBOOK_INVALID'])
    expect((await raw(fake, 'POST', '/v2/address-books', { name: 'NEWS' })).error).toBe('Error: ERROR_ADDRESSBOOK_DUPLICATE')
    expect((await raw(fake, 'POST', '/v2/address-books', { name: 'x'.repeat(128) })).status).toBe(200)
  }))

test('list-not-found: lists and members that are not there are 404', () =>
  withFake({}, async (fake) => {
    const id = fake.account.addList('News')
    const contact = fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    for (const [method, path] of [
      ['GET', '/v2/address-books/1'],
      ['PUT', '/v2/address-books/1'],
      ['DELETE', '/v2/address-books/x'],
      ['GET', '/v2/address-books/1/contacts'],
      ['DELETE', `/v2/address-books/${id}/contacts/${contact}`],
    ] as const)
      expect([path, (await raw(fake, method, path)).status]).toEqual([path, 404])
  }))

test('v2-select: pages of 1 to 1000 by select and skip', () =>
  withFake({}, async (fake) => {
    const ids = ['A', 'B', 'C'].map((name) => fake.account.addList(name))
    const page = async (query: string): Promise<unknown[]> =>
      list((await raw(fake, 'GET', `/v2/address-books?${query}`)).body).map(({ id }) => id)
    expect([await page(''), await page('select=2'), await page('select=2&skip=2'), await page('skip=3')]).toEqual([
      ids,
      ids.slice(0, 2),
      ids.slice(2),
      [],
    ])
    for (const query of ['select=0', 'select=1001', 'skip=-1', 'select=x'])
      expect([query, (await raw(fake, 'GET', `/v2/address-books?${query}`)).status]).toEqual([query, 400])
  }))

test('data-field-crud: a field is made in upper case and takes its values with it when it goes', () =>
  withFake({}, async (fake) => {
    const created = await raw(fake, 'POST', '/v2/data-fields', { name: 'Shoe_Size', type: 'Numeric', visibility: 'Private' })
    expect([created.status, created.body]).toEqual([201, { name: 'SHOE_SIZE', type: 'Numeric', visibility: 'Private', defaultValue: null }])
    expect(list((await raw(fake, 'GET', '/v2/data-fields')).body).map(({ name }) => name)).toEqual([
      'FIRSTNAME',
      'LASTNAME',
      'FULLNAME',
      'GENDER',
      'POSTCODE',
      'LASTSUBSCRIBED',
      'SHOE_SIZE',
    ])
    fake.account.addContact({ identifiers: { email: 'ada@example.com' }, dataFields: { SHOE_SIZE: 38, FIRSTNAME: 'Ada' } })
    expect((await raw(fake, 'DELETE', '/v2/data-fields/shoe_size')).body).toEqual({ dependencies: null, result: true })
    expect(fake.account.contactOf('ada@example.com')?.dataFields).toEqual({ FIRSTNAME: 'Ada' })
  }))

test('data-field-name: up to 20 letters, digits, hyphens and underscores', () =>
  withFake({}, async (fake) => {
    for (const name of ['', 'x'.repeat(21), 'SHOE SIZE', 'GRÖSSE', 'a.b', 5])
      expect([name, (await raw(fake, 'POST', '/v2/data-fields', { name, type: 'String' })).status]).toEqual([name, 400])
    expect((await raw(fake, 'POST', '/v2/data-fields', { name: 'x'.repeat(20), type: 'String' })).status).toBe(201)
  }))

test('data-field-definition: known types, fitting defaults, and system fields stay', () =>
  withFake({}, async (fake) => {
    for (const more of [
      {},
      { type: 'Text' },
      { type: 'string' },
      { type: 'Numeric', defaultValue: '1' },
      { type: 'Date', visibility: 'x' },
    ])
      expect([more, (await raw(fake, 'POST', '/v2/data-fields', { name: 'A', ...more })).status]).toEqual([more, 400])
    expect((await raw(fake, 'DELETE', '/v2/data-fields/FIRSTNAME')).status).toBe(400)
  }))

test('data-field-exists: a name can be taken once, in any case', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'POST', '/v2/data-fields', { name: 'FirstName', type: 'String' })
    expect([reply.status, reply.error]).toEqual([400, 'Error: ERROR_DATAFIELD_EXISTS'])
  }))

test('data-field-not-found: what is not there cannot be deleted', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'DELETE', '/v2/data-fields/NOPE')).error).toBe('Error: ERROR_DATAFIELD_NOT_FOUND')
  }))

test('unsubscribed-since: who left at that time or later, oldest first, while they are gone', () => {
  let now = noon
  return withFake({ now: () => now }, async (fake) => {
    for (const name of ['early', 'ada', 'bob', 'back', 'sup']) fake.account.addContact({ identifiers: { email: `${name}@example.com` } })
    fake.account.unsubscribe('early@example.com')
    now += 1000
    fake.account.unsubscribe('bob@example.com')
    fake.account.unsubscribe('back@example.com')
    fake.account.suppress('sup@example.com')
    now += 1000
    await writeContact(fake, 'PATCH', byEmail('ada@example.com'), { channelProperties: { email: { status: 'unsubscribed' } } })
    await writeContact(fake, 'PATCH', byEmail('back@example.com'), { channelProperties: { email: { status: 'subscribed' } } })
    now += 1000
    await writeContact(fake, 'PATCH', byEmail('early@example.com'), { dataFields: { FIRSTNAME: 'E' } })
    const reply = await raw(fake, 'GET', '/v2/contacts/unsubscribed-since/2026-11-21T12:00:01Z')
    expect(reply.body).toEqual([
      {
        suppressedContact: {
          id: fake.account.contactOf('bob@example.com')?.id,
          email: 'bob@example.com',
          optInType: 'Unknown',
          emailType: 'Html',
          dataFields: null,
          status: 'Unsubscribed',
        },
        dateRemoved: '2026-11-21T12:00:01.000Z',
        reason: 'Unsubscribed',
      },
      expect.objectContaining({ dateRemoved: '2026-11-21T12:00:02.000Z' }),
    ])
    expect((await raw(fake, 'GET', '/v2/contacts/unsubscribed-since/2026-11-21?select=1')).body).toHaveLength(1)
  })
})

test('suppressed-since: suppressed and unsubscribed contacts with their reason', () =>
  withFake({ now: () => noon }, async (fake) => {
    for (const name of ['ada', 'bob', 'eve']) fake.account.addContact({ identifiers: { email: `${name}@example.com` } })
    fake.account.suppress('ada@example.com')
    fake.account.unsubscribe('bob@example.com')
    const reply = await raw(fake, 'GET', '/v2/contacts/suppressed-since/2026-11-21')
    expect(list(reply.body).map(({ reason }) => reason)).toEqual(['Suppressed', 'Unsubscribed'])
  }))

test('since-date: the date is one of ISO 8601', () =>
  withFake({}, async (fake) => {
    for (const date of ['yesterday', '2026-13-01', '21-11-2026', '1700000000'])
      expect([date, (await raw(fake, 'GET', `/v2/contacts/unsubscribed-since/${date}`)).status]).toEqual([date, 400])
  }))

test('resubscribe-v2: with a challenge the status stays, without one the person is back, and barred ones stay away', () =>
  withFake({}, async (fake) => {
    const email = 'ada@example.com'
    fake.account.addContact({ identifiers: { email } })
    fake.account.unsubscribe(email)
    const body = { unsubscribedContact: { email: 'Ada@example.com' } }
    const challenged = await raw(fake, 'POST', '/v2/contacts/resubscribe', body)
    expect([challenged.json['status'], fake.account.contactOf(email)?.email?.status]).toEqual(['ContactChallenged', 'unsubscribed'])
    expect(fake.account.mails()).toMatchObject([{ to: email, kind: 'resubscribe-challenge' }])
    fake.account.suppressGlobally(email)
    const barred = await raw(fake, 'POST', '/v2/contacts/resubscribe-with-no-challenge', body)
    expect([barred.status, barred.json['status']]).toEqual([200, 'ContactCannotBeUnsuppressed'])
    fake.account.addContact({ identifiers: { email: 'bob@example.com' } })
    fake.account.suppress('bob@example.com')
    const back = await raw(fake, 'POST', '/v2/contacts/resubscribe-with-no-challenge', {
      unsubscribedContact: { email: 'bob@example.com' },
    })
    expect(back.json).toMatchObject({ status: 'ContactAdded', contact: { status: 'Subscribed' } })
    expect((await raw(fake, 'GET', '/v2/contacts/suppressed-since/2020-01-01')).body).toHaveLength(1)
  }))

test('resubscribe-known: only who is known and has left can come back', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    const send = (email: unknown): ReturnType<typeof raw> =>
      raw(fake, 'POST', '/v2/contacts/resubscribe', { unsubscribedContact: { email } })
    expect((await send('ada@example.com')).error).toBe('Error: ERROR_CONTACT_NOT_SUPPRESSED')
    expect((await send('bob@example.com')).error).toBe('Error: ERROR_CONTACT_NOT_FOUND')
    expect((await send(5)).status).toBe(400)
  }))
