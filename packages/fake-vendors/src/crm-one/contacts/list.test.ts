import { expect, test } from 'vitest'

import { contactPath, raw, shop, withFake, type RawReply } from '../raw.test-helper.ts'
import type { FakeCrmOne } from '../server.ts'

const start = Date.parse('2026-01-01T00:00:00Z')

function namesOf(reply: RawReply): string[] {
  const items: unknown = reply.body['items']
  return Array.isArray(items) ? items.map((item: { externalIds: { id: string }[] }) => item.externalIds[0]?.id ?? '') : []
}

function nextOf(reply: RawReply): string | undefined {
  const { next } = reply.body
  return typeof next === 'string' ? encodeURIComponent(next) : undefined
}

async function readAll(fake: FakeCrmOne, query: string, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const found: string[] = []
  let cursor = ''
  for (;;) {
    const page = await raw(fake, 'GET', `/contacts?${query}${cursor}`)
    found.push(...namesOf(page))
    const next = nextOf(page)
    if (next === undefined) return found
    cursor = `&cursor=${next}`
    await between()
  }
}

/** Contacts 1 to 5, one a second; 3 and 4 in the same millisecond. */
async function withFive(body: (fake: FakeCrmOne, tick: (ms: number) => void) => Promise<void>): Promise<void> {
  let now = start
  await withFake({ now: () => now }, async (fake) => {
    for (const id of ['1', '2', '3', '4', '5']) {
      await raw(fake, 'PUT', contactPath(id), { sourceVersion: 1 })
      if (id !== '3') now += 1000
    }
    await body(fake, (ms) => (now += ms))
  })
}

test('list-updated-since: contacts changed at or after a time, oldest change first', () =>
  withFive(async (fake) => {
    expect(await readAll(fake, 'limit=2')).toEqual(['1', '2', '3', '4', '5'])
    expect(await readAll(fake, 'updatedSince=2026-01-01T00:00:02Z')).toEqual(['3', '4', '5'])
    expect(await readAll(fake, `updatedSince=${encodeURIComponent('2026-01-01T01:00:02.001+01:00')}`)).toEqual(['5'])
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2 })
    expect(await readAll(fake, 'updatedSince=2026-01-01T00:00:02Z&limit=1')).toEqual(['3', '4', '5', '1'])
    for (const since of ['yesterday', '2026-01-01', '2026-01-01T00:00:00']) {
      expect((await raw(fake, 'GET', `/contacts?updatedSince=${since}`)).errors).toEqual(['query/updatedSince format'])
    }
  }))

test('list-changes-while-read: what changes between pages comes again at the end, nothing is left out, the erased are gone', () =>
  withFive(async (fake, tick) => {
    let pages = 0
    const found = await readAll(fake, 'limit=1', async () => {
      pages += 1
      tick(1000)
      if (pages === 1) await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2 })
      if (pages === 2) await raw(fake, 'PUT', contactPath('4'), { sourceVersion: 2 })
      if (pages === 3) fake.crm.erase(`${shop}/5`)
    })
    expect(found).toEqual(['1', '2', '3', '1', '4'])
  }))

test('list-cursor: a cursor that is none, or of another listing, is malformed', () =>
  withFive(async (fake) => {
    const page = await raw(fake, 'GET', '/contacts?limit=2')
    const cursor = nextOf(page)
    expect(namesOf(await raw(fake, 'GET', `/contacts?limit=2&cursor=${cursor}`))).toEqual(['3', '4'])
    for (const query of ['cursor=2', 'cursor=', `cursor=${cursor}&updatedSince=2026-01-01T00:00:00Z`]) {
      const reply = await raw(fake, 'GET', `/contacts?${query}`)
      expect([reply.status, reply.code, reply.errors]).toEqual([400, 'malformed', ['query/cursor unknown']])
    }
  }))

test('list-limit: 1 to 500 a page, 100 without a word; unknown parameters are malformed', () =>
  withFake({}, async (fake) => {
    for (let index = 0; index < 510; index += 1) fake.crm.create({ name: { given: 'x' } })
    expect(namesOf(await raw(fake, 'GET', '/contacts'))).toHaveLength(100)
    expect(namesOf(await raw(fake, 'GET', '/contacts?limit=500'))).toHaveLength(500)
    for (const query of ['limit=501', 'limit=0', 'limit=', 'limit=ten', 'limit=-1', 'offset=2']) {
      expect([query, (await raw(fake, 'GET', `/contacts?${query}`)).code]).toEqual([query, 'malformed'])
    }
  }))
