import { expect, test } from 'vitest'

import { objects, raw, withFake } from '../raw.ts'

const path = objects('contacts', '/search')

function byEmail(email: string): object {
  return { filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: email }] }] }
}

test('search-index-lag: search sees the past, while reads see the present', async () => {
  let now = Date.UTC(2026, 0, 1)
  await withFake({ now: () => now, searchLagMs: 5000 }, async (fake) => {
    const total = async (email: string): Promise<unknown> => (await raw(fake, 'POST', path, byEmail(email))).results.length
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    now += 4999
    expect([await total('ada@example.com'), (await raw(fake, 'GET', objects('contacts', `/${id}`))).status]).toEqual([0, 200])
    now += 1
    expect(await total('ada@example.com')).toBe(1)
    fake.portal.update('contacts', id, { email: 'new@example.com' })
    expect([await total('ada@example.com'), await total('new@example.com')]).toEqual([1, 0])
    now += 5000
    fake.portal.archive('contacts', id)
    expect([await total('ada@example.com'), await total('new@example.com')]).toEqual([0, 1])
    now += 5000
    expect(await total('new@example.com')).toBe(0)
  })
})

test('search-caps: pages, depth, groups and filters are limited', () =>
  withFake({ searchLagMs: 0 }, async (fake) => {
    const filter = { propertyName: 'city', operator: 'HAS_PROPERTY' }
    const groups = (...sizes: number[]): object => ({
      filterGroups: sizes.map((size) => ({ filters: Array.from({ length: size }, () => filter) })),
    })
    const status = async (body: object): Promise<number> => (await raw(fake, 'POST', path, body)).status
    expect(await status({ limit: 200 })).toBe(200)
    expect(await status({ limit: 201 })).toBe(400)
    expect(await status({ limit: 100, after: '9900' })).toBe(200)
    expect(await status({ limit: 100, after: '9901' })).toBe(400)
    expect(await status(groups(6, 6, 6))).toBe(200)
    expect(await status(groups(7))).toBe(400)
    expect(await status(groups(1, 1, 1, 1, 1, 1))).toBe(400)
    expect(await status(groups(4, 4, 4, 4, 3))).toBe(400)
  }))

test('operators compare by type, groups are alternatives, and pages follow the sort', async () => {
  await withFake({ searchLagMs: 0 }, async (fake) => {
    for (const [name, amount, closedate] of [
      ['a', '9', '2026-01-01T00:00:00Z'],
      ['b', '10', '2026-02-01T00:00:00Z'],
      ['c', '100', ''],
    ] as const) {
      fake.portal.create('deals', { dealname: `${name} deal`, dealstage: 'closedwon', amount, closedate })
    }
    const find = async (...filters: object[]): Promise<unknown[]> => {
      const body = {
        filterGroups: filters.map((filter) => ({ filters: [filter] })),
        properties: ['dealname'],
        sorts: [{ propertyName: 'amount', direction: 'DESCENDING' }],
      }
      const reply = await raw(fake, 'POST', objects('deals', '/search'), body)
      return reply.results.map((result) => /"dealname":"(\w)/.exec(JSON.stringify(result))?.[1])
    }
    expect(await find({ propertyName: 'amount', operator: 'GTE', value: '10' })).toEqual(['c', 'b'])
    expect(await find({ propertyName: 'amount', operator: 'BETWEEN', value: '9', highValue: '10' })).toEqual(['b', 'a'])
    expect(await find({ propertyName: 'closedate', operator: 'LT', value: String(Date.UTC(2026, 0, 15)) })).toEqual(['a'])
    expect(await find({ propertyName: 'closedate', operator: 'NOT_HAS_PROPERTY' })).toEqual(['c'])
    expect(await find({ propertyName: 'amount', operator: 'IN', values: ['9', '100'] })).toEqual(['c', 'a'])
    expect(await find({ propertyName: 'amount', operator: 'NOT_IN', values: ['9', '100'] })).toEqual(['b'])
    expect(
      await find(
        { propertyName: 'amount', operator: 'NEQ', value: '9' },
        { propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'A' },
      ),
    ).toEqual(['c', 'b', 'a'])
    expect(await find({ propertyName: 'dealname', operator: 'NOT_CONTAINS_TOKEN', value: 'b*' })).toEqual(['c', 'a'])
    expect(
      (
        await raw(fake, 'POST', objects('deals', '/search'), {
          filterGroups: [{ filters: [{ propertyName: 'nope', operator: 'HAS_PROPERTY' }] }],
        })
      ).status,
    ).toBe(400)
    const page = await raw(fake, 'POST', objects('deals', '/search'), { limit: 2, query: 'deal' })
    expect(page.body).toMatchObject({ total: 3, paging: { next: { after: '2' } } })
  })
})
