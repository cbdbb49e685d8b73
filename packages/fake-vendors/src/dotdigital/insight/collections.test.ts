import { expect, test } from 'vitest'

import { raw, withFake } from '../raw.ts'
import type { FakeDotdigital } from '../server.ts'

function create(fake: FakeDotdigital, name: string, scope = 'account', type = 'custom'): ReturnType<typeof raw> {
  return raw(fake, 'POST', `/insightData/v3/collections/${encodeURIComponent(name)}?collectionScope=${scope}&collectionType=${type}`)
}

function importInto(fake: FakeDotdigital, claim: object): ReturnType<typeof raw> {
  const base = { collectionName: 'things', collectionScope: 'account', collectionType: 'custom', records: [{ key: '1', json: {} }] }
  return raw(fake, 'PUT', '/insightData/v3/import', { ...base, ...claim })
}

test('collection-create: 201, then 200, and all can be listed', () =>
  withFake({}, async (fake) => {
    expect([(await create(fake, 'things')).status, (await create(fake, 'things')).status]).toEqual([201, 200])
    expect((await raw(fake, 'GET', '/insightData/v3/collections')).body).toEqual([
      { collectionName: 'things', collectionType: 'custom', collectionScope: 'account', recordCount: 0 },
    ])
  }))

test('collection-name: letters, digits, hyphen and underscore, two at least, no digit first', () =>
  withFake({}, async (fake) => {
    for (const name of ['a', '1a', 'my collection', 'a.b', 'ä'.repeat(3), 'x'.repeat(256)]) {
      expect([name, (await create(fake, name)).status]).toEqual([name, 400])
      expect([name, (await importInto(fake, { collectionName: name })).status]).toEqual([name, 400])
    }
    expect((await create(fake, '-_')).status).toBe(201)
    expect((await create(fake, 'x'.repeat(255))).status).toBe(201)
  }))

test('collection-catalog-prefix: a catalogue is called catalog_ something', () =>
  withFake({}, async (fake) => {
    expect((await create(fake, 'Catalog_x', 'account', 'catalog')).status).toBe(400)
    expect((await create(fake, 'catalog_x', 'account', 'catalog')).status).toBe(201)
  }))

test('collection-scope-and-type: known ones that go together', () =>
  withFake({}, async (fake) => {
    for (const [scope, type] of [
      ['contact', 'catalog'],
      ['account', 'orders'],
      ['account', 'cartInsight'],
      ['contact', 'event'],
      ['store', 'custom'],
      ['account', 'things'],
    ] as const)
      expect([type, (await create(fake, 'catalog_x', scope, type)).status]).toEqual([type, 400])
    expect((await importInto(fake, { collectionType: undefined })).status).toBe(400)
    expect(fake.account.collections()).toEqual([])
  }))

test('collection-fixed: scope and type of a collection do not change', () =>
  withFake({}, async (fake) => {
    await create(fake, 'things')
    expect((await create(fake, 'things', 'contact')).status).toBe(400)
    expect((await importInto(fake, { collectionType: 'webInsight' })).status).toBe(400)
    expect((await importInto(fake, {})).status).toBe(202)
  }))

test('collection-cap: beyond the cap there is no new collection, by call or by import', () =>
  withFake({ insightLimits: { collections: 1 } }, async (fake) => {
    await create(fake, 'things')
    expect((await create(fake, 'more')).status).toBe(412)
    expect((await importInto(fake, { collectionName: 'more' })).status).toBe(412)
    expect((await create(fake, 'things')).status).toBe(200)
  }))
