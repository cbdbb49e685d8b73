import { expect, test } from 'vitest'

import { byEmail, imported, raw, withFake, type RawReply } from '../raw.ts'
import type { FakeDotdigital } from '../server.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const ada = { identifier: 'email', value: 'ada@example.com' }
const newOrders = '/insightData/v3/collections/Orders?collectionScope=contact&collectionType=orders'

function orders(...records: object[]): object {
  return { collectionName: 'Orders', collectionScope: 'contact', collectionType: 'orders', records }
}

function things(...jsons: unknown[]): object {
  const records = jsons.map((json, index) => ({ key: `k${index}`, json }))
  return { collectionName: 'things', collectionScope: 'account', collectionType: 'custom', records }
}

interface FailureView {
  readonly failureReason: string
  readonly key: unknown
  readonly details: string[]
}

function failures(reply: RawReply): readonly FailureView[] {
  return (reply.json['failures'] ?? []) as readonly FailureView[]
}

async function reasonOf(fake: FakeDotdigital, json: unknown): Promise<string | undefined> {
  return failures(await imported(fake, 'insightData', things(json)))[0]?.failureReason
}

test('insight-import-creates: the collection is made, records are written by key, and the report counts them', () =>
  withFake({ doneWord: 'Complete' }, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    const first = await imported(fake, 'insightData', orders({ key: '1', json: { total: 5 }, contactIdentity: ada }))
    expect(first.json).toEqual({
      importId: expect.any(String),
      status: 'Complete',
      collectionName: 'Orders',
      summary: { totalRecords: 1, totalImported: 1, totalRejected: 0 },
    })
    await imported(
      fake,
      'insightData',
      orders({ key: '1', json: { total: 7 }, contactIdentity: { identifier: 'email', value: 'ADA@example.com' } }),
    )
    expect(fake.account.records('Orders').map(({ key, json }) => [key, json])).toEqual([['1', { total: 7 }]])
  }))

test('insight-imports-5-active: the sixth is refused until one is done, apart from imports of contacts', () =>
  withFake({ importMs: Infinity }, async (fake) => {
    for (let count = 0; count < 5; count += 1) expect((await raw(fake, 'PUT', '/insightData/v3/import', things({}))).status).toBe(202)
    const refused = await raw(fake, 'PUT', '/insightData/v3/import', things({}))
    expect([refused.status, refused.error]).toEqual([429, 'insightData:tooManyActiveImports'])
    const contacts = { contacts: [{ matchIdentifier: 'email', identifiers: { email: 'ada@example.com' } }] }
    expect((await raw(fake, 'PUT', '/contacts/v3/import', contacts)).status).toBe(202)
    fake.account.finishImports()
    expect((await raw(fake, 'PUT', '/insightData/v3/import', things({}))).status).toBe(202)
  }))

test('insight-status-words: not started, processing, and two words for done', () => {
  let now = noon
  return withFake({ importMs: 10_000, now: () => now }, async (fake) => {
    const ids: string[] = []
    for (let count = 0; count < 2; count += 1)
      ids.push(String((await raw(fake, 'PUT', '/insightData/v3/import', things({ n: count }))).json['importId']))
    const words = (): Promise<unknown[]> =>
      Promise.all(ids.map(async (id) => (await raw(fake, 'GET', `/insightData/v3/import/${id}`)).json['status']))
    expect(await words()).toEqual(['NotStarted', 'NotStarted'])
    now = noon + 5000
    expect(await words()).toEqual(['Processing', 'Processing'])
    now = noon + 10_000
    expect(await words()).toEqual(['Complete', 'Finished'])
  })
})

test('insight-status-words: an import whose collection got another type while it waited has failed', () =>
  withFake({ importMs: Infinity }, async (fake) => {
    const accepted = await raw(fake, 'PUT', '/insightData/v3/import', things({}))
    await raw(fake, 'POST', '/insightData/v3/collections/things?collectionScope=contact&collectionType=custom')
    fake.account.finishImports()
    expect((await raw(fake, 'GET', `/insightData/v3/import/${String(accepted.json['importId'])}`)).json['status']).toBe('Failed')
  }))

test('insight-status-words: a failed import has applied nothing and has no summary', () =>
  withFake({}, async (fake) => {
    fake.account.failNextInsightImport()
    expect((await imported(fake, 'insightData', things({ a: 1 }))).json).toEqual({ importId: expect.any(String), status: 'Failed' })
    expect(fake.account.collections()).toEqual([])
    expect((await imported(fake, 'insightData', things({ a: 1 }))).json['summary']).toMatchObject({ totalImported: 1 })
  }))

test('insight-contact-must-exist: a record of somebody unknown is rejected, and so is one without an identity', () =>
  withFake({}, async (fake) => {
    const report = await imported(
      fake,
      'insightData',
      orders(
        { key: 'a', json: {}, contactIdentity: ada },
        { key: 'b', json: {}, contactIdentity: { identifier: 'contactId', value: '5' } },
        { key: 'c', json: {} },
        { key: 'd', json: {}, contactIdentity: { identifier: 'email', value: 'nobody' } },
      ),
    )
    expect(Object.fromEntries(failures(report).map(({ key, failureReason }) => [key, failureReason]))).toEqual({
      a: 'ContactEmailDoesNotExist',
      b: 'ContactIdDoesNotExist',
      c: 'InvalidContactIdentifier',
      d: 'InvalidContactIdentifier',
    })
    expect(failures(report).find(({ key }) => key === 'a')).toMatchObject({
      collectionOwner: { ownerType: 'contact', contactIdentity: ada },
      json: {},
    })
    const single = await raw(fake, 'PUT', '/insightData/v3/contacts/email/ada@example.com/Orders/1', {})
    expect([single.status, single.error]).toEqual([404, 'insightData:contactNotFound'])
    expect(fake.account.records('Orders')).toEqual([])
  }))

test('insight-contact-must-exist: an order that overtakes the import of its contact is rejected', () => {
  let now = noon
  return withFake({ importMs: (job) => (job.kind === 'contacts' ? 5000 : 1000), now: () => now }, async (fake) => {
    await raw(fake, 'PUT', '/contacts/v3/import', { contacts: [{ matchIdentifier: 'email', identifiers: { email: ada.value } }] })
    await raw(fake, 'PUT', '/insightData/v3/import', orders({ key: '1', json: {}, contactIdentity: ada }))
    now = noon + 10_000
    expect([fake.account.contactOf(ada.value)?.identifiers, fake.account.records('Orders')]).toEqual([{ email: ada.value }, []])
  })
})

test('insight-schema-locks: the first record decides the types, and a record that does not fit costs only itself', () =>
  withFake({}, async (fake) => {
    await imported(
      fake,
      'insightData',
      things({ price: 19, sku: '1', on: true, at: '2026-11-21T10:00:00Z', tags: ['a'], address: { city: 'X' } }),
    )
    for (const json of [
      { price: '19.99' },
      { sku: 1 },
      { on: 'true' },
      { at: 'soon' },
      { tags: 'a' },
      { tags: [1] },
      { sku: ['1'] },
      { address: 'X' },
      { address: { city: 5 } },
    ])
      expect([json, await reasonOf(fake, json)]).toEqual([json, 'JsonValueIncompatibleWithSchema'])
    const report = await imported(fake, 'insightData', things({ price: 19.99 }, { price: 'x' }, { price: null, tags: [], address: {} }))
    expect([report.json['summary'], failures(report)[0]?.details]).toEqual([
      { totalRecords: 3, totalImported: 2, totalRejected: 1 },
      ["Field 'price' is expected to be a float"],
    ])
  }))

test('insight-schema-extends: new fields are learned, null teaches nothing, and the schema can be read', () =>
  withFake({}, async (fake) => {
    await imported(fake, 'insightData', things({ note: null, name: 'x', list: [] }))
    await imported(fake, 'insightData', things({ note: 5, name: '2026-11-21T10:00:00Z', list: [{ qty: 1 }] }))
    expect(await reasonOf(fake, { note: 'x' })).toBe('JsonValueIncompatibleWithSchema')
    const reply = await raw(fake, 'GET', '/insightData/v3/collections/things/schema')
    const columns = reply.json['schema'] as { name: string; fields: unknown }[]
    expect(columns.find(({ name }) => name === 'json')?.fields).toEqual([
      { name: 'note', mode: 'NULLABLE', type: 'FLOAT', fields: [] },
      { name: 'name', mode: 'NULLABLE', type: 'STRING', fields: [] },
      { name: 'list', mode: 'REPEATED', type: 'RECORD', fields: [{ name: 'qty', mode: 'NULLABLE', type: 'FLOAT', fields: [] }] },
    ])
  }))

test('insight-schema-extends: a record that is rejected teaches nothing', () =>
  withFake({}, async (fake) => {
    await imported(fake, 'insightData', things({ a: 1 }))
    expect(await reasonOf(fake, { b: 'text', a: 'x' })).toBe('JsonValueIncompatibleWithSchema')
    expect(await reasonOf(fake, { b: 5 })).toBeUndefined()
  }))

test('insight-nested-array: a list inside a list is rejected, also behind an object', () =>
  withFake({}, async (fake) => {
    expect(await reasonOf(fake, { matrix: [[1], [2]] })).toBe('JsonContainsNestedArray')
    expect(await reasonOf(fake, { products: [{ sku: 'a', sub_items: [{ sku: 'b' }] }] })).toBe('JsonContainsNestedArray')
    expect(await reasonOf(fake, { products: [{ a: { b: [] } }] })).toBe('JsonContainsNestedArray')
    expect(await reasonOf(fake, { products: [{ sku: 'a', price: { amount: 1 } }], tags: ['x'] })).toBeUndefined()
  }))

test('insight-limits: keys, names, texts and numbers have bounds', () =>
  withFake({ insightLimits: { recordKey: 5, jsonKey: 10, jsonValue: 20, number: 1000 } }, async (fake) => {
    expect(await reasonOf(fake, { ['x'.repeat(11)]: 1 })).toBe('JsonKeyTooLong')
    expect(await reasonOf(fake, { 'a b': 1 })).toBe('JsonKeyInvalidCharacters')
    expect(await reasonOf(fake, { '1a': 1 })).toBe('JsonKeyInvalidCharacters')
    expect(await reasonOf(fake, { a: [{ b: 'x'.repeat(21) }] })).toBe('JsonValueTooLong')
    expect(await reasonOf(fake, { a: -1001 })).toBe('JsonNumberValueTooLarge')
    expect(await reasonOf(fake, 'text')).toBe('InvalidJson')
    expect(await reasonOf(fake, { ['x'.repeat(10)]: 1000, b: 'x'.repeat(20) })).toBeUndefined()
    for (const key of ['', 'x'.repeat(6), 5, undefined]) {
      const report = await imported(fake, 'insightData', { ...things(), records: [{ key, json: {} }] })
      expect([key, failures(report)[0]?.failureReason]).toEqual([key, 'InvalidClientKey'])
    }
  }))

test('insight-duplicate-key: a key twice in one import is rejected the second time', () =>
  withFake({}, async (fake) => {
    const record = (json: object): object => ({ key: '1', json })
    const report = await imported(fake, 'insightData', { ...things(), records: [record({ a: 1 }), record({ a: 2 })] })
    expect([failures(report).map(({ failureReason }) => failureReason), fake.account.record('things', '1')]).toEqual([
      ['DuplicateKey'],
      { a: 1 },
    ])
  }))

test('insight-key-per-contact: the same key under two contacts is two records', () =>
  withFake({}, async (fake) => {
    for (const name of ['ada', 'bob']) {
      fake.account.addContact({ identifiers: { email: `${name}@example.com` } })
      const contactIdentity = { identifier: 'email', value: `${name}@example.com` }
      await imported(fake, 'insightData', orders({ key: '1', json: { name }, contactIdentity }))
    }
    expect(fake.account.records('Orders')).toHaveLength(2)
    expect(fake.account.record('Orders', '1', 'bob@example.com')).toEqual({ name: 'bob' })
  }))

test('insight-single-put: 201 for a new record, 204 for a replaced one, 400 with the reason otherwise', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada+x@example.com' } })
    await raw(fake, 'POST', newOrders)
    const path = `/insightData/v3/contacts/email/${encodeURIComponent('ada+x@example.com')}/Orders/${encodeURIComponent('A/1')}`
    const statuses = [await raw(fake, 'PUT', path, { total: 1, note: 'x' }), await raw(fake, 'PUT', path, { total: 2 })]
    expect(statuses.map(({ status, body }) => [status, body])).toEqual([
      [201, ''],
      [204, ''],
    ])
    expect((await raw(fake, 'GET', path)).json).toMatchObject({ key: 'A/1', json: { total: 2 } })
    const wrong = await raw(fake, 'PUT', path, { total: 'x' })
    expect([wrong.status, wrong.error]).toEqual([400, 'insightData:JsonValueIncompatibleWithSchema'])
    await raw(fake, 'POST', '/insightData/v3/collections/catalog_x?collectionScope=account&collectionType=catalog')
    expect((await raw(fake, 'PUT', '/insightData/v3/account/catalog_x/p1', { name: 'Hat' })).status).toBe(201)
    expect(fake.account.record('catalog_x', 'p1')).toEqual({ name: 'Hat' })
  }))

test('collection-not-found: a single record needs its collection, of the right scope', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    const path = `/insightData/v3${byEmail('ada@example.com').replace('/contacts/v3', '/contacts')}/Orders/1`
    const missing = await raw(fake, 'PUT', path, {})
    expect([missing.status, missing.error]).toEqual([404, 'insightData:collectionNotFound'])
    await raw(fake, 'POST', newOrders)
    expect((await raw(fake, 'PUT', path, {})).status).toBe(201)
    expect((await raw(fake, 'PUT', '/insightData/v3/account/Orders/1', {})).status).toBe(404)
    expect((await raw(fake, 'GET', '/insightData/v3/collections/nope/schema')).status).toBe(404)
  }))

test('record-not-found: reading and deleting what is not there is 404', () =>
  withFake({}, async (fake) => {
    await imported(fake, 'insightData', things({ a: 1 }))
    expect((await raw(fake, 'DELETE', '/insightData/v3/account/things/k0')).status).toBe(204)
    for (const method of ['GET', 'DELETE'])
      expect((await raw(fake, method, '/insightData/v3/account/things/k0')).error).toBe('insightData:recordNotFound')
  }))

test('insight-bulk-delete: 1 to 5000 keys, and what was not there is named', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    await imported(fake, 'insightData', things({ a: 1 }, { a: 2 }))
    const path = '/insightData/v3/accounts/things/deleteRecords'
    expect((await raw(fake, 'DELETE', path, { keys: ['k0', 'nope'] })).body).toEqual({
      summary: { totalRecords: 2, totalDeleted: 1, totalNotFound: 1 },
      notFound: ['nope'],
    })
    for (const keys of [[], Array.from({ length: 5001 }, (_, index) => `k${index}`), 'k1', [1]])
      expect((await raw(fake, 'DELETE', path, { keys })).status).toBe(400)
    expect(fake.account.records('things').map(({ key }) => key)).toEqual(['k1'])
    await imported(fake, 'insightData', orders({ key: '1', json: {}, contactIdentity: ada }))
    const ofContact = await raw(fake, 'DELETE', '/insightData/v3/contacts/email/ada@example.com/Orders/deleteRecords', { keys: ['1'] })
    expect(ofContact.json['summary']).toEqual({ totalRecords: 1, totalDeleted: 1, totalNotFound: 0 })
  }))

test('insight-pages: records by marker, of the account, of one contact and of all', () => {
  let now = noon
  return withFake({ now: () => now }, async (fake) => {
    await imported(fake, 'insightData', things({ n: 0 }, { n: 1 }, { n: 2 }))
    const keys = (reply: RawReply): unknown[] => (reply.json['_items'] as { key: string }[]).map(({ key }) => key)
    const first = await raw(fake, 'GET', '/insightData/v3/account/things?limit=2')
    const { next } = first.json['_links'] as { next: { marker: string } }
    expect([keys(first), keys(await raw(fake, 'GET', `/insightData/v3/account/things?limit=2&marker=${next.marker}`))]).toEqual([
      ['k0', 'k1'],
      ['k2'],
    ])
    expect((await raw(fake, 'GET', '/insightData/v3/account/things?limit=1001')).status).toBe(400)
    now += 1000
    await raw(fake, 'PUT', '/insightData/v3/account/things/k1', { n: 9 })
    expect(keys(await raw(fake, 'GET', '/insightData/v3/account/things?~modified=gte::2026-11-21T12:00:01Z'))).toEqual(['k1'])
    for (const name of ['ada', 'bob']) {
      fake.account.addContact({ identifiers: { email: `${name}@example.com` } })
      await imported(
        fake,
        'insightData',
        orders({ key: name, json: {}, contactIdentity: { identifier: 'email', value: `${name}@example.com` } }),
      )
    }
    expect(keys(await raw(fake, 'GET', '/insightData/v3/contacts/email/bob@example.com/Orders'))).toEqual(['bob'])
    expect(keys(await raw(fake, 'GET', '/insightData/v3/contacts/Orders'))).toEqual(['ada', 'bob'])
  })
})

test('insight-pages: a record that is written again while paging comes last, once more', () =>
  withFake({}, async (fake) => {
    await imported(fake, 'insightData', things({ n: 0 }, { n: 1 }, { n: 2 }))
    const first = await raw(fake, 'GET', '/insightData/v3/account/things?limit=2')
    const { next } = first.json['_links'] as { next: { marker: string } }
    await raw(fake, 'PUT', '/insightData/v3/account/things/k0', { n: 9 })
    const second = await raw(fake, 'GET', `/insightData/v3/account/things?limit=2&marker=${next.marker}`)
    expect(second.json['_items']).toMatchObject([
      { key: 'k2', json: { n: 2 } },
      { key: 'k0', json: { n: 9 } },
    ])
  }))
