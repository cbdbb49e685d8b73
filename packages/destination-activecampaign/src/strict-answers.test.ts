import { afterEach, expect, test } from 'vitest'
import type { Input } from '@millrace/core'
import { closeAccounts, input, known, openAccount, people, person, results, type TestAccount } from './test-support/account.ts'

afterEach(closeAccounts)

type Rewrite = Extract<Parameters<TestAccount['fake']['faults']['next']>[0], { kind: 'rewrite' }>['rewrite']

/** Every answer of a path is changed on its way. */
const rewriteAll = ({ fake }: TestAccount, path: string | RegExp, rewrite: Rewrite): void => {
  fake.faults.schedule({ path, times: Number.POSITIVE_INFINITY, fault: { kind: 'rewrite', rewrite } })
}

const members = (body: unknown): Record<string, unknown> => ({ ...(typeof body === 'object' ? body : {}) })

const newsTopic = { consent: { topics: { news: { channel: 'email', target: 'News' } } } } as const

const consent: Input['consent'] = [
  { topic: 'news', channel: 'email', purpose: 'marketing', target: 'News', status: 'granted', mayResubscribe: false },
]

const order = (key: string, more: Input['fields'] = {}): Input =>
  input('order', key, {
    email: 'k1@example.com',
    connection: 'berlin',
    currency: 'EUR',
    finalAmount: '39.98',
    storeCreatedDate: '2026-03-01T10:00:00.000Z',
    normalizedStatus: 'COMPLETED',
    ...more,
  })

test.each([
  ['with the times of the contact', (reply) => ({ ...reply, status: 201 })],
  ['without any time', (reply) => ({ ...reply, status: 201, body: { contact: { id: members(members(reply.body)['contact'])['id'] } } })],
] satisfies [string, Rewrite][])('contact/sync that always says 201, %s, resubscribes nobody', async (_, rewrite) => {
  const account = await openAccount({ prepare: ({ account: access }) => void access.addList('News'), contract: newsTopic })
  const { fake, deliver, destination, ctx } = account
  const news = (await destination.describe?.(ctx), fake.account.contact({ email: 'k1@example.com' }), newsId(account))
  fake.account.setStatus('k1@example.com', news, '2')
  rewriteAll(account, 'contact/sync', rewrite)
  await deliver(person('k1', {}, { consent, memberships: [{ kind: 'list', name: 'News' }], membershipsChanged: true }))
  expect(fake.account.contactOf('k1@example.com')?.lists[news]).toBe('2')
  expect(fake.account.resubscriptions()).toEqual([])
})

const newsId = ({ fake }: TestAccount): string => {
  fake.account.setStatus('probe@example.com', '1', '1')
  const [id] = Object.keys(fake.account.contactOf('probe@example.com')?.lists ?? {})
  fake.account.deleteContact('probe@example.com')
  return id ?? ''
}

test('an opt-out on the 101st list of a contact is seen', async () => {
  const lists: string[] = []
  const { fake, deliver } = await openAccount({
    prepare: ({ account }) => {
      for (let n = 0; n < 120; n += 1) lists.push(account.addList(`List ${n}`))
    },
    contract: { consent: { topics: { news: { channel: 'email', target: 'List 119' } } } },
  })
  for (const list of lists) fake.account.setStatus('k1@example.com', list, '2')
  const contact = fake.account.contactOf('k1@example.com')?.id ?? ''
  const target = lists.at(-1) ?? ''
  const grant: Input['consent'] = [
    { topic: 'news', channel: 'email', purpose: 'marketing', target, status: 'granted', mayResubscribe: false },
  ]
  const one = input(
    'subscription',
    'k1',
    { email: 'k1@example.com' },
    { consent: grant, parents: [{ object: 'contact', key: 'k1', remoteId: contact }] },
  )
  expect(results(await deliver(one))).toEqual({ opt_out_stands: 1 })
  expect(fake.account.resubscriptions()).toEqual([])
})

test('a tag is found among thousands with similar names', async () => {
  const { fake, deliver } = await openAccount({
    prepare: ({ account }) => {
      for (let n = 0; n < 1_100; n += 1) account.tag('somebody@example.com', `a vip tag ${n}`)
      account.tag('somebody@example.com', 'vip')
    },
  })
  const one = person('k1', {}, { memberships: [{ kind: 'tag', name: 'vip' }], membershipsChanged: true })
  expect(results(await deliver(one))).toEqual({ delivered: 1 })
  expect(fake.account.contactOf('k1@example.com')?.tags).toEqual(['vip'])
})

test('a tag that a lost answer had given already is no fault when the account refuses it twice', async () => {
  const { fake, deliver } = await openAccount()
  const duplicate = { errors: [{ title: 'The contact has the tag.', code: 'duplicate', source: { pointer: '/data/attributes/tag' } }] }
  fake.faults.schedule({
    path: 'contactTags',
    where: ({ method }) => method === 'POST',
    times: Number.POSITIVE_INFINITY,
    fault: { kind: 'reply', reply: { status: 422, body: duplicate }, applied: true },
  })
  const one = person('k1', {}, { memberships: [{ kind: 'tag', name: 'vip' }], membershipsChanged: true })
  const outcome = (await deliver(one)).get(one.unit)
  expect(outcome).toMatchObject({ result: 'delivered' })
  await deliver(known(one, outcome, {}, { memberships: [], membershipsChanged: true }))
  expect(fake.account.contactOf('k1@example.com')?.tags).toEqual([])
})

test('imports are understood in whatever case their answers come', async () => {
  const account = await openAccount()
  const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const odd: Rewrite = (reply) => ({
    ...reply,
    body: Object.fromEntries(Object.entries(members(reply.body)).map(([name, value]) => [capital(name), value])),
  })
  rewriteAll(account, /import\//, odd)
  expect(results(await account.settle(...people(12)))).toEqual({ delivered: 12 })
  expect(account.fake.account.imports()).toHaveLength(1)
})

test.each([
  ['an object with a message', { message: 'Up to 100 imports may be requested per minute. Please wait and retry.' }],
  [
    'an import that failed',
    { success: 0, message: 'Up to 20 imports of a single contact may be requested per minute.', failureReasons: [] },
  ],
])('the limit of imports is waited out when it comes as %s', async (_, body) => {
  const { fake, settle } = await openAccount()
  fake.faults.next({ kind: 'reply', reply: { status: 400, body } }, { path: 'import/bulk_import' })
  expect(results(await settle(...people(12)))).toEqual({ delivered: 12 })
  expect(fake.account.imports().map(({ contacts }) => contacts)).toEqual([12])
})

test.each([429, 403, 503])('a GraphQL call that is answered with %s in the form of errors blames no order', async (status) => {
  const { fake, deliver } = await openAccount()
  const body = { errors: [{ message: 'Please slow down.' }] }
  fake.faults.schedule({ path: 'ecom/graphql', times: 100, fault: { kind: 'reply', reply: { status, body } } })
  const outcomes = await deliver(order('o1'), order('o2'))
  for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ result: 'failed', error: { scope: 'destination' } })
  expect(results(outcomes)).not.toHaveProperty('value_rejected')
})

test('an order whose connection is refused, or whose amount is none, costs that order', async () => {
  const account = await openAccount()
  const refusal = {
    errors: [{ title: 'The name is too long.', code: 'field_invalid', source: { pointer: '/data/attributes/externalid' } }],
  }
  account.fake.faults.schedule({
    path: 'connections',
    where: ({ method, text }) => method === 'POST' && text.includes('weird'),
    times: 100,
    fault: { kind: 'reply', reply: { status: 422, body: refusal } },
  })
  const outcomes = await account.deliver(
    order('o1'),
    order('o2', { connection: 'weird' }),
    order('o3', { finalAmount: '1e3' }),
    order('o4'),
  )
  expect([...outcomes].map(([unit, { result }]) => [unit, result]).toSorted()).toEqual([
    ['order:o1', 'delivered'],
    ['order:o2', 'failed'],
    ['order:o3', 'failed'],
    ['order:o4', 'delivered'],
  ])
  expect(outcomes.get('order:o3')).toMatchObject({ error: { code: 'value_invalid', field: 'finalAmount', scope: 'record' } })
})

test('orders are found by their keys only in our own connections, however many others have the same', async () => {
  const { fake, deliver, destination, ctx } = await openAccount()
  await deliver(...Array.from({ length: 100 }, (_, n) => order(`o${n}`)))
  const first = Number(fake.account.connections()[0]?.id)
  const foreign = fake.account.addConnection('shopify', 'theirs')
  expect(Number(foreign)).not.toBe(first)
  const keys = Array.from({ length: 100 }, (_, n) => `o${n}`)
  const send = (orders: object[]): Promise<Response> =>
    fetch(`${fake.url}/api/3/ecom/graphql`, {
      method: 'POST',
      headers: { 'api-token': fake.apiToken, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation M($orders: [OrderInput!]!) { bulkUpsertOrders(orders: $orders) { id } }',
        variables: { orders },
      }),
    })
  const reply = await send(
    keys.map((storeOrderId) => ({
      storeOrderId,
      legacyConnectionId: Number(foreign),
      storeCreatedDate: '2026-03-01T10:00:00.000Z',
      finalAmount: 1,
      email: 'x@example.com',
    })),
  )
  expect(await reply.json()).not.toHaveProperty('errors')
  const found = (await destination.find?.({ object: 'order', by: 'storeOrderId', values: keys }, ctx)) ?? []
  const ours = new Set(fake.account.orders().flatMap(({ id, legacyConnectionId }) => (legacyConnectionId === first ? [id] : [])))
  expect(new Set(found.map(({ remoteId }) => remoteId))).toEqual(ours)
})

test('pages that are shorter than asked for are read to the end', async () => {
  const account = await openAccount({
    prepare: (fake) => {
      for (let n = 0; n < 150; n += 1) fake.account.addField(`Field ${n}`)
      fake.faults.schedule({
        path: /\/fields$/,
        times: Number.POSITIVE_INFINITY,
        fault: {
          kind: 'rewrite',
          rewrite: (reply) => {
            const fields = members(reply.body)['fields']
            return Array.isArray(fields) ? { ...reply, body: { ...members(reply.body), fields: fields.slice(0, 20) } } : reply
          },
        },
      })
    },
  })
  expect(results(await account.deliver(person('k1')))).toEqual({ delivered: 1 })
})

test('an event that is confirmed as a page of text is confirmed', async () => {
  const { fake, deliver } = await openAccount({
    prepare: ({ account }) => account.knowEvents('shop_search'),
  })
  fake.faults.next(
    {
      kind: 'rewrite',
      rewrite: (reply) => ({ ...reply, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: JSON.stringify(reply.body) }),
    },
    { path: '/event' },
  )
  const event = input(
    'event',
    'e1',
    { email: 'k1@example.com' },
    {
      event: { id: 'e1', type: 'search', name: 'shop_search', occurredAt: '2026-03-01T10:00:00.000Z' },
    },
  )
  expect(results(await deliver(event))).toEqual({ delivered: 1 })
})

test('an address that its contact no longer has is not found by what was read before', async () => {
  const { fake, destination, ctx } = await openAccount()
  const values = Array.from({ length: 6 }, (_, n) => `k${n}@example.com`)
  for (const email of values) fake.account.contact({ email })
  const find = async (): Promise<number> => (await destination.find?.({ object: 'contact', by: 'email', values }, ctx))?.length ?? 0
  expect(await find()).toBe(6)
  const id = fake.account.contactOf('k0@example.com')?.id ?? ''
  await fetch(`${fake.url}/api/3/contacts/${id}`, {
    method: 'PUT',
    headers: { 'api-token': fake.apiToken, 'content-type': 'application/json' },
    body: JSON.stringify({ contact: { email: 'other@example.com' } }),
  })
  expect(await find()).toBe(5)
})

test('orders that a GraphQL error names are told apart by their keys, wherever it places them', async () => {
  const { fake, deliver } = await openAccount()
  const body = { errors: [{ message: 'Validation errors', extensions: { '0-storeOrderId-o2': 'currency: must be an ISO 4217 code' } }] }
  fake.faults.next({ kind: 'reply', reply: { status: 200, body } }, { path: 'ecom/graphql' })
  const outcomes = await deliver(order('o1'), order('o2'), order('o3'))
  expect([...outcomes].map(([unit, { result }]) => `${unit} ${result}`).toSorted()).toEqual([
    'order:o1 delivered',
    'order:o2 failed',
    'order:o3 delivered',
  ])
})

test('what is there already is recognised without a code, as newer resources refuse it', async () => {
  const { fake, deliver } = await openAccount()
  const refusal = { errors: [{ title: 'The connection already exists.', status: 422, source: { type: 'attribute', value: 'externalid' } }] }
  fake.faults.next({ kind: 'reply', reply: { status: 422, body: refusal }, applied: true }, { path: '/connections', method: 'POST' })
  expect(results(await deliver(order('o1')))).toEqual({ delivered: 1 })
  expect(fake.account.connections()).toHaveLength(1)
})

test('data beside GraphQL errors was written: only what is not in it goes again, and what a path names fails', async () => {
  const { fake, deliver } = await openAccount()
  fake.faults.next(
    {
      kind: 'rewrite',
      rewrite: (reply) => {
        const rows = members(members(reply.body)['data'])['bulkUpsertOrders']
        const [first, , , last] = Array.isArray(rows) ? rows : []
        return {
          ...reply,
          body: {
            data: { bulkUpsertOrders: [first, null, null, last] },
            errors: [{ message: 'currency: must be an ISO 4217 code', path: ['bulkUpsertOrders', 1] }],
          },
        }
      },
    },
    { path: 'ecom/graphql' },
  )
  const outcomes = await deliver(order('o1'), order('o2'), order('o3'), order('o4'))
  expect([...outcomes].map(([unit, { result }]) => `${unit} ${result}`).toSorted()).toEqual([
    'order:o1 delivered',
    'order:o2 failed',
    'order:o3 delivered',
    'order:o4 delivered',
  ])
  const sent = fake.requests.filter(({ path }) => path.endsWith('graphql')).map(({ inputs }) => inputs)
  expect(sent).toEqual([4, 1])
})

test('a connection that somebody deleted is looked for anew, and its orders come again', async () => {
  const { fake, deliver, calls } = await openAccount()
  await deliver(order('o1'))
  const body = { errors: [{ message: 'Validation errors', extensions: { '0-storeOrderId-o2': 'legacyConnectionId: does not exist' } }] }
  fake.faults.next({ kind: 'reply', reply: { status: 200, body } }, { path: 'ecom/graphql' })
  expect((await deliver(order('o2'))).get('order:o2')).toMatchObject({
    result: 'failed',
    error: { code: 'connection_gone', retryable: true, scope: 'record' },
  })
  fake.resetRequests()
  expect(results(await deliver(order('o2')))).toEqual({ delivered: 1 })
  expect(calls()[0]).toBe('GET connections')
})

test.each(['deleted', 'anonymized'])('what is left of a contact that was %s is not written to: the person is made anew', async (flag) => {
  const account = await openAccount()
  const { fake, deliver, destination, ctx } = account
  const one = person('k1')
  const outcome = (await deliver(one)).get(one.unit)
  const remnant = outcome?.remoteId ?? ''
  const marked = (row: unknown): unknown => (members(row)['id'] === remnant ? { ...members(row), [flag]: '1' } : row)
  rewriteAll(account, /contacts/, (reply) => {
    const { contact, contacts, ...rest } = members(reply.body)
    return {
      ...reply,
      body: {
        ...rest,
        ...(contact === undefined ? {} : { contact: marked(contact) }),
        ...(Array.isArray(contacts) ? { contacts: contacts.map(marked) } : {}),
      },
    }
  })
  expect(await destination.find?.({ object: 'contact', by: 'email', values: ['k1@example.com'] }, ctx)).toEqual([])
  fake.resetRequests()
  expect(results(await deliver(known(one, outcome, { firstName: 'New' })))).toEqual({ delivered: 1 })
  const [put, sync] = fake.requests
  expect([put?.method, sync?.method, sync?.path]).toEqual(['PUT', 'POST', '/api/3/contact/sync'])
  expect(sync?.body).toContain('k1@example.com')
})
