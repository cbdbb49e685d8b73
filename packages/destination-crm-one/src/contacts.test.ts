import { crmOneFaults } from '@millrace/fake-vendors/crm-one'
import { startFaultServer } from '@millrace/adapter-kit/testing'
import { isMillraceError, type Input, type MillraceError, type Outcome } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { crmOne } from './crm-one.ts'
import { buyer, closeCrms, input, known, openCrm, people, person, ref, results } from './test-support/crm.ts'

afterEach(closeCrms)

const contactId = 'con_00000001'

test('a person becomes a contact under an identity of the source, with everything in its place', async () => {
  const { fake, deliver } = await openCrm()
  const outcomes = await deliver(
    person('1', {
      familyName: "O'Neill",
      emailVerified: true,
      phone: '+43 1 234-5678',
      mobile: '00436641234567',
      locale: 'de-AT',
      stores: ['at', 'de'],
      billingStreetAddress: 'Ring 1',
      billingCountry: 'AT',
      shippingLocality: 'Wien',
      'segments/store': ['at', 'de'],
      'segments/country': 'AT',
      orderCount: 3,
    }),
  )
  expect(outcomes.get('contact:shop:1')).toMatchObject({ result: 'delivered', created: true, remoteId: contactId })
  expect(fake.crm.contact(ref('1'))).toMatchObject({
    externalIds: [{ source: 'commercetools:shop', id: '1' }],
    name: { given: 'Given 1', family: "O'Neill" },
    emails: [{ value: 'p1@example.com', primary: true, verified: true }],
    phones: [
      { value: '+4312345678', type: 'home', primary: true },
      { value: '+436641234567', type: 'mobile' },
    ],
    addresses: [
      { type: 'billing', streetAddress: 'Ring 1', country: 'AT' },
      { type: 'shipping', locality: 'Wien' },
    ],
    locale: 'de-AT',
    stores: ['at', 'de'],
    segments: { store: ['at', 'de'], country: 'AT' },
    attributes: { orderCount: 3 },
  })
})

test('a thousand people take two bulks, each line with a key of its own and a version', async () => {
  const { fake, deliver, calls } = await openCrm()
  expect(results(await deliver(...people(1_000)))).toEqual({ delivered: 1_000 })
  expect(calls()).toEqual(['POST bulk', 'POST bulk'])
  expect(fake.crm.contacts()).toHaveLength(1_000)
})

test('a bulk stays below five million bytes', async () => {
  const { deliver, calls } = await openCrm({
    fake: { schema: { attributes: { contact: [{ name: 'note', type: 'string', maxLength: 30_000 }], order: [], deal: [] } } },
  })
  const large = people(300).map((one) => ({ ...one, fields: { ...one.fields, note: 'x'.repeat(25_000) } }))
  expect(results(await deliver(...large))).toEqual({ delivered: 300 })
  expect(calls()).toEqual(['POST bulk', 'POST bulk'])
})

test('a change sends what changed and keeps what people added there', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1', { familyName: 'Old' })
  const outcome = (await deliver(one)).get(one.unit)
  fake.crm.edit(ref('1'), { attributes: { salesOwner: 'Kim' }, name: { given: 'Given 1', family: 'Edited' } })
  await deliver(known(one, outcome, { 'segments/country': 'DE' }))
  expect(fake.crm.contact(ref('1'))).toMatchObject({
    name: { family: 'Edited' },
    segments: { country: 'DE' },
    attributes: { salesOwner: 'Kim' },
  })
})

test('a changed e-mail replaces ours and leaves the addresses of others', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.crm.edit(ref('1'), {
    emails: [
      { value: 'p1@example.com', primary: true },
      { value: 'office@example.com', type: 'work' },
    ],
  })
  await deliver(known(one, outcome, { email: 'New@example.com' }))
  expect(fake.crm.contact(ref('1'))?.emails).toEqual([
    { primary: true, value: 'New@example.com' },
    { value: 'office@example.com', type: 'work' },
  ])
})

test('a contact that the CRM holds already is named by it, and taken over with what it holds', async () => {
  const { fake, deliver } = await openCrm()
  const there = fake.crm.create({
    emails: [{ value: 'P1@Example.com', primary: true }, { value: 'old@example.com' }],
    name: { family: 'Theirs' },
  })
  const one = person('1')
  const conflict = (await deliver(one)).get(one.unit)
  expect(conflict).toEqual({ unit: one.unit, result: 'conflict', candidates: [{ remoteId: there, key: '' }] })
  const adopted = (await deliver({ ...one, remoteId: there })).get(one.unit)
  expect(adopted).toMatchObject({ result: 'delivered', created: false, remoteId: there })
  expect(fake.crm.contacts()).toHaveLength(1)
  expect(fake.crm.contact(ref('1'))).toMatchObject({
    id: there,
    name: { given: 'Given 1', family: 'Theirs' },
    emails: [{ value: 'p1@example.com', primary: true }, { value: 'old@example.com' }],
  })
})

test("an e-mail of another person of ours is a conflict that names that person's key", async () => {
  const { deliver } = await openCrm()
  const first = (await deliver(person('1'))).get('contact:shop:1')
  const outcomes = await deliver(person('2', { email: 'P1@example.com' }))
  expect(outcomes.get('contact:shop:2')).toEqual({
    unit: 'contact:shop:2',
    result: 'conflict',
    candidates: [{ remoteId: first?.remoteId, key: 'shop:1' }],
  })
})

test('a guest who registers keeps the contact, which gets the new identity', async () => {
  const { fake, deliver } = await openCrm()
  const guest = input('contact', 'guest:abc', { email: 'p1@example.com' })
  const before = (await deliver(guest)).get(guest.unit)
  const account = { ...person('1'), remoteId: before?.remoteId ?? '', remoteKey: 'guest:abc' }
  expect((await deliver(account)).get(account.unit)).toMatchObject({ result: 'delivered', created: false, remoteId: before?.remoteId })
  expect(fake.crm.contact(ref('1'))?.externalIds).toEqual([
    { source: 'commercetools:guest', id: 'abc' },
    { source: 'commercetools:shop', id: '1' },
  ])
})

test('a contact that was merged into a foreign one is followed, gets our identity, and the link is updated', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1')
  const outcome = (await deliver(one)).get(one.unit)
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  fake.crm.merge(survivor, ref('1'))
  const changed = known(one, outcome, { familyName: 'New' })
  expect((await deliver(changed)).get(one.unit)).toMatchObject({ result: 'delivered', created: false, remoteId: survivor })
  expect(fake.crm.contact(ref('1'))).toMatchObject({ id: survivor, name: { family: 'New' } })
  expect((await deliver({ ...known(changed, outcome, { givenName: 'Again' }), remoteId: survivor })).get(one.unit)).toMatchObject({
    result: 'delivered',
  })
  expect(fake.crm.contact(survivor)?.emails.map(({ value }) => value)).toEqual(['p1@example.com', 'main@example.com'])
})

test('the same in a bulk, where the redirect stands in a line', async () => {
  const { fake, deliver } = await openCrm()
  const inputs = people(3)
  const first = await deliver(...inputs)
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  fake.crm.merge(survivor, ref('2'))
  const again = await deliver(...inputs.map((one) => known(one, first.get(one.unit), { familyName: 'New' })))
  expect(results(again)).toEqual({ delivered: 3 })
  expect(again.get('contact:shop:2')).toMatchObject({ remoteId: survivor })
})

test('a contact that was merged into another person of ours is a conflict, and is not written over that person', async () => {
  const { fake, deliver } = await openCrm()
  const [one, two] = [person('1'), person('2')]
  const first = await deliver(one, two)
  fake.crm.merge(ref('1'), ref('2'))
  const outcome = (await deliver(known(two, first.get(two.unit), { familyName: 'New' }))).get(two.unit)
  expect(outcome).toMatchObject({ result: 'conflict', candidates: [{ remoteId: first.get(one.unit)?.remoteId, key: 'shop:1' }] })
  expect(fake.crm.contact(ref('1'))?.name).toEqual({ given: 'Given 1' })
})

test('a person who was erased there is refused for good', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.crm.erase(ref('1'))
  expect((await deliver(known(one, outcome, { familyName: 'New' }))).get(one.unit)).toMatchObject({
    result: 'failed',
    error: { code: 'erased_there', retryable: false, scope: 'record' },
  })
  expect(fake.crm.contacts()).toEqual([])
})

test('a version that the CRM finds old is left as it is there and counts as delivered', async () => {
  const { fake, destination, ctx } = await openCrm()
  const one = person('1')
  for (const fence of [9_000_000_000_000, 5]) {
    for await (const outcomes of destination.deliver([{ ...one, fields: { ...one.fields, familyName: `v${fence}` }, fence }], ctx)) {
      expect(outcomes).toMatchObject([{ result: 'delivered', remoteId: contactId }])
    }
  }
  expect(fake.crm.contact(ref('1'))?.name).toMatchObject({ family: 'v9000000000000' })
})

test('one bad record among 500 costs that record and no request', async () => {
  const { deliver, calls } = await openCrm()
  const inputs = [...people(499), person('bad', { email: 'nobody' })]
  const outcomes = await deliver(...inputs)
  expect(results(outcomes)).toEqual({ delivered: 499, rejected_by_vendor: 1 })
  expect(outcomes.get('contact:shop:bad')).toMatchObject({ error: { scope: 'record', field: '/emails/0/value' } })
  expect(calls()).toEqual(['POST bulk'])
})

test('an attribute that the CRM does not have is named', async () => {
  const { deliver } = await openCrm()
  expect((await deliver(person('1', { shoeSize: 3 }))).get('contact:shop:1')).toMatchObject({
    error: { code: 'attribute_unknown', field: '/attributes/shoeSize', retryable: false },
  })
})

test('lines in another order are found by their keys, and a missing line confirms nothing', async () => {
  const { fake, deliver } = await openCrm()
  fake.faults.next(crmOneFaults.reorderedLines(), { path: '/bulk' })
  expect(results(await deliver(...people(20)))).toEqual({ delivered: 20 })
  fake.faults.next(crmOneFaults.missingLines(), { path: '/bulk' })
  expect(results(await deliver(...people(20, 21)))).toEqual({ delivered: 19 })
})

test('an answer that was lost is asked for again under the same key and makes nothing twice', async () => {
  const { fake, destination, ctx } = await openCrm()
  const server = await startFaultServer({ target: fake.url })
  const behind = crmOne({ baseUrl: server.url, token: fake.token })
  server.next({ kind: 'reset', when: 'after' }, { method: 'PUT' })
  for await (const outcomes of behind.deliver([{ ...person('1'), fence: 1 }], ctx))
    expect(outcomes).toMatchObject([{ result: 'delivered' }])
  expect(server.requests).toHaveLength(2)
  expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  expect(fake.crm.contact(ref('1'))?.meta.version).toBe(1)
  await behind.close?.()
  await server.close()
  await destination.close?.()
})

test('every request has an id of its own, and an error carries it, also where no answer came', async () => {
  const { fake, ctx } = await openCrm()
  const server = await startFaultServer({ target: fake.url })
  const behind = crmOne({ baseUrl: server.url, token: fake.token })
  const errors: MillraceError[] = []
  const collect = async (one: Input): Promise<void> => {
    try {
      for await (const [outcome] of behind.deliver([{ ...one, fence: 1 }], ctx))
        if (outcome?.result === 'failed') errors.push(outcome.error)
    } catch (error) {
      if (isMillraceError(error)) errors.push(error)
    }
  }
  await collect(person('1', { shoeSize: 3 }))
  server.always({ kind: 'reset', when: 'before' })
  await collect(person('2'))
  const sent = server.requests.map(({ headers }) => headers['x-correlation-id'] ?? '')
  expect(sent.every((id) => /^[\w-]{36}$/.test(id))).toBe(true)
  expect(errors.map(({ code, context }) => [code, context['correlationId']])).toEqual([
    ['attribute_unknown', sent[0]],
    ['connection_lost', sent.at(-1)],
  ])
  await behind.close?.()
  await server.close()
})

test('fields that belong to the CRM are no error and stay', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.crm.own(ref('1'), '/name/given')
  expect((await deliver(known(one, outcome, { givenName: 'Other' }))).get(one.unit)).toMatchObject({ result: 'delivered' })
  expect(fake.crm.contact(ref('1'))?.name).toEqual({ given: 'Given 1' })
})

test('contacts cannot be archived, and that is said', async () => {
  const { deliver } = await openCrm()
  expect(results(await deliver(person('1', {}, { operation: 'archive', remoteId: contactId })))).toEqual({ archive_unsupported: 1 })
})

test('people are in the lists that the contract names once they agreed, and leave only those that we added', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1', {}, { memberships: [{ kind: 'list', name: 'newsletter' }], membershipsChanged: true })
  const refused = (await deliver(one)).get(one.unit)
  expect(refused).toMatchObject({ result: 'failed', remoteId: contactId, error: { code: 'consent_required', retryable: false } })
  expect(fake.requests.some(({ method, path }) => method === 'PUT' && path.includes('/members/'))).toBe(false)
  fake.crm.grant(ref('1'), 'email', 'marketing')
  fake.crm.grant(ref('1'), 'sms', 'marketing')
  const joined = (await deliver({ ...one, remoteId: contactId, remoteKey: one.key })).get(one.unit)
  expect(joined).toMatchObject({ result: 'delivered', objects: { 'list:newsletter': 'newsletter' } })
  expect(fake.crm.members('newsletter')).toEqual([contactId])
  fake.resetRequests()
  await deliver(known(one, joined, { familyName: 'New' }, ['familyName']))
  expect(fake.requests).toHaveLength(1)
  const left = (await deliver({ ...known(one, joined, {}), memberships: [] })).get(one.unit)
  expect(left).toMatchObject({ result: 'delivered', objects: {} })
  expect(fake.crm.members('newsletter')).toEqual([])
})

test('a list that the CRM does not have is named', async () => {
  const { deliver } = await openCrm()
  const one = person('1', {}, { memberships: [{ kind: 'list', name: 'nowhere' }], membershipsChanged: true })
  expect((await deliver(one)).get(one.unit)).toMatchObject({ error: { code: 'list_unknown', field: 'list:nowhere' } })
})

test('an order keeps its buyer after the buyer was merged', async () => {
  const { fake, deliver } = await openCrm()
  const first = await deliver(person('1'))
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  fake.crm.merge(survivor, ref('1'))
  const order = input(
    'order',
    'shop:o1',
    { placedAt: '2026-03-01T12:00:00.000Z', status: 'open', currency: 'EUR', gross: '19.99' },
    { parents: [buyer('1', first.get('contact:shop:1'))] },
  )
  expect(results(await deliver(order))).toEqual({ delivered: 1 })
  expect(fake.crm.order('commercetools:shop', 'o1')?.contactId).toBe(survivor)
})

/** A CRM that keeps to the letter of the proposal: lines hold nothing but key, status and problem, and problems no location and no candidates. */
const terse = (line: unknown): unknown => {
  if (typeof line !== 'object' || line === null) return line
  const { result: _result, problem, ...rest } = line as Record<string, unknown>
  if (typeof problem !== 'object' || problem === null) return rest
  const { location: _location, candidates: _candidates, ...told } = problem as Record<string, unknown>
  return { ...rest, problem: told }
}

test('lines that hold no more than key, status and problem are enough', async () => {
  const { fake, ctx } = await openCrm()
  const server = await startFaultServer({ target: fake.url })
  server.always({ kind: 'rewrite', rewrite: (lines) => (Array.isArray(lines) ? lines.map(terse) : lines) }, { path: '/bulk' })
  const behind = crmOne({ baseUrl: server.url, token: fake.token })
  const deliver = async (fence: number, inputs: readonly Input[]): Promise<Map<string, Outcome>> => {
    const outcomes = new Map<string, Outcome>()
    for await (const some of behind.deliver(
      inputs.map((one) => ({ ...one, fence })),
      ctx,
    ))
      for (const one of some) outcomes.set(one.unit, one)
    return outcomes
  }
  const inputs = people(3)
  const first = await deliver(1, inputs)
  expect(inputs.map(({ unit }) => first.get(unit)?.remoteId)).toEqual(
    inputs.map(({ key }) => fake.crm.contact(key.replace('shop:', 'commercetools:shop/'))?.id),
  )
  const survivor = fake.crm.create({ emails: [{ value: 'main@example.com', primary: true }] })
  fake.crm.merge(survivor, ref('2'))
  const again = await deliver(2, [
    ...inputs.map((one) => known(one, first.get(one.unit), { familyName: 'New' })),
    person('4', { email: 'p1@example.com' }),
  ])
  expect(results(again)).toEqual({ delivered: 3, conflict: 1 })
  expect(again.get('contact:shop:2')).toMatchObject({ remoteId: survivor })
  await behind.close?.()
  await server.close()
})
