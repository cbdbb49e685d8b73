import { expect, test } from 'vitest'

import { byEmail, raw, withFake, writeContact } from '../raw.ts'

const ada = 'ada@example.com'

test('contact-create-409: a new contact is 201; a taken identifier is 409 and changes nothing', () =>
  withFake({}, async (fake) => {
    const created = await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email: ada }, dataFields: { FIRSTNAME: 'Ada' } })
    expect([created.status, created.json['identifiers'], created.json['dataFields']]).toEqual([201, { email: ada }, { FIRSTNAME: 'Ada' }])
    const again = await writeContact(fake, 'POST', '/contacts/v3', {
      identifiers: { email: 'ADA@example.com' },
      dataFields: { FIRSTNAME: 'Eve' },
    })
    expect([again.status, again.error]).toEqual([409, 'contacts:idAlreadyExists'])
    expect(fake.account.contacts().map(({ dataFields }) => dataFields)).toEqual([{ FIRSTNAME: 'Ada' }])
  }))

test('contact-patch-upserts: 201 and then 200 for the same contact, found by any of its identifiers', () =>
  withFake({ customIdentifiers: ['customerId'] }, async (fake) => {
    const created = await writeContact(fake, 'PATCH', byEmail(ada), { identifiers: { mobileNumber: '+447123123123', customerId: 'c-1' } })
    const id = created.json['contactId']
    const updates = [
      await writeContact(fake, 'PATCH', byEmail('Ada@Example.com'), { dataFields: { FIRSTNAME: 'Ada' } }),
      await writeContact(fake, 'PATCH', '/contacts/v3/mobileNumber/447123123123', { dataFields: { LASTNAME: 'Lovelace' } }),
      await writeContact(fake, 'PATCH', '/contacts/v3/customerId/c-1', { identifiers: { email: 'ada@work.example' } }),
      await writeContact(fake, 'PATCH', `/contacts/v3/contactId/${String(id)}`, {
        matchIdentifier: 'contactId',
        dataFields: { POSTCODE: 'N1' },
      }),
    ]
    expect(created.status).toBe(201)
    expect(updates.map(({ status, json }) => [status, json['contactId']])).toEqual(updates.map(() => [200, id]))
    expect(fake.account.contactOf('ada@work.example')).toMatchObject({
      dataFields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace', POSTCODE: 'N1' },
    })
    expect(fake.account.contactOf(ada)).toBeUndefined()
  }))

test('contact-match-identifier: a single write names what it is matched by, as a row of an import does', () =>
  withFake({}, async (fake) => {
    const body = { identifiers: { email: ada } }
    const paths = [
      ['POST', '/contacts/v3'],
      ['PATCH', byEmail(ada)],
    ] as const
    for (const [method, path] of paths)
      for (const matchIdentifier of [undefined, null, 7, 'customerId', ''])
        expect([method, matchIdentifier, (await raw(fake, method, path, { ...body, matchIdentifier })).status]).toEqual([
          method,
          matchIdentifier,
          400,
        ])
    expect(fake.account.contacts()).toEqual([])
    fake.account.addContact(body)
    expect((await raw(fake, 'PUT', byEmail(ada), body)).status).toBe(400)
    expect((await raw(fake, 'PUT', byEmail(ada), { ...body, matchIdentifier: 'email' })).status).toBe(200)
  }))

test('contact-put-replaces: what is not named is gone, and an absent contact is 404', () =>
  withFake({ preferences: [1] }, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.addContact({
      identifiers: { email: ada, mobileNumber: '447123123123' },
      dataFields: { FIRSTNAME: 'Ada' },
      lists: [list],
      preferences: [{ id: 1, isOptedIn: true }],
    })
    const reply = await writeContact(fake, 'PUT', byEmail(ada), { identifiers: { email: ada }, dataFields: { LASTNAME: 'L' } })
    expect(reply.json).toMatchObject({ identifiers: { email: ada }, dataFields: { LASTNAME: 'L' }, lists: [], preferences: [] })
    expect(fake.account.members(list)).toEqual([])
    expect((await raw(fake, 'GET', '/contacts/v3/mobileNumber/447123123123')).status).toBe(404)
    expect((await writeContact(fake, 'PUT', byEmail('bob@example.com'), { identifiers: { email: 'bob@example.com' } })).status).toBe(404)
  }))

test('contact-delete: 200 with the id, then 404, and the identifiers are free again', () =>
  withFake({}, async (fake) => {
    const id = fake.account.addContact({ identifiers: { email: ada } })
    const reply = await raw(fake, 'DELETE', byEmail(ada))
    expect([reply.status, reply.body]).toEqual([200, { contactId: id }])
    expect((await raw(fake, 'DELETE', byEmail(ada))).status).toBe(404)
    expect((await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email: ada } })).json['contactId']).toBeGreaterThan(id)
  }))

test('contact-delete-leaves-insight: insight data of a deleted contact stays and can only be seen by collection, unless the option says otherwise', async () => {
  for (const deleteCascades of [false, true]) {
    await withFake({ deleteCascades }, async (fake) => {
      const id = fake.account.addContact({ identifiers: { email: ada } })
      await raw(fake, 'POST', '/insightData/v3/collections/Orders?collectionScope=contact&collectionType=orders')
      await raw(fake, 'PUT', `/insightData/v3/contacts/email/${ada}/Orders/1`, { total: 1 })
      await raw(fake, 'DELETE', byEmail(ada))
      expect(fake.account.records('Orders').map(({ owner }) => owner)).toEqual(deleteCascades ? [] : [id])
      const page = await raw(fake, 'GET', '/insightData/v3/contacts/Orders')
      expect(page.json['_items']).toEqual(deleteCascades ? [] : [expect.objectContaining({ key: '1', ownerContactId: id })])
      expect((await raw(fake, 'DELETE', `/insightData/v3/contacts/email/${ada}/Orders/1`)).status).toBe(404)
    })
  }
})

test('contact-not-found: the identifier and its value are named', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'GET', byEmail(ada))
    expect([reply.status, reply.body]).toEqual([
      404,
      {
        errorCode: 'contacts:contactNotFound',
        description: 'The following contacts could not be found',
        details: [{ item: ada, description: "Not found using the identifier 'email'" }],
      },
    ])
  }))

test('path-identifier: an identifier that is unknown or malformed is a 400', () =>
  withFake({}, async (fake) => {
    for (const path of ['email/ada', 'email/a@b', 'mobileNumber/0123', 'contactId/ada', 'contactId/0', 'customerId/c-1']) {
      const reply = await raw(fake, 'PATCH', `/contacts/v3/${path}`, {})
      expect([path, reply.status, reply.error]).toEqual([path, 400, expect.stringMatching(/^contacts:invalidId/)])
    }
  }))

test('path-plus-is-space: an address with a plus must be encoded', () =>
  withFake({}, async (fake) => {
    expect((await writeContact(fake, 'PATCH', '/contacts/v3/email/ada+shop@example.com', {})).status).toBe(400)
    expect((await writeContact(fake, 'PATCH', byEmail('ada+shop@example.com'), {})).status).toBe(201)
    expect(fake.account.contactOf('ada+shop@example.com')).toBeDefined()
  }))

test('contact-identifiers: e-mails and mobile numbers must be valid', () =>
  withFake({}, async (fake) => {
    const refused = ['bob@', 'a b@example.com', 'bob@emailsim@io.com', 'bob@localhost', '.bob@example.com', 7]
    for (const email of refused) {
      const reply = await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email } })
      expect([email, reply.status, reply.error]).toEqual([email, 400, 'contacts:invalidId'])
    }
    for (const mobileNumber of ['0712', '+0123456789', '+4471 23123123', '+1234567890123456', 447123123123])
      expect([mobileNumber, (await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { mobileNumber } })).status]).toEqual([
        mobileNumber,
        400,
      ])
    expect(
      (await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email: "o'hara!#$%&*=?^_`{|}~-@sub.example.com" } })).status,
    ).toBe(201)
  }))

test('contact-custom-identifier: only identifiers the account has', () =>
  withFake({ customIdentifiers: ['customerId'] }, async (fake) => {
    const write = (name: string): object => ({ identifiers: { email: ada, [name]: 'c-1' } })
    expect((await writeContact(fake, 'POST', '/contacts/v3', write('shopId'))).error).toBe('contacts:invalidIdentifier')
    expect((await writeContact(fake, 'POST', '/contacts/v3', write('customerId'))).status).toBe(201)
    expect((await raw(fake, 'GET', '/contacts/v3/customerId/c-1')).json['identifiers']).toEqual({ email: ada, customerId: 'c-1' })
  }))

test('contact-needs-identifier: nobody is created or left without one', () =>
  withFake({}, async (fake) => {
    expect((await writeContact(fake, 'POST', '/contacts/v3', { dataFields: {} })).error).toBe('contacts:noIdentifiers')
    fake.account.addContact({ identifiers: { email: ada } })
    expect((await writeContact(fake, 'PUT', byEmail(ada), { dataFields: {} })).error).toBe('contacts:noIdentifiers')
    expect(fake.account.contactOf(ada)).toBeDefined()
  }))

test('contact-id-immutable: the vendor gives ids', () =>
  withFake({}, async (fake) => {
    const id = fake.account.addContact({ identifiers: { email: ada } })
    const write = (contactId: number): object => ({ identifiers: { contactId } })
    expect((await writeContact(fake, 'PATCH', byEmail(ada), write(id + 1))).status).toBe(400)
    expect((await writeContact(fake, 'PATCH', byEmail(ada), write(id))).status).toBe(200)
    expect((await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email: 'bob@example.com', contactId: 5 } })).status).toBe(400)
    expect(
      (await writeContact(fake, 'PATCH', `/contacts/v3/contactId/${id + 1}`, { identifiers: { email: 'bob@example.com' } })).status,
    ).toBe(400)
    expect(fake.account.contacts()).toHaveLength(1)
  }))

test('identifier-taken: an identifier of another contact is 409 and neither changes', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: ada } })
    fake.account.addContact({ identifiers: { email: 'bob@example.com', mobileNumber: '447123123123' } })
    const before = structuredClone(fake.account.contacts())
    const mobile = { identifiers: { mobileNumber: '+447123123123' }, dataFields: { FIRSTNAME: 'x' } }
    for (const [method, path, body] of [
      ['PATCH', byEmail(ada), mobile],
      ['PUT', byEmail(ada), mobile],
      ['PATCH', byEmail('eve@example.com'), { identifiers: { email: 'BOB@example.com' } }],
      ['POST', '/contacts/v3', mobile],
    ] as const)
      expect([method, (await writeContact(fake, method, path, body)).status]).toEqual([method, 409])
    expect(fake.account.contacts()).toEqual(before)
  }))

test('identifiers-fold: e-mails come back in lower case, mobile numbers without their plus', () =>
  withFake({}, async (fake) => {
    const reply = await writeContact(fake, 'POST', '/contacts/v3', {
      identifiers: { email: 'Ada.L@Example.COM', mobileNumber: '+447123123123' },
    })
    expect(reply.json['identifiers']).toEqual({ email: 'ada.l@example.com', mobileNumber: '447123123123' })
  }))

test('contact-barred: an address that is barred everywhere or by its domain cannot be written', () =>
  withFake({}, async (fake) => {
    fake.account.suppressGlobally('Ada@example.com')
    fake.account.suppressDomain('blocked.example')
    expect((await writeContact(fake, 'PATCH', byEmail(ada), {})).error).toBe('contacts:globallySuppressed')
    expect((await writeContact(fake, 'POST', '/contacts/v3', { identifiers: { email: 'x@blocked.example' } })).error).toBe(
      'contacts:suppressedByDomain',
    )
    expect(fake.account.contacts()).toEqual([])
  }))

test('data-field-must-exist: a field is known in any case, an unknown one refuses the whole write', () =>
  withFake({}, async (fake) => {
    const refused = await writeContact(fake, 'PATCH', byEmail(ada), { dataFields: { FIRSTNAME: 'Ada', SHOE_SIZE: 38 } })
    expect([refused.status, fake.account.contacts()]).toEqual([400, []])
    expect(fake.requests[0]?.rule).toBe('data-field-must-exist')
    fake.account.addDataField('SHOE_SIZE', 'Numeric')
    const reply = await writeContact(fake, 'PATCH', byEmail(ada), { dataFields: { firstName: 'Ada', shoe_size: 38 } })
    expect(reply.json['dataFields']).toEqual({ FIRSTNAME: 'Ada', SHOE_SIZE: 38 })
    expect((await raw(fake, 'PATCH', byEmail(ada), '{"matchIdentifier":"email","dataFields":{"__proto__":"x"}}')).status).toBe(400)
  }))

test('data-field-type: no value is converted', () =>
  withFake({}, async (fake) => {
    for (const type of ['String', 'Numeric', 'Date', 'Boolean'] as const) fake.account.addDataField(`A_${type}`, type)
    const write = async (name: string, value: unknown): Promise<number> =>
      (await writeContact(fake, 'PATCH', byEmail(ada), { dataFields: { [name]: value } })).status
    for (const [name, value] of [
      ['A_STRING', 'x'],
      ['A_NUMERIC', 1.5],
      ['A_DATE', '2024-02-29'],
      ['A_DATE', '2026-11-21T10:00:00.000Z'],
      ['A_BOOLEAN', false],
    ] as const)
      expect([name, await write(name, value)]).toEqual([name, expect.toBeOneOf([200, 201])])
    for (const [name, value] of [
      ['A_STRING', 5],
      ['A_STRING', ['x']],
      ['A_NUMERIC', '1.5'],
      ['A_DATE', '2025-02-29'],
      ['A_DATE', '21/11/2026'],
      ['A_DATE', 1_700_000_000],
      ['A_BOOLEAN', 'true'],
    ] as const)
      expect([name, value, await write(name, value)]).toEqual([name, value, 400])
  }))

test('data-field-null-clears: null takes a value away in an import', () =>
  withFake({ importMs: 0 }, async (fake) => {
    fake.account.addContact({ identifiers: { email: ada }, dataFields: { FIRSTNAME: 'Ada', LASTNAME: 'L' } })
    const row = { matchIdentifier: 'email', identifiers: { email: ada }, dataFields: { LASTNAME: null } }
    expect((await raw(fake, 'PUT', '/contacts/v3/import', { contacts: [row] })).status).toBe(202)
    expect(fake.account.contactOf(ada)?.dataFields).toEqual({ FIRSTNAME: 'Ada' })
  }))

test('data-field-null-single: null leaves a value where it is in a single write', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: ada }, dataFields: { FIRSTNAME: 'Ada', LASTNAME: 'L' } })
    const reply = await writeContact(fake, 'PATCH', byEmail(ada), { dataFields: { LASTNAME: null } })
    expect(reply.json['dataFields']).toEqual({ FIRSTNAME: 'Ada', LASTNAME: 'L' })
  }))

test('merge-option: overwrite, only values that are there, only fields that are empty', () =>
  withFake({}, async (fake) => {
    const before = { FIRSTNAME: 'Ada', LASTNAME: '', GENDER: 'f' }
    const write = { FIRSTNAME: 'Eve', LASTNAME: 'L', GENDER: '', POSTCODE: 'N1' }
    for (const [option, expected] of [
      ['overwrite', write],
      ['overwrite-if-not-empty', { ...write, GENDER: 'f' }],
      ['overwrite-if-empty', { FIRSTNAME: 'Ada', LASTNAME: 'L', GENDER: 'f', POSTCODE: 'N1' }],
    ] as const) {
      const email = `${option}@example.com`
      fake.account.addContact({ identifiers: { email }, dataFields: before })
      const reply = await writeContact(fake, 'PATCH', `${byEmail(email)}?merge-option=${option}`, { dataFields: write })
      expect([option, reply.json['dataFields']]).toEqual([option, expected])
    }
  }))

test('merge-option-spelling: the single write and the import do not understand each other', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'PATCH', `${byEmail(ada)}?merge-option=overwriteIfEmpty`, {})).error).toBe('contacts:invalidMergeOption')
    const rows = { contacts: [{ matchIdentifier: 'email', identifiers: { email: ada } }] }
    expect((await raw(fake, 'PUT', '/contacts/v3/import', { ...rows, mergeOption: 'overwrite-if-empty' })).status).toBe(400)
    expect((await raw(fake, 'PUT', '/contacts/v3/import', { ...rows, mergeOption: 'overwriteIfEmpty' })).status).toBe(202)
  }))

test('lists-only-add: a write never takes a contact from a list', () =>
  withFake({}, async (fake) => {
    const [news, vip] = [fake.account.addList('News'), fake.account.addList('VIP')]
    await writeContact(fake, 'PATCH', byEmail(ada), { lists: [news] })
    const reply = await writeContact(fake, 'PATCH', byEmail(ada), { lists: [vip] })
    expect(reply.json['lists']).toMatchObject([
      { id: news, name: 'News' },
      { id: vip, name: 'VIP' },
    ])
    expect([fake.account.members(news), fake.account.members(vip)]).toEqual([[ada], [ada]])
  }))

test('lists-must-exist: unknown lists, none and more than 100 are refused', () =>
  withFake({}, async (fake) => {
    const list = fake.account.addList('News')
    for (const lists of [[], [list, 1], [String(list)], Array.from({ length: 101 }, () => list), list]) {
      const reply = await writeContact(fake, 'PATCH', byEmail(ada), { lists })
      expect([reply.status, reply.error]).toEqual([400, 'contacts:invalidListId'])
    }
  }))

test('preferences-must-exist: only preferences the account has', () =>
  withFake({ preferences: [3] }, async (fake) => {
    expect((await writeContact(fake, 'PATCH', byEmail(ada), { preferences: [{ id: 4, isOptedIn: true }] })).status).toBe(400)
    expect((await writeContact(fake, 'PATCH', byEmail(ada), { preferences: [{ id: 3 }] })).status).toBe(400)
    const reply = await writeContact(fake, 'PATCH', byEmail(ada), { preferences: [{ id: 3, isOptedIn: true }] })
    expect(reply.json['preferences']).toMatchObject([{ id: 3, isOptedIn: true }])
  }))
