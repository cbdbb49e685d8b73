import { expect, test } from 'vitest'

import { objects, raw, withFake } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

const path = '/crm/lists/2026-03'
const make = (fake: FakeHubSpot, name: string, over: object = {}) =>
  raw(fake, 'POST', path, { name, objectTypeId: '0-1', processingType: 'MANUAL', ...over })
const contact = (fake: FakeHubSpot, email: string): string => fake.portal.create('contacts', { email })

test('list-members-idempotent: the answer names those that were added, removed and missing, and no others', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.createList('shop:vip')
    const [a, b] = [contact(fake, 'a@example.com'), contact(fake, 'b@example.com')]
    const change = (toAdd: string[], toRemove: string[]) =>
      raw(fake, 'PUT', `${path}/${id}/memberships/add-and-remove`, { recordIdsToAdd: toAdd, recordIdsToRemove: toRemove })
    expect((await change([a, '999'], [b])).body).toEqual({ recordsIdsAdded: [a], recordIdsRemoved: [], recordIdsMissing: ['999'] })
    expect((await change([a, b], [])).body).toEqual({ recordsIdsAdded: [b], recordIdsRemoved: [], recordIdsMissing: [] })
    expect((await change([], [a])).body).toEqual({ recordsIdsAdded: [], recordIdsRemoved: [a], recordIdsMissing: [] })
    expect([fake.portal.listsOf(a), fake.portal.listsOf(b)]).toEqual([[], ['shop:vip']])
    expect((await raw(fake, 'PUT', `${path}/${id}/memberships/add`, [a])).body).toMatchObject({ recordsIdsAdded: [a] })
    expect((await raw(fake, 'PUT', `${path}/${id}/memberships/remove`, [a])).body).toMatchObject({ recordIdsRemoved: [a] })
    expect((await raw(fake, 'PUT', `/crm/v3/lists/${id}/memberships/add`, [a])).body).toMatchObject({ recordsIdsAdded: [a] })
    expect((await raw(fake, 'PUT', `${path}/${id}/memberships/add`, { ids: [a] })).status).toBe(400)
  }))

test('list-name-unique: two lists cannot share a name, whatever its case', () =>
  withFake({}, async (fake) => {
    expect((await make(fake, 'shop:vip')).body).toMatchObject({ list: { name: 'shop:vip', processingType: 'MANUAL' } })
    expect((await make(fake, 'Shop:VIP')).status).toBe(400)
  }))

test('list-dynamic-needs-filters: a dynamic list is defined by filters', () =>
  withFake({}, async (fake) => {
    expect((await make(fake, 'x', { processingType: 'DYNAMIC' })).status).toBe(400)
    expect((await make(fake, 'x', { processingType: 'DYNAMIC', filterBranch: {} })).status).toBe(200)
    expect((await make(fake, 'y', { processingType: 'STATIC' })).status).toBe(400)
  }))

test('list-members-manual-only: members of a dynamic list cannot be changed', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.createList('dynamic', 'DYNAMIC')
    expect((await raw(fake, 'PUT', `${path}/${id}/memberships/add`, [contact(fake, 'a@example.com')])).status).toBe(400)
  }))

test('list-not-found: unknown lists are a 404', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', `${path}/404`)).status).toBe(404)
    expect((await raw(fake, 'PUT', `${path}/404/memberships/add`, [])).status).toBe(404)
    const id = fake.portal.createList('gone')
    expect((await raw(fake, 'GET', `${path}/${id}`)).body).toMatchObject({ list: { listId: id } })
    expect((await raw(fake, 'DELETE', `${path}/${id}`)).status).toBe(204)
    expect((await raw(fake, 'GET', `${path}/${id}`)).status).toBe(404)
  }))

test('list-search-page: lists are found by a part of their name, in pages', () =>
  withFake({}, async (fake) => {
    for (let index = 0; index < 25; index += 1) fake.portal.createList(`shop:${index}`)
    const search = (body: object) => raw(fake, 'POST', `${path}/search`, body)
    expect((await search({})).body).toMatchObject({ total: 25, offset: 20, hasMore: true })
    expect((await search({ offset: 20 })).body).toMatchObject({ offset: 25, hasMore: false })
    expect((await search({ query: 'SHOP:7' })).body).toMatchObject({ total: 1 })
    expect((await search({ processingTypes: ['DYNAMIC'] })).body).toMatchObject({ total: 0 })
    expect((await search({ count: 501 })).status).toBe(400)
  }))

test('list-merge-keeps-members: a merged contact is in the lists of both', () =>
  withFake({}, async (fake) => {
    const [a, b] = [contact(fake, 'a@example.com'), contact(fake, 'b@example.com')]
    for (const [name, id] of [
      ['one', a],
      ['two', b],
    ] as const) {
      fake.portal.createList(name)
      fake.portal.addToList(name, id)
    }
    await raw(fake, 'POST', objects('contacts', '/merge'), { primaryObjectId: a, objectIdToMerge: b })
    expect(fake.portal.listsOf(a).toSorted()).toEqual(['one', 'two'])
  }))
