import { afterEach, expect, test } from 'vitest'
import { closeAccounts, input, known, openAccount, people, person, results } from './test-support/account.ts'

afterEach(closeAccounts)

const vip = { kind: 'tag', name: 'shop:group:vip' } as const

test('a new person is one contact/sync with all fields and our key', async () => {
  const { fake, deliver, calls } = await openAccount()
  const outcomes = await deliver(
    person('k1', { lastName: 'Doe', shop_order_count: 3, shop_historical: false, shop_first_order_at: '2026-03-01T12:00:00.000Z' }),
  )
  const [contact] = fake.account.contacts()
  expect(fake.account.contacts()).toHaveLength(1)
  expect(contact).toMatchObject({
    email: 'k1@example.com',
    lastName: 'Doe',
    visibleFields: {
      shop_customer_key: 'k1',
      shop_order_count: '3',
      shop_historical: 'false',
      shop_first_order_at: '2026-03-01T12:00:00+00:00',
    },
  })
  expect(outcomes.get('contact:k1')).toMatchObject({ result: 'delivered', created: true, remoteId: contact?.id })
  expect(calls()).toEqual(['GET fields', 'POST contact/sync'])
})

test('a changed address moves the contact and makes no second one', async () => {
  const { fake, deliver, calls } = await openAccount()
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.resetRequests()
  expect(results(await deliver(known(one, outcome, { email: 'new@example.com' })))).toEqual({ delivered: 1 })
  expect(fake.account.contacts().map(({ email }) => email)).toEqual(['new@example.com'])
  expect(calls()).toEqual([`PUT contacts/${outcome?.remoteId}`])
})

test('an address that did not change is not sent, so one that people changed there stays', async () => {
  const { fake, deliver } = await openAccount()
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  const body = async (): Promise<string> => {
    fake.resetRequests()
    await deliver(known(one, outcome, { firstName: 'Other' }))
    return fake.requests[0]?.body ?? ''
  }
  expect(await body()).toBe('{"contact":{"firstName":"Other"}}')
})

test('a contact that was deleted there is made anew, whole, with its tags', async () => {
  const { fake, settle } = await openAccount()
  const one = person('k1', {}, { memberships: [vip], membershipsChanged: true })
  const outcome = (await settle(one)).get(one.unit)
  fake.account.deleteContact('k1@example.com')
  const again = (await settle(known(one, outcome, { lastName: 'New' }))).get(one.unit)
  expect(again).toMatchObject({ result: 'delivered', created: true })
  expect(fake.account.contactOf('k1@example.com')).toMatchObject({ lastName: 'New', firstName: 'First k1', tags: ['shop:group:vip'] })
})

test('an address that another contact holds is a conflict that names it with its key', async () => {
  const { fake, deliver } = await openAccount()
  const [one, other] = [person('k1'), person('k2')]
  const outcomes = await deliver(one, other)
  const clash = await deliver(known(one, outcomes.get(one.unit), { email: 'k2@example.com' }))
  expect(clash.get(one.unit)).toMatchObject({
    result: 'conflict',
    candidates: [{ remoteId: fake.account.contactOf('k2@example.com')?.id, key: 'k2' }],
  })
})

test.each([
  ['excluded', (fake: Awaited<ReturnType<typeof openAccount>>['fake']) => fake.account.exclude('k1@example.com'), 'email_excluded'],
  ['no address', () => {}, 'email_invalid'],
] as const)('an address that is %s fails the record for good, and is not repeated in the error', async (kind, prepare, code) => {
  const { fake, deliver } = await openAccount()
  prepare(fake)
  const one = person('k1', kind === 'excluded' ? {} : { email: 'nobody@nowhere' })
  const outcome = (await deliver(one)).get(one.unit)
  expect(outcome).toMatchObject({ result: 'failed', error: { code, scope: 'record', retryable: false } })
  expect(JSON.stringify(outcome)).not.toMatch(/@example|nowhere/)
})

test('a value that its field cannot hold costs no request', async () => {
  const { deliver, calls } = await openAccount()
  const outcomes = await deliver(
    person('k1', { shop_order_count: 'many' }),
    person('k2', { shop_account_status: 'asleep' }),
    person('k3', { shop_first_order_at: '2026-02-31T10:00:00.000Z' }),
  )
  expect(results(outcomes)).toEqual({ value_invalid: 2, option_unknown: 1 })
  expect(new Set(calls())).toEqual(new Set(['GET fields']))
})

test('a field that the account lacks stops the destination and says what to run', async () => {
  const { deliver } = await openAccount({ provision: false })
  expect((await deliver(person('k1'))).get('contact:k1')).toMatchObject({
    error: { code: 'property_missing', scope: 'destination', message: expect.stringContaining('millrace apply') },
  })
})

test('fields are found beyond the first page of 20, and 100', async () => {
  const { fake, deliver } = await openAccount({
    prepare: ({ account }) => {
      for (let n = 0; n < 230; n += 1) account.addField(`Field ${n}`)
    },
  })
  await deliver(person('k1'))
  expect(fake.account.contactOf('k1@example.com')?.fields).toMatchObject({ shop_customer_key: 'k1', shop_customer_id: 'k1' })
})

test('a tag of ours is taken away, one that people gave stays, also where both wanted it', async () => {
  const { fake, deliver } = await openAccount()
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.account.tag('k1@example.com', 'theirs')
  fake.account.tag('k1@example.com', 'shop:group:vip')
  const both = [vip, { kind: 'tag', name: 'shop:store:berlin' } as const]
  const joined = (await deliver(known(one, outcome, {}, { memberships: both, membershipsChanged: true }))).get(one.unit)
  await deliver(known(one, { ...outcome, ...joined } as typeof joined, {}, { memberships: [], membershipsChanged: true }))
  expect(fake.account.contactOf('k1@example.com')?.tags.toSorted()).toEqual(['shop:group:vip', 'theirs'])
})

test.each(['2', '3'] as const)('a membership never joins a list with status %s', async (status) => {
  const { fake, deliver } = await openAccount()
  const news = fake.account.addList('News')
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  fake.account.setStatus('k1@example.com', news, status)
  await deliver(known(one, outcome, {}, { memberships: [{ kind: 'list', name: 'News' }], membershipsChanged: true }))
  const ten = people(10, { memberships: [{ kind: 'list', name: 'News' }], membershipsChanged: true })
  for (const { fields } of ten) fake.account.setStatus(String(fields['email']), news, status)
  await deliver(...ten)
  fake.account.settle()
  expect(fake.account.contactOf('k1@example.com')?.lists[news]).toBe(status)
  expect(fake.account.contactOf('p1@example.com')?.lists[news]).toBe(status)
  expect(fake.account.resubscriptions()).toEqual([])
})

test('a list that does not exist fails the record and names the list', async () => {
  const { deliver } = await openAccount()
  const one = person('k1', {}, { memberships: [{ kind: 'list', name: 'Nowhere' }], membershipsChanged: true })
  expect((await deliver(one)).get(one.unit)).toMatchObject({ result: 'failed', error: { code: 'list_unknown', field: 'Nowhere' } })
})

test('a step that fails after others hands on what was done', async () => {
  const { fake, deliver } = await openAccount()
  const tags = [vip, { kind: 'tag', name: 'second' } as const]
  const one = person('k1', {}, { memberships: tags, membershipsChanged: true })
  let seen = 0
  fake.faults.schedule({ path: 'contactTags', where: () => (seen += 1) === 2, fault: { kind: 'reply', reply: { status: 500, body: {} } } })
  const outcome = (await deliver(one)).get(one.unit)
  expect(outcome).toMatchObject({
    result: 'failed',
    error: { retryable: true },
    remoteId: expect.any(String),
    objects: { 'tag:shop:group:vip': expect.stringMatching(/^\d+$/) },
  })
})

test('ten people look for their contacts in one request where that is cheaper, and one by one where it is not', async () => {
  const { fake, destination, ctx, calls } = await openAccount()
  for (let n = 0; n < 150; n += 1) fake.account.contact({ email: `Old${n}@Example.com` })
  const emails = Array.from({ length: 10 }, (_, n) => `old${n}@example.com`)
  const find = (values: string[]) => destination.find?.({ object: 'contact', by: 'email', values }, ctx)
  expect((await find([...emails, 'nobody@example.com']))?.map(({ value }) => value)).toEqual(emails)
  const lookups = calls().filter((call) => call === 'GET contacts')
  expect(lookups).toHaveLength(2)
  fake.resetRequests()
  for (let n = 0; n < 3_000; n += 1) fake.account.contact({ email: `more${n}@example.com` })
  expect(await find(emails)).toHaveLength(10)
  expect(calls().filter((call) => call === 'GET contacts')).toHaveLength(11)
})

test('a lost answer is repeated and makes one contact', async () => {
  const { fake, settle } = await openAccount()
  fake.faults.next({ kind: 'reset', when: 'after' }, { path: 'contact/sync' })
  fake.faults.next({ kind: 'reset', when: 'after' }, { path: 'contact/sync' })
  const first = await settle(person('k1'))
  expect(results(first)).not.toEqual({ delivered: 1 })
  expect(results(await settle(person('k1', {}, { uncertain: true })))).toEqual({ delivered: 1 })
  expect(fake.account.contacts()).toHaveLength(1)
})

test('what is not a person of ours is refused', async () => {
  const { deliver } = await openAccount()
  expect((await deliver(input('company', 'c1', {}))).get('company:c1')).toMatchObject({
    error: { code: 'object_unknown', scope: 'destination' },
  })
})

test.each([
  ['a tag', { kind: 'tag', name: 'shop:group:other' }],
  ['a list', { kind: 'list', name: 'Members' }],
] as const)('a contact that was deleted there is made anew, whole, also when only %s changed', async (_, added) => {
  const { fake, deliver } = await openAccount({ prepare: ({ account }) => void account.addList('Members') })
  const one = person('k1', { lastName: 'Doe' }, { memberships: [vip], membershipsChanged: true })
  const outcome = (await deliver(one)).get(one.unit)
  fake.account.deleteContact('k1@example.com')
  const changed = known(one, outcome, {}, { memberships: [vip, added], membershipsChanged: true })
  expect((await deliver(changed)).get(one.unit)).toMatchObject({ result: 'delivered', created: true })
  const contact = fake.account.contactOf('k1@example.com')
  expect(contact).toMatchObject({ lastName: 'Doe', fields: { shop_customer_key: 'k1' } })
  expect([...(contact?.tags ?? []), ...Object.values(contact?.lists ?? {})]).toEqual(
    added.kind === 'tag' ? ['shop:group:vip', 'shop:group:other'] : ['shop:group:vip', '1'],
  )
})

test('a list that is gone is told, and nobody is noted as being on it', async () => {
  const { fake, deliver } = await openAccount({ prepare: ({ account }) => void account.addList('Members') })
  fake.faults.schedule({
    path: /contactLists$/,
    where: ({ method }) => method === 'POST',
    times: 100,
    fault: { kind: 'reply', reply: { status: 404, body: { message: 'No Result found for List with id 1' } } },
  })
  const one = person('k1', {}, { memberships: [{ kind: 'list', name: 'Members' }], membershipsChanged: true })
  const outcome = (await deliver(one)).get(one.unit)
  expect(outcome).toMatchObject({
    result: 'failed',
    error: { code: 'list_unknown' },
    remoteId: fake.account.contactOf('k1@example.com')?.id,
  })
  expect(outcome?.objects).toEqual({})
})
