import { afterEach, expect, test } from 'vitest'
import { hastyClock } from '@millrace/adapter-kit/testing'
import { activeCampaignFaults } from '@millrace/fake-vendors/activecampaign'
import type { Input, Outcome } from '@millrace/core'
import { closeAccounts, known, openAccount, people, person, results, ticketsOf } from './test-support/account.ts'

afterEach(closeAccounts)

const bulk = { path: '/api/3/import/bulk_import' }

test('ten and more go by import, are pending, and are settled one by one with their ids', async () => {
  const { fake, deliver, collect } = await openAccount()
  const inputs = people(12)
  const pending = await deliver(...inputs)
  expect(results(pending)).toEqual({ pending: 12 })
  const outcomes = await collect(inputs, pending)
  expect(results(outcomes)).toEqual({ delivered: 12 })
  for (const { unit, key } of inputs) {
    const outcome = outcomes.get(unit)
    expect(outcome).toMatchObject({ created: true, remoteId: fake.account.contactOf(`${key}@example.com`)?.id })
  }
  expect(JSON.stringify([...pending.values()])).not.toContain('@')
})

test('an import that is not finished stays pending', async () => {
  const { destination, ctx, deliver } = await openAccount({ fake: { importDelayMs: 60_000 } })
  const inputs = people(10)
  const pending = await deliver(...inputs)
  const outcomes: Outcome[] = []
  for await (const yielded of destination.collect?.(ticketsOf(inputs, pending), ctx) ?? []) outcomes.push(...yielded)
  expect(outcomes.map(({ result }) => result)).toEqual(Array.from({ length: 10 }, () => 'pending'))
})

test('addresses that the import drops in silence are asked for one by one: excluded ones fail for good, bounced ones are written by themselves', async () => {
  const { fake, settle } = await openAccount()
  fake.account.exclude('p3@example.com')
  fake.account.bounce('p5@example.com')
  const inputs = people(12)
  const outcomes = await settle(...inputs)
  expect(results(outcomes)).toEqual({ delivered: 10, email_excluded: 1, import_dropped: 1 })
  const again = inputs.filter(({ key }) => key === 'p5').map((one) => ({ ...one, progress: outcomes.get(one.unit)?.progress }))
  expect(results(await settle(...again))).toEqual({ delivered: 1 })
  expect(fake.account.contactOf('p5@example.com')?.fields['shop_customer_key']).toBe('p5')
})

test('a row that the import names is dropped, the others go again', async () => {
  const { fake, settle } = await openAccount()
  const inputs = [...people(11), person('bad', { email: 'bad@nowhere' })]
  const outcomes = await settle(...inputs)
  expect(results(outcomes)).toEqual({ delivered: 11, rejected_by_vendor: 1 })
  expect(fake.count({ method: 'POST', path: '/api/3/import/bulk_import' })).toBe(2)
  expect(JSON.stringify(outcomes.get('contact:bad'))).not.toContain('nowhere')
})

test('the limit of imports is a 400 and is waited out', async () => {
  const { fake, settle } = await openAccount()
  fake.faults.next(activeCampaignFaults.importLimited(), bulk)
  expect(results(await settle(...people(10)))).toEqual({ delivered: 10 })
})

test('an import that was confirmed and never queued is sent again', async () => {
  const { fake, settle } = await openAccount()
  fake.faults.next(activeCampaignFaults.lyingImport(), bulk)
  const inputs = people(10)
  expect(results(await settle(...inputs))).toEqual({ import_lost: 10 })
  expect(results(await settle(...inputs))).toEqual({ delivered: 10 })
})

test('killed before the import was submitted: everything is there once', async () => {
  const { fake, settle } = await openAccount()
  fake.faults.next(activeCampaignFaults.resetBeforeCommit(), bulk)
  const inputs = people(10)
  await settle(...inputs)
  expect(results(await settle(...inputs.map((one) => ({ ...one, uncertain: true }))))).toEqual({ delivered: 10 })
  expect(fake.account.contacts()).toHaveLength(10)
})

test('killed between the answer and its note: the import runs twice and makes nobody twice', async () => {
  const { fake, deliver, settle } = await openAccount()
  const inputs = people(10)
  await deliver(...inputs)
  const again = inputs.map((one) => ({ ...one, fields: { ...one.fields, lastName: 'Newest' }, uncertain: true }))
  expect(results(await settle(...again))).toEqual({ delivered: 10 })
  expect(fake.account.contacts()).toHaveLength(10)
  expect(fake.account.contacts().every(({ lastName }) => lastName === 'Newest')).toBe(true)
})

test('a few that may still be in an older import go by import too, so that the older one does not overtake them', async () => {
  const { fake, deliver, settle } = await openAccount()
  const inputs = people(10)
  await deliver(...inputs)
  const newer = inputs.slice(0, 1).map((one) => ({ ...one, fields: { ...one.fields, lastName: 'Newest' }, uncertain: true }))
  expect(results(await settle(...newer))).toEqual({ delivered: 1 })
  expect(fake.account.contactOf('p1@example.com')?.lastName).toBe('Newest')
})

test('one of which an earlier attempt may have changed the address is not imported under the new one as a second contact', async () => {
  const { fake, settle } = await openAccount()
  const one = person('k1')
  const outcome = (await settle(one)).get(one.unit)
  const moved = known(one, outcome, { email: 'new@example.com' }, { uncertain: true })
  expect(results(await settle(moved))).toEqual({ delivered: 1 })
  expect(fake.account.contacts().map(({ email }) => email)).toEqual(['new@example.com'])
})

test('historical people go by import however few they are, and start no automation', async () => {
  const { fake, settle } = await openAccount()
  expect(results(await settle(...people(3, { cause: 'backfill' })))).toEqual({ delivered: 3 })
  expect(fake.account.triggers()).toEqual([])
  expect(fake.count({ path: '/api/3/contact/sync' })).toBe(0)
})

test('an import never takes somebody back who unsubscribed, and a new person starts as they decided', async () => {
  const { fake, settle } = await openAccount()
  const news = fake.account.addList('News')
  fake.account.setStatus('p1@example.com', news, '2')
  const said = (status: 'granted' | 'denied' | 'unknown'): Input['consent'] => [
    { topic: 'news', channel: 'email', purpose: 'marketing', target: news, status, mayResubscribe: false },
  ]
  const inputs = people(12).map((one, index) => ({ ...one, consent: said(index === 1 ? 'denied' : index === 2 ? 'unknown' : 'granted') }))
  await settle(...inputs)
  const statusOf = (n: number) => fake.account.contactOf(`p${n}@example.com`)?.lists[news]
  expect([statusOf(1), statusOf(2), statusOf(3), statusOf(4)]).toEqual(['2', '2', undefined, '1'])
  expect(fake.account.resubscriptions()).toEqual([])
})

test('imports keep below 250 contacts and 400,000 bytes, and hold no address twice', async () => {
  const { fake, settle } = await openAccount()
  const long = 'x'.repeat(3_000)
  const inputs = [...people(260), ...people(2).map((one) => ({ ...one, unit: `${one.unit}:twin` }))].map((one) => ({
    ...one,
    fields: { ...one.fields, shop_last_skus: long },
  }))
  await settle(...inputs)
  const imports = fake.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('bulk_import'))
  expect(imports.every(({ body, status }) => status === 200 && Buffer.byteLength(body ?? '') < 400_000)).toBe(true)
  expect(fake.account.contacts()).toHaveLength(260)
})

test('contacts that were deleted there and come back by an import are written whole, with tags, lists and our key', async () => {
  const { fake, settle } = await openAccount({ prepare: ({ account }) => void account.addList('Members') })
  const memberships: Input['memberships'] = [
    { kind: 'tag', name: 'vip' },
    { kind: 'list', name: 'Members' },
  ]
  const inputs = people(12, { memberships, membershipsChanged: true })
  const first = await settle(...inputs)
  fake.account.deleteContact('p3@example.com')
  const changed = inputs.map((one) => known(one, first.get(one.unit), { lastName: 'New' }))
  const second = await settle(...changed)
  expect(results(second)).toEqual({ delivered: 11, import_replaced: 1 })
  const again = changed
    .filter(({ key }) => key === 'p3')
    .map((one) => ({ ...one, objects: second.get(one.unit)?.objects ?? {}, progress: second.get(one.unit)?.progress }))
  expect(results(await settle(...again))).toEqual({ delivered: 1 })
  const contact = fake.account.contactOf('p3@example.com')
  expect(contact).toMatchObject({ firstName: 'First p3', lastName: 'New', tags: ['vip'], fields: { shop_customer_key: 'p3' } })
  expect(Object.values(contact?.lists ?? {})).toEqual(['1'])
})

test.each([
  ['subscription', 20, 'import_lost'],
  ['contact', 20, 'pending'],
  ['contact', 7 * 60, 'import_lost'],
] as const)('a %s in an import that is still open after %s minutes: %s', async (object, minutes, result) => {
  let later = 0
  const clock = hastyClock()
  const { destination, ctx, deliver, fake } = await openAccount({
    prepare: ({ account }) => void account.addList('News'),
    fake: { importDelayMs: 10 * 60 * 60_000 },
    clock: { ...clock, now: () => clock.now() + later },
  })
  const consent: Input['consent'] = [
    { topic: 'news', channel: 'email', purpose: 'marketing', target: 'News', status: 'granted', mayResubscribe: false },
  ]
  const inputs = people(10).map((one) => (object === 'contact' ? one : { ...one, object, unit: `${object}:${one.key}`, consent }))
  const pending = await deliver(...inputs)
  expect(results(pending)).toEqual({ pending: 10 })
  later = minutes * 60_000
  const outcomes = new Map<string, Outcome>()
  for await (const yielded of destination.collect?.(ticketsOf(inputs, pending), ctx) ?? [])
    for (const outcome of yielded) outcomes.set(outcome.unit, outcome)
  expect(results(outcomes)).toEqual({ [result]: 10 })
  if (object === 'contact') return
  // Somebody said no meanwhile: it goes out at once, and the import that comes at last lifts nothing.
  const [one] = inputs
  if (one === undefined) return
  const denied = {
    ...one,
    consent: consent.map((said) => ({ ...said, status: 'denied' as const })),
    ...outcomes.get(one.unit),
    result: undefined,
  }
  expect(results(await deliver(denied))).toEqual({ delivered: 1 })
  fake.account.settle()
  expect(Object.values(fake.account.contactOf('p1@example.com')?.lists ?? {})).toEqual(['2'])
})
