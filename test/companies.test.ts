import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

describe('people of one company without business units', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    const at = '2026-01-01T00:00:00.000Z'
    for (const id of ['ada', 'bob', 'eve']) {
      const company = id === 'eve' ? {} : { companyName: 'Acme GmbH' }
      world.shop.project.add('customer', { id, email: `${id}@example.com`, createdAt: at, lastModifiedAt: at, addresses: [], ...company })
    }
  })
  afterAll(() => world.close())

  it('are linked to one company, which a second pass leaves alone', async () => {
    const millrace = world.open({ source: { companyRule: 'name' } })
    await millrace.apply()
    const report = await millrace.backfill()
    expect(report.run.status).toBe('completed')
    const { portal } = world.portal
    const [company, ...others] = portal.all('companies')
    expect(others).toEqual([])
    expect(company?.properties['name']).toBe('Acme GmbH')
    const linked = portal
      .all('contacts')
      .filter((contact) => portal.associated('contacts', contact.id, 'companies').includes(company?.id ?? ''))
    expect(linked.map((contact) => contact.properties['email']).toSorted()).toEqual(['ada@example.com', 'bob@example.com'])
    expect((await millrace.backfill()).connections['hubspot']).toMatchObject({ created: 0, updated: 0 })
  })
})
