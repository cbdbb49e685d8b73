import { afterEach, expect, test } from 'vitest'
import { closePortals, input, known, openPortal, people, person } from './test-support/portal.ts'

afterEach(closePortals)

test('a new person is created once, with all fields and our key', async () => {
  const { fake, deliver, calls } = await openPortal()
  const outcomes = await deliver(person('k1', { lastname: 'Doe', shop_order_count: 3, shop_historical: true }))
  const [contact] = fake.portal.all('contacts')
  expect(fake.portal.count('contacts')).toBe(1)
  expect(contact?.properties).toMatchObject({
    email: 'k1@example.com',
    lastname: 'Doe',
    shop_customer_key: 'k1',
    shop_order_count: '3',
    shop_historical: 'true',
  })
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: true, remoteId: contact?.id })
  expect(calls().filter((call) => call.startsWith('POST'))).toEqual(['POST contacts/batch/upsert'])
})

test('1,000 people take ten requests, whatever else is asked only once', async () => {
  const { fake, deliver, calls } = await openPortal()
  const outcomes = await deliver(...people(1_000))
  expect([...outcomes.values()].every((outcome) => outcome.result === 'delivered')).toBe(true)
  expect(fake.portal.count('contacts')).toBe(1_000)
  expect(calls().filter((call) => call.startsWith('POST'))).toEqual(Array.from({ length: 10 }, () => 'POST contacts/batch/upsert'))
  fake.resetRequests()
  await deliver(...people(1_000))
  expect(calls()).toHaveLength(10)
  expect(fake.portal.count('contacts')).toBe(1_000)
})

test('ten changed people take one request, which carries only what changed', async () => {
  const { fake, deliver } = await openPortal()
  const inputs = people(10)
  const before = await deliver(...inputs)
  fake.resetRequests()
  await deliver(...inputs.map((one) => known(one, before.get(one.unit), { lastname: 'New' })))
  expect(fake.requests).toHaveLength(1)
  const body: { inputs: { properties: object; objectWriteTraceId: string }[] } = JSON.parse(fake.requests[0]?.body ?? '')
  expect(body.inputs.map((row) => row.properties)).toEqual(Array.from({ length: 10 }, () => ({ lastname: 'New' })))
  expect(new Set(body.inputs.map((row) => row.objectWriteTraceId)).size).toBe(10)
})

test('an address that did not change is not sent, so one that people changed in HubSpot stays', async () => {
  const { fake, deliver } = await openPortal()
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.portal.update('contacts', outcome?.remoteId ?? '', { email: 'chosen@example.com' })
  await deliver(known(one, outcome, { firstname: 'Other' }))
  expect(fake.portal.get('contacts', outcome?.remoteId ?? '')?.properties).toMatchObject({
    email: 'chosen@example.com',
    firstname: 'Other',
  })
})

test('an attempt whose answer was lost is repeated whole and makes no second contact', async () => {
  const { fake, deliver } = await openPortal()
  await deliver(person('k1'))
  fake.portal.update('contacts', fake.portal.all('contacts')[0]?.id ?? '', { firstname: 'Gone' })
  const outcomes = await deliver(person('k1', {}, { uncertain: true }))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: false })
  expect(fake.portal.all('contacts').map((contact) => contact.properties['firstname'])).toEqual(['First k1'])
})

test('a blank that the contract erases clears the property', async () => {
  const { fake, deliver } = await openPortal()
  const one = person('k1', { shop_totals: 'EUR 5.00' })
  const outcome = (await deliver(one)).get(one.unit)
  await deliver(known(one, outcome, { shop_totals: null }))
  expect(fake.portal.all('contacts')[0]?.properties).not.toHaveProperty('shop_totals')
})

test('an adopted contact gets our key and keeps its own address and everything unmapped', async () => {
  const { fake, deliver, calls } = await openPortal()
  const remoteId = fake.portal.create('contacts', { email: 'main@example.com', jobtitle: 'Buyer', lifecyclestage: 'customer' }, [
    'k1@example.com',
  ])
  const outcomes = await deliver(person('k1', {}, { remoteId, cause: 'adoption' }))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: false, remoteId })
  expect(fake.portal.count('contacts')).toBe(1)
  expect(fake.portal.get('contacts', remoteId)?.properties).toMatchObject({
    email: 'main@example.com',
    jobtitle: 'Buyer',
    lifecyclestage: 'customer',
    shop_customer_key: 'k1',
    firstname: 'First k1',
  })
  expect(calls().filter((call) => call.startsWith('POST'))).toEqual(['POST contacts/batch/update'])
})

test('after the store was lost, a contact found by an additional address is linked again and keeps its own one', async () => {
  const { fake, deliver } = await openPortal()
  const remoteId = fake.portal.create('contacts', { email: 'main@example.com' }, ['k1@example.com'])
  await deliver(person('k1', {}, { remoteId, cause: 'adoption' }))
  const outcomes = await deliver(person('k1', { lastname: 'New' }, { remoteId, remoteKey: 'k1', cause: 'adoption' }))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: false })
  expect(fake.portal.get('contacts', remoteId)?.properties).toMatchObject({ email: 'main@example.com', lastname: 'New' })
})

test('a guest who registered keeps the contact, which takes the new key and the changed address', async () => {
  const { fake, deliver } = await openPortal()
  const guest = person('guest-1')
  const outcome = (await deliver(guest)).get(guest.unit)
  const remoteId = outcome?.remoteId ?? ''
  await deliver(person('account-1', { email: 'new@example.com' }, { remoteId, remoteKey: 'guest-1', changedFields: ['email'] }))
  expect(fake.portal.count('contacts')).toBe(1)
  expect(fake.portal.get('contacts', remoteId)?.properties).toMatchObject({ shop_customer_key: 'account-1', email: 'new@example.com' })
})

test.each([['conflict' as const], ['match' as const]])(
  'a person whose address HubSpot knows comes back as a conflict with the key the contact carries (%s)',
  async (additionalEmails) => {
    const { fake, deliver } = await openPortal({ fake: { additionalEmails } })
    const foreign = fake.portal.create('contacts', { email: 'K1@Example.com' })
    const additional = fake.portal.create('contacts', { email: 'other@example.com' }, ['k2@example.com'])
    await deliver(person('k9'))
    const ours = fake.portal.contactOf('k9@example.com')?.id
    fake.resetRequests()
    const outcomes = await deliver(person('k1'), person('k2'), person('k3', { email: 'K9@example.com ' }), person('k4'))
    expect(outcomes.get('contact:k1')).toMatchObject({ result: 'conflict', candidates: [{ remoteId: foreign, key: '' }] })
    expect(outcomes.get('contact:k2')).toMatchObject({ result: 'conflict', candidates: [{ remoteId: additional, key: '' }] })
    expect(outcomes.get('contact:k3')).toMatchObject({ result: 'conflict', candidates: [{ remoteId: ours, key: 'k9' }] })
    expect(outcomes.get('contact:k4')).toMatchObject({ result: 'delivered' })
    expect(fake.requests.filter((request) => request.path.endsWith('/batch/read'))).toHaveLength(1)
  },
)

test('an address changed to one that another contact has as an additional one is a conflict, whichever way HubSpot words it', async () => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const { fake, deliver } = await openPortal({ fake: { seed } })
    fake.portal.create('contacts', { email: 'other@example.com' }, ['taken@example.com'])
    const one = person('k1')
    const outcome = (await deliver(one)).get(one.unit)
    const after = (await deliver(known(one, outcome, { email: 'taken@example.com' }))).get(one.unit)
    expect(after?.result === 'conflict' || (after?.result === 'failed' && after.error.code === 'unique_value_taken')).toBe(true)
  }
})

test('a contact that was deleted in HubSpot is made again whole, though only one field changed', async () => {
  const { fake, deliver } = await openPortal()
  const one = person('k1', { lastname: 'Doe' })
  const outcome = (await deliver(one)).get(one.unit)
  for (const changed of [{ firstname: 'New' }, { shop_order_count: 7 }]) {
    const [contact] = fake.portal.all('contacts')
    fake.portal.archive('contacts', contact?.id ?? '')
    const after = (await deliver(known(one, outcome, changed))).get(one.unit)
    expect(after).toMatchObject({ result: 'delivered', created: true, remoteId: fake.portal.all('contacts')[0]?.id })
    expect(fake.portal.all('contacts').map(({ properties }) => [properties['email'], properties['lastname']])).toEqual([
      ['k1@example.com', 'Doe'],
    ])
  }
})

test('a contact that was merged into another one of ours makes no third one', async () => {
  const { fake, deliver, destination, ctx } = await openPortal()
  const [first, second] = [person('k1'), person('k2')]
  const before = await deliver(first, second)
  const merged = await fetch(`${fake.url}/crm/objects/2026-03/contacts/merge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fake.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ primaryObjectId: before.get(second.unit)?.remoteId, objectIdToMerge: before.get(first.unit)?.remoteId }),
  })
  expect(merged.status).toBe(200)
  const after = (await deliver(known(first, before.get(first.unit), { firstname: 'Later' }))).get(first.unit)
  expect(fake.portal.count('contacts')).toBe(1)
  const [contact] = fake.portal.all('contacts')
  expect(after).toMatchObject({ result: 'conflict', candidates: [{ remoteId: contact?.id, key: 'k2' }] })
  const found = await destination.find?.({ object: 'contact', by: 'email', values: ['k2@example.com'] }, ctx)
  expect(found).toMatchObject([{ remoteId: contact?.id, key: 'k2', value: 'k2@example.com' }])
})

test('a merged contact is followed to its new id', async () => {
  const { fake, deliver } = await openPortal()
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  const foreign = fake.portal.create('contacts', { email: 'foreign@example.com' })
  await fetch(`${fake.url}/crm/objects/2026-03/contacts/merge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fake.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ primaryObjectId: outcome?.remoteId, objectIdToMerge: foreign }),
  })
  const after = (await deliver(known(one, outcome, { firstname: 'Later' }))).get(one.unit)
  expect(after?.remoteId).toBe(fake.portal.all('contacts')[0]?.id)
  expect(after?.remoteId).not.toBe(outcome?.remoteId)
})

test('two inputs of one key become one row, with nothing dropped', async () => {
  const { fake, deliver } = await openPortal()
  const first = person('k1', { phone: '123' })
  const second = { ...person('k1', { lastname: 'Later' }), unit: 'contact:again' }
  const outcomes = await deliver(first, second)
  expect([...outcomes.values()].map((outcome) => outcome.result)).toEqual(['delivered', 'delivered'])
  expect(fake.portal.all('contacts').map((contact) => contact.properties)).toMatchObject([{ phone: '123', lastname: 'Later' }])
})

test('keys that differ in case only are two people', async () => {
  const { fake, deliver } = await openPortal()
  const outcomes = await deliver(person('abc', { email: 'one@example.com' }), person('ABC', { email: 'two@example.com' }))
  for (const contact of fake.portal.all('contacts')) {
    expect(outcomes.get(`contact:${contact.properties['shop_customer_key']}`)).toMatchObject({ result: 'delivered', remoteId: contact.id })
  }
  expect(fake.portal.count('contacts')).toBe(2)
})

test('two people cannot take over one contact: the first one has it, the second one is told', async () => {
  const { fake, deliver } = await openPortal()
  const remoteId = fake.portal.create('contacts', { email: 'shared@example.com' })
  const outcomes = await deliver(person('k1', {}, { remoteId, cause: 'adoption' }), person('k2', {}, { remoteId, cause: 'adoption' }))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered' })
  expect(outcomes.get('contact:k2')).toMatchObject({ result: 'conflict', candidates: [{ remoteId, key: 'k1' }] })
})

test('nobody is not created: without address and name the record fails before any request', async () => {
  const { fake, deliver } = await openPortal()
  await deliver(person('warm-up'))
  fake.resetRequests()
  const outcomes = await deliver(input('contact', 'k1', { shop_customer_id: 'k1' }))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'failed', error: { code: 'identity_missing', field: 'email' } })
  expect(fake.requests).toHaveLength(0)
})

test('an archived person goes to the recycle bin, and repeating it is fine', async () => {
  const { fake, deliver } = await openPortal()
  const inputs = people(150)
  const before = await deliver(...inputs)
  fake.resetRequests()
  const gone = inputs.map((one) => ({ ...known(one, before.get(one.unit), {}), operation: 'archive' as const }))
  const outcomes = await deliver(...gone)
  expect([...outcomes.values()].every((outcome) => outcome.result === 'delivered' && !outcome.created)).toBe(true)
  expect(fake.portal.count('contacts')).toBe(0)
  expect(fake.requests).toHaveLength(2)
  expect([...(await deliver(...gone)).values()].every((outcome) => outcome.result === 'delivered')).toBe(true)
})

test('a person belongs to companies, and leaves the ones they no longer belong to', async () => {
  const { fake, deliver, calls } = await openPortal()
  const companies = ['c1', 'c2'].map((key) => input('company', key, { name: key }))
  const made = await deliver(...companies)
  const link = (key: string) => ({ object: 'company', key, remoteId: made.get(`company:${key}`)?.remoteId ?? '' })
  const one = person('k1', {}, { parents: [link('c1')] })
  const first = (await deliver(one)).get(one.unit)
  expect(fake.portal.associated('contacts', first?.remoteId ?? '', 'companies')).toEqual([link('c1').remoteId])
  fake.resetRequests()
  const second = (await deliver({ ...known(one, first, {}), parents: [link('c2')], parentsChanged: true })).get(one.unit)
  expect(fake.portal.associated('contacts', first?.remoteId ?? '', 'companies')).toEqual([link('c2').remoteId])
  expect(second).toMatchObject({ result: 'delivered', created: false })
  expect(calls().toSorted()).toEqual([
    'POST associations contacts/companies/batch/archive',
    'POST associations contacts/companies/batch/associate/default',
    'POST associations contacts/companies/batch/read',
    'POST companies/batch/read',
  ])
  const foreign = fake.portal.create('companies', { name: 'By hand' })
  fake.portal.associate('contacts', first?.remoteId ?? '', 'companies', foreign)
  await deliver({ ...known(one, second, {}), parents: [], parentsChanged: true })
  expect(fake.portal.associated('contacts', first?.remoteId ?? '', 'companies')).toEqual([foreign])
})

test('a contact that was found and is gone when it is taken over is made anew', async () => {
  const { fake, deliver } = await openPortal()
  const remoteId = fake.portal.create('contacts', { email: 'k1@example.com' })
  fake.portal.archive('contacts', remoteId)
  const outcomes = await deliver(person('k1', {}, { remoteId, cause: 'adoption' }), person('k2'))
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: true })
  expect(fake.portal.contactOf('k1@example.com')?.properties).toMatchObject({ shop_customer_key: 'k1', firstname: 'First k1' })
})
