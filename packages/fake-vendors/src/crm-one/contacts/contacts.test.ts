import { expect, test } from 'vitest'

import { consent, contactPath, raw, shop, withFake } from '../raw.test-helper.ts'

test('contact-upsert: the first write of an identity creates, the next ones change the same contact', () =>
  withFake({}, async (fake) => {
    const first = await raw(fake, 'PUT', contactPath('1/ä'), { sourceVersion: 1, emails: [{ value: 'ada@example.com', primary: true }] })
    expect([first.status, first.body['version'], first.headers.get('etag')]).toEqual([201, 1, '"1"'])
    const second = await raw(fake, 'PUT', contactPath('1/ä'), { sourceVersion: 2, name: { given: 'Ada' } })
    expect([second.status, second.body['id'], second.body['version']]).toEqual([200, first.body['id'], 2])
    expect(fake.crm.contacts()).toEqual([
      expect.objectContaining({
        externalIds: [{ source: shop, id: '1/ä' }],
        name: { given: 'Ada' },
        emails: [{ value: 'ada@example.com', primary: true }],
      }),
    ])
  }))

test('contact-read: a contact is read by any identity, with its ETag', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), {
      sourceVersion: 1,
      externalIds: [{ source: 'magento:eu', id: '77' }],
      name: { given: 'Ada' },
    })
    const reply = await raw(fake, 'GET', contactPath('77', 'magento:eu'))
    expect([reply.status, reply.headers.get('etag'), reply.body['name']]).toEqual([200, '"1"', { given: 'Ada' }])
    expect((await raw(fake, 'GET', contactPath('2'))).code).toBe('not_found')
  }))

test('contact-by-id: a contact is read by the id of the CRM', () =>
  withFake({}, async (fake) => {
    const id = fake.crm.create({ name: { given: 'Ada' } })
    expect((await raw(fake, 'GET', `/contacts/${id}`)).body).toMatchObject({ id, externalIds: [] })
    expect((await raw(fake, 'GET', '/contacts/con_99999999')).status).toBe(404)
  }))

test('contact-keep-and-clear: what is absent stays, null clears, lists are replaced, members of records are merged', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), {
      sourceVersion: 1,
      name: { given: 'Ada', family: 'Lovelace' },
      emails: [{ value: 'ada@example.com' }, { value: 'ada@work.example.com' }],
      phones: [{ value: '+4915112345678' }],
      locale: 'de-DE',
      stores: ['eu'],
      segments: { store: 'eu', groups: ['a', 'b'] },
      attributes: { company: 'Engines', orderCount: 3 },
    })
    await raw(fake, 'PUT', contactPath('1'), {
      sourceVersion: 2,
      name: { family: null },
      emails: [{ value: 'ada@example.com' }],
      phones: null,
      locale: null,
      segments: { groups: null },
      attributes: { company: null, totalSpent: '19.99' },
    })
    expect(fake.crm.contact(`${shop}/1`)).toMatchObject({
      name: { given: 'Ada' },
      emails: [{ value: 'ada@example.com' }],
      phones: [],
      locale: null,
      stores: ['eu'],
      segments: { store: 'eu' },
      attributes: { orderCount: 3, totalSpent: '19.99' },
    })
    expect(fake.crm.contactOf('ADA@work.example.com')).toBeUndefined()
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 3, name: null, segments: null, attributes: null, emails: null, stores: null })
    expect(fake.crm.contact(`${shop}/1`)).toMatchObject({ name: {}, emails: [], stores: [], segments: {}, attributes: {} })
  }))

test('contact-crm-owned: fields of the CRM are kept and named in ignored, by schema and by contact', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, emails: [{ value: 'ada@example.com' }], name: { given: 'Ada' } })
    fake.crm.edit(`${shop}/1`, { attributes: { salesOwner: 'Grace' }, emails: [{ value: 'ada@crm.example.com' }] })
    fake.crm.own(`${shop}/1`, '/emails')
    const body = {
      sourceVersion: 2,
      emails: [{ value: 'x@example.com' }],
      name: { given: 'A.' },
      attributes: { salesOwner: 'Bob', company: 'Engines' },
    }
    const reply = await raw(fake, 'PUT', contactPath('1'), body)
    expect([reply.status, reply.body['ignored']]).toEqual([200, ['/emails', '/attributes/salesOwner']])
    expect(fake.crm.contact(`${shop}/1`)).toMatchObject({
      emails: [{ value: 'ada@crm.example.com' }],
      name: { given: 'A.' },
      attributes: { salesOwner: 'Grace', company: 'Engines' },
    })
    expect(fake.crm.contactOf('x@example.com')).toBeUndefined()
  }))

test('contact-meta: version, time of the last change and owner of every field', () =>
  withFake({ now: () => 1_767_225_600_000 }, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, name: { given: 'Ada' }, attributes: { company: 'Engines' } })
    const reply = await raw(fake, 'GET', contactPath('1'))
    expect(reply.body['meta']).toEqual({
      version: 1,
      created: '2026-01-01T00:00:00.000Z',
      lastModified: '2026-01-01T00:00:00.000Z',
      owner: { '/name/given': 'source', '/attributes/company': 'source', '/attributes/salesOwner': 'crm' },
    })
  }))

test('text-one-line: a control character is refused where the document says so, and taken where it does not', () =>
  withFake({}, async (fake) => {
    const consents = [consent('granted', '2026-01-01T00:00:00Z')]
    const refused = [
      [{ name: { given: 'A\nda' } }, '/name/given format'],
      [{ addresses: [{ locality: 'Ber\u0000lin' }] }, '/addresses/0/locality format'],
      [{ stores: ['ber\u0085lin'] }, '/stores/0 format'],
      [{ consents: consents.map((one) => ({ ...one, evidence: 'form\t7' })) }, '/consents/0/evidence format'],
    ] as const
    for (const [body, place] of refused)
      expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, ...body })).errors).toEqual([place])
    const street = { sourceVersion: 1, addresses: [{ streetAddress: 'Ring 1\nStiege 2' }] }
    expect((await raw(fake, 'PUT', contactPath('1'), street)).status).toBe(201)
  }))

test('contact-shapes: e-mails, E.164 phones, BCP 47 locales, one primary, no duplicates', () =>
  withFake({}, async (fake) => {
    const expected = [
      [{ emails: [{ value: 'not-an-email' }] }, '/emails/0/value format'],
      [{ emails: [{ value: 'a@example.com' }, { value: 'A@example.com' }] }, '/emails duplicate'],
      [
        {
          emails: [
            { value: 'a@example.com', primary: true },
            { value: 'b@example.com', primary: true },
          ],
        },
        '/emails several_primary',
      ],
      [{ phones: [{ value: '0151 12345678' }] }, '/phones/0/value format'],
      [{ phones: [{ value: '+49151123456789012' }] }, '/phones/0/value format'],
      [{ locale: 'de_DE' }, '/locale format'],
      [{ addresses: [{ country: 'Germany' }] }, '/addresses/0/country format'],
      [{ name: { given: 'x'.repeat(101) } }, '/name/given too_large'],
      [{ name: { given: '' } }, '/name/given too_small'],
      [{ name: { given: 'nul\u0000' } }, '/name/given format'],
      [{ segments: { store: 3 } }, '/segments/store type'],
      [
        { consents: [{ channel: 'fax', purpose: 'marketing', status: 'granted', at: '2026-01-01T00:00:00Z', source: 's' }] },
        '/consents/0/channel unknown_option',
      ],
      [{ meta: { version: 1 } }, '/meta unknown_field'],
      [{ id: 'con_1' }, '/id unknown_field'],
    ] as const
    for (const [body, error] of expected) {
      const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, ...body })
      expect([reply.status, reply.code, reply.errors]).toEqual([422, 'validation', [error]])
    }
    expect(fake.crm.contacts()).toEqual([])
  }))

test('contact-email-once: an address has one contact whatever its case; who else writes it learns whose it is', () =>
  withFake({}, async (fake) => {
    const id = fake.crm.create({ emails: [{ value: 'Ada@example.com' }] })
    const reply = await raw(fake, 'PUT', contactPath('1'), {
      sourceVersion: 1,
      emails: [{ value: 'new@example.com' }, { value: 'aDA@example.com' }],
    })
    expect([reply.status, reply.code, reply.errors, reply.body['candidates']]).toEqual([
      409,
      'identity_conflict',
      ['/emails/1/value held'],
      [id],
    ])
    expect((await raw(fake, 'POST', `/contacts/${id}/external-ids`, { source: shop, id: '1' })).status).toBe(201)
    expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, emails: [{ value: 'ada@EXAMPLE.com' }] })).status).toBe(200)
    expect(fake.crm.contacts()).toHaveLength(1)
  }))

test('source-version-never-backwards: older is stale and changes nothing, equal may come again, each identity counts for itself', () =>
  withFake({}, async (fake) => {
    const write = async (id: string, sourceVersion: number, given: string): Promise<number> =>
      (await raw(fake, 'PUT', contactPath(id), { sourceVersion, name: { given } })).status
    expect(await write('1', 5, 'five')).toBe(201)
    const stale = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 4, name: { given: 'four' } })
    expect([stale.status, stale.code, stale.errors]).toEqual([409, 'stale', ['/sourceVersion older']])
    expect(await write('1', 5, 'five again')).toBe(200)
    expect(await write('2', 1, 'other')).toBe(201)
    expect(fake.crm.contact(`${shop}/1`)?.name).toEqual({ given: 'five again' })
    for (const sourceVersion of [undefined, null, '5', 1.5, -1]) {
      expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion })).code).toBe('validation')
    }
  }))

test('attribute-unknown: attributes the schema lacks are refused by name', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, attributes: { nope: 1, 'a/b': null, company: 'x' } })
    expect([reply.status, reply.code, reply.errors]).toEqual([
      422,
      'unknown_attribute',
      ['/attributes/nope unknown', '/attributes/a~1b unknown'],
    ])
  }))

test('attribute-typed: values have the type and length of the schema', () =>
  withFake({}, async (fake) => {
    const bad = {
      customerNumber: 'x'.repeat(65),
      dateOfBirth: '2026-02-30',
      firstOrderAt: '2026-01-01',
      orderCount: '3',
      totalSpent: 19.99,
      isGuest: 'true',
      lastSkus: 'a,b',
      commerceStage: 'vip',
    }
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, attributes: bad })
    expect([reply.code, reply.errors]).toEqual([
      'validation',
      [
        '/attributes/customerNumber too_large',
        '/attributes/dateOfBirth format',
        '/attributes/firstOrderAt format',
        '/attributes/orderCount type',
        '/attributes/totalSpent format',
        '/attributes/isGuest type',
        '/attributes/lastSkus type',
        '/attributes/commerceStage unknown_option',
      ],
    ])
    const good = {
      dateOfBirth: '2024-02-29',
      firstOrderAt: '2026-01-01T00:00:00+02:00',
      orderCount: 3,
      totalSpent: '0.00000000000000000001',
      isGuest: false,
    }
    expect(
      (await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, attributes: { ...good, lastSkus: ['a'], commerceStage: 'repeat' } }))
        .status,
    ).toBe(201)
  }))

test('attribute-required: a new contact needs what the schema requires, an existing one does not', () => {
  const contact = [{ name: 'region', type: 'string', required: true }] as const
  return withFake({ schema: { attributes: { contact, order: [], deal: [] } } }, async (fake) => {
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1 })
    expect([reply.code, reply.errors]).toEqual(['validation', ['/attributes/region required']])
    expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, attributes: { region: 'eu' } })).status).toBe(201)
    expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2 })).status).toBe(200)
  })
})

test('an address that is ignored is no conflict', () =>
  withFake({}, async (fake) => {
    fake.crm.create({ emails: [{ value: 'ada@example.com' }] })
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1 })
    fake.crm.own(`${shop}/1`, '/emails')
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2, emails: [{ value: 'ada@example.com' }] })
    expect([reply.status, reply.body['ignored']]).toEqual([200, ['/emails']])
    fake.crm.own(`${shop}/1`, '/emails', false)
    expect((await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2, emails: [{ value: 'ada@example.com' }] })).status).toBe(409)
  }))

test('what the state hands out is a copy', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, name: { given: 'Ada' } })
    Object.assign(fake.crm.contact(`${shop}/1`)?.name ?? {}, { given: 'Bob' })
    expect((await raw(fake, 'GET', contactPath('1'))).body['name']).toEqual({ given: 'Ada' })
  }))

test('a hostile member name is stored as data and pollutes nothing', () =>
  withFake({}, async (fake) => {
    const reserved = await raw(fake, 'PUT', contactPath('1'), '{"sourceVersion":1,"attributes":{"__proto__":1}}')
    expect([reserved.status, reserved.errors]).toEqual([422, ['/attributes/__proto__ reserved']])
    expect((await raw(fake, 'PUT', contactPath('1'), '{"sourceVersion":1,"segments":{"constructor":"x"}}')).status).toBe(201)
    expect(fake.crm.contact(`${shop}/1`)?.segments).toEqual({ constructor: 'x' })
    expect(Object.hasOwn(Object.prototype, 'sourceVersion')).toBe(false)
  }))
