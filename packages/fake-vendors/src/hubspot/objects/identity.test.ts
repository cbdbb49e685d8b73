import { expect, test } from 'vitest'

import { objects, raw, upserts, withFake } from '../raw.ts'

const key = { name: 'mr_id', hasUniqueValue: true }

test('email-lower-cased: addresses are kept and answered in lower case', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'POST', objects('contacts', '/batch/create'), {
      inputs: [{ properties: { email: ' Ada.L@Example.COM ' } }],
    })
    expect(reply.results[0]?.['properties']).toMatchObject({ email: 'ada.l@example.com' })
  }))

test('contact-needs-identity: a contact needs an e-mail or a name', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { city: 'Ulm' } })).status).toBe(400)
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { email: '', city: 'Ulm' } })).status).toBe(400)
    expect((await raw(fake, 'POST', objects('contacts', '/batch/upsert'), upserts('mr_id', { a: { city: 'Ulm' } }, false))).status).toBe(
      400,
    )
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { lastname: 'Lovelace' } })).status).toBe(201)
  }))

test('lifecycle-forward-only: going back changes nothing and says nothing; blank first, then it works', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com', lifecyclestage: 'customer' })
    const set = (lifecyclestage: string): ReturnType<typeof raw> =>
      raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { lifecyclestage } })
    expect([(await set('lead')).status, fake.portal.value('contacts', id, 'lifecyclestage')]).toEqual([200, 'customer'])
    await set('evangelist')
    expect(fake.portal.value('contacts', id, 'lifecyclestage')).toBe('evangelist')
    await set('')
    await set('lead')
    expect(fake.portal.value('contacts', id, 'lifecyclestage')).toBe('lead')
  }))

test('additional-emails-unique: an additional address conflicts like a primary one and cannot be written', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' }, ['ada@work.example.org', 'al@example.org'])
    const reply = await raw(fake, 'POST', objects('contacts'), { properties: { email: 'AL@example.org' } })
    expect([reply.status, reply.message]).toEqual([409, `Contact already exists. Existing ID: ${id}`])
    const write = await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { hs_additional_emails: 'x@example.com' } })
    expect(write.errors).toMatchObject([{ code: 'READ_ONLY_VALUE' }])
    expect(() => fake.portal.create('contacts', { email: 'bob@example.com' }, ['ada@example.com'])).toThrow(/already belongs/)
    expect(fake.portal.value('contacts', id, 'hs_additional_emails')).toBe('ada@work.example.org;al@example.org')
  }))

test('additional-email-upsert: whether an upsert or read by e-mail finds an additional address depends on the portal', async () => {
  for (const [additionalEmails, statuses] of [
    ['conflict', [409, 207]],
    ['match', [200, 200]],
  ] as const) {
    await withFake({ additionalEmails }, async (fake) => {
      fake.portal.create('contacts', { email: 'ada@example.com' }, ['al@example.org'])
      const upsert = await raw(
        fake,
        'POST',
        objects('contacts', '/batch/upsert'),
        upserts('email', { 'al@example.org': { firstname: 'Ada' } }, false),
      )
      const read = await raw(fake, 'POST', objects('contacts', '/batch/read'), { idProperty: 'email', inputs: [{ id: 'al@example.org' }] })
      expect([upsert.status, read.status]).toEqual(statuses)
      expect(fake.portal.count('contacts')).toBe(1)
    })
  }
})

test('email-change-to-additional: changing to the additional address of another contact gives 400 or 409, never success', async () => {
  const seen = new Set<number>()
  await withFake({}, async (fake) => {
    fake.portal.create('contacts', { email: 'ada@example.com' }, ['al@example.org'])
    const id = fake.portal.create('contacts', { email: 'bob@example.com' })
    for (let attempt = 0; attempt < 20; attempt += 1)
      seen.add((await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { email: 'al@example.org' } })).status)
    expect(fake.portal.value('contacts', id, 'email')).toBe('bob@example.com')
  })
  expect(seen).toEqual(new Set([400, 409]))
})

test('email-swaps-with-own-additional: an address is never primary and additional at once', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' }, ['al@example.org', 'a3@example.org'])
    expect((await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { email: 'AL@example.org' } })).status).toBe(200)
    expect(fake.portal.get('contacts', id)?.properties).toEqual({
      email: 'al@example.org',
      hs_additional_emails: 'a3@example.org;ada@example.com',
    })
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { email: 'ada@example.com' } })).status).toBe(409)
  }))

test('merge-new-id: the result has a new id, the values of the primary, and every address and id of both', () =>
  withFake({}, async (fake) => {
    const a = fake.portal.create('contacts', { email: 'a@example.com', city: 'Ulm' })
    const b = fake.portal.create('contacts', { email: 'b@example.com', city: 'Bonn', phone: '1' }, ['b2@example.com'])
    const deal = fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' })
    fake.portal.associate('deals', deal, 'contacts', b)
    const reply = await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })
    const merged = fake.portal.contactOf('b2@example.com')
    expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ id: merged?.id })])
    expect([a, b]).not.toContain(merged?.id)
    expect(merged?.properties).toEqual({
      email: 'a@example.com',
      city: 'Ulm',
      phone: '1',
      hs_additional_emails: 'b@example.com;b2@example.com',
      hs_merged_object_ids: `${a};${b}`,
    })
    expect([fake.portal.count('contacts'), fake.portal.associated('deals', deal, 'contacts')]).toEqual([1, [merged?.id]])
  }))

test('merge-redirects: old ids go on working, through several merges, for reads, writes and associations', () =>
  withFake({}, async (fake) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => fake.portal.create('contacts', { email: `${name}@example.com` }))
    await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })
    await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: c, objectIdToMerge: a })
    const id = fake.portal.contactOf('a@example.com')?.id
    expect((await raw(fake, 'GET', objects('contacts', `/${b}`))).body).toMatchObject({ id })
    expect((await raw(fake, 'PATCH', objects('contacts', `/${a}`), { properties: { city: 'Ulm' } })).body).toMatchObject({ id })
    const read = await raw(fake, 'POST', objects('contacts', '/batch/read'), { inputs: [{ id: a }, { id: c }] })
    expect(read.results.map((result) => result['id'])).toEqual([id])
    const deal = fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' })
    await raw(fake, 'POST', '/crm/associations/2026-03/deals/contacts/batch/associate/default', {
      inputs: [{ from: { id: deal }, to: { id: b } }],
    })
    expect(fake.portal.associated('deals', deal, 'contacts')).toEqual([id])
  }))

test('merge-keeps-primary-id: in portals with the preservation beta the primary keeps its id', () =>
  withFake({ mergeKeepsPrimaryId: true }, async (fake) => {
    const [a, b] = ['a', 'b'].map((name) => fake.portal.create('contacts', { email: `${name}@example.com` }))
    expect((await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })).body).toMatchObject({
      id: a,
    })
    expect((await raw(fake, 'GET', objects('contacts', `/${b}`))).body).toMatchObject({ id: a })
  }))

test('merge-identities-250: a merge that would join more than 250 identities is refused', () =>
  withFake({}, async (fake) => {
    const emails = Array.from({ length: 250 }, (_, index) => `a${index}@example.com`)
    const a = fake.portal.create('contacts', { email: 'a@example.com' }, emails)
    const b = fake.portal.create('contacts', { email: 'b@example.com' })
    expect((await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })).status).toBe(414)
    expect(fake.portal.count('contacts')).toBe(2)
  }))

test('archive-recycle-bin: an archived record is gone for reads, its values are free, and the bin still shows it', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const deal = fake.portal.create('deals', { dealname: 'D', dealstage: 'closedwon' })
    fake.portal.associate('deals', deal, 'contacts', id)
    expect((await raw(fake, 'DELETE', objects('contacts', `/${id}`))).status).toBe(204)
    expect((await raw(fake, 'DELETE', objects('contacts', `/${id}`))).status).toBe(204)
    expect((await raw(fake, 'GET', objects('contacts', `/${id}`))).status).toBe(404)
    expect((await raw(fake, 'GET', objects('contacts', `/${id}?archived=true`))).body).toMatchObject({ id, archived: true })
    expect(fake.portal.associated('deals', deal, 'contacts')).toEqual([])
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { email: 'ada@example.com' } })).status).toBe(201)
  }))

test('erase-permanent: an erased contact is neither there nor in the bin', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const byEmail = fake.portal.create('contacts', { email: 'bob@example.com' })
    expect((await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: id })).status).toBe(204)
    expect(
      (await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: 'BOB@example.com', idProperty: 'email' })).status,
    ).toBe(204)
    for (const gone of [id, byEmail]) expect((await raw(fake, 'GET', objects('contacts', `/${gone}?archived=true`))).status).toBe(404)
    expect([...fake.portal.blocklist]).toEqual([])
    expect((await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: id })).status).toBe(404)
    expect((await raw(fake, 'POST', objects('companies', '/gdpr-delete'), { objectId: id })).status).toBe(404)
  }))

test('erase-unknown-email-blocklists: erasing by an address nobody has blocks it for ever', () =>
  withFake({}, async (fake) => {
    expect(
      (await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: 'Ghost@example.com', idProperty: 'email' })).status,
    ).toBe(204)
    expect([...fake.portal.blocklist]).toEqual(['ghost@example.com'])
    expect((await raw(fake, 'POST', objects('contacts'), { properties: { email: 'ghost@example.com' } })).status).toBe(400)
  }))

test('erase-keeps-associated: deals of an erased contact keep their content and lose the link', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    const deal = fake.portal.create('deals', { dealname: 'Order of Ada', dealstage: 'closedwon' })
    fake.portal.associate('deals', deal, 'contacts', id)
    await raw(fake, 'POST', objects('contacts', '/gdpr-delete'), { objectId: id })
    expect([fake.portal.value('deals', deal, 'dealname'), fake.portal.associated('deals', deal, 'contacts')]).toEqual(['Order of Ada', []])
  }))
