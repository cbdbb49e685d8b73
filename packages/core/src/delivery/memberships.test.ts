import { describe, expect, it } from 'vitest'
import type { ContractOverride, MembershipRule } from '../contract/contract.ts'
import { holds, join, path } from '../contract/expression.ts'
import { is, isOneOf } from '../contract/predicate.ts'
import { createMillrace } from '../create-millrace.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = '2026-05-01T00:00:00.000Z'
const customer = (id: string, over: Partial<Customer> = {}): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: at, modifiedAt: at, email: `${id}@example.com`, ...over })

const rules: MembershipRule[] = [
  { kind: 'list', dimension: 'store', value: path('stores') },
  { kind: 'tag', name: 'vip', value: holds(is('groups.key', 'vip')) },
]

const world = (contract: ContractOverride = { memberships: rules }) => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  const store = memoryStore()
  const open = (changed: ContractOverride = contract) =>
    createMillrace({ sources: { shop }, connections: { crm: { destination: crm, contract: changed } }, store })
  const of = (key: string) => [...(crm.objectsOf('contact').find((item) => item.key === `shop:${key}`)?.memberships ?? [])].toSorted()
  return { shop, crm, open, of, millrace: open() }
}

describe('memberships', () => {
  it('are named after prefix, dimension and value, or as the rule says', async () => {
    const { shop, millrace, of } = world()
    shop.put(customer('a', { stores: ['berlin', 'wien'], groups: [{ id: 'g1', key: 'vip' }] }))
    shop.put(customer('b'))
    await millrace.sync()
    expect(of('a')).toEqual(['list:shop:store:berlin', 'list:shop:store:wien', 'tag:vip'])
    expect(of('b')).toEqual([])
  })

  it('are taken away when they no longer hold, but only those that we gave', async () => {
    const { shop, crm, millrace, of } = world()
    shop.put(customer('a', { stores: ['berlin', 'wien'] }))
    await millrace.backfill()
    crm.objectsOf('contact')[0]?.memberships.add('list:shop:store:graz').add('list:newsletter')
    shop.put(customer('a', { stores: ['wien', 'graz'], lastName: 'New' }))
    await millrace.backfill()
    expect(of('a')).toEqual(['list:newsletter', 'list:shop:store:graz', 'list:shop:store:wien'])
    shop.put(customer('a', { stores: [] }))
    await millrace.backfill()
    expect(of('a')).toEqual(['list:newsletter', 'list:shop:store:graz'])
  })

  it('that somebody else gave stay, although we wanted them too and wrote the person often', async () => {
    const { shop, crm, millrace, of } = world()
    // Says nothing of what it keeps, as an adapter may that had nothing to do.
    crm.intercept = ({ unit, remoteId, membershipsChanged }) =>
      membershipsChanged || remoteId === undefined ? undefined : { unit, result: 'delivered', created: false, remoteId }
    shop.put(customer('a'))
    await millrace.sync()
    crm.objectsOf('contact')[0]?.memberships.add('list:shop:store:berlin')
    shop.put(customer('a', { stores: ['berlin'] }))
    await millrace.backfill()
    shop.put(customer('a', { stores: ['berlin'], lastName: 'New' }))
    await millrace.backfill()
    shop.put(customer('a', { lastName: 'New' }))
    await millrace.backfill()
    expect(of('a')).toEqual(['list:shop:store:berlin'])
  })

  it('send a record when nothing else changed, and nothing when they did not change either', async () => {
    const { shop, crm, millrace } = world()
    shop.put(customer('a', { stores: ['berlin'] }))
    await millrace.backfill()
    shop.put(customer('a', { stores: ['wien'] }))
    await millrace.backfill()
    expect(crm.inputs.at(-1)).toMatchObject([{ changedFields: [], membershipsChanged: true }])
    const calls = crm.inputs.length
    shop.put(customer('a', { stores: ['wien'], title: 'Dr.' }))
    expect((await millrace.backfill()).connections['crm']).toMatchObject({ unchanged: 1, delivered: 0 })
    shop.put(customer('a', { stores: ['wien'], lastName: 'Moved' }))
    await millrace.backfill()
    expect(crm.inputs).toHaveLength(calls + 1)
    expect(crm.inputs.at(-1)).toMatchObject([{ changedFields: ['name'], membershipsChanged: false }])
  })

  it('that a new contract brings go to exactly the people that it concerns', async () => {
    const { shop, crm, open, of } = world({})
    for (let index = 0; index < 20; index += 1) shop.put(customer(`c${index}`, { locale: index < 5 ? 'de' : 'en' }))
    await open().sync()
    const calls = crm.inputs.flat().length
    const memberships: MembershipRule[] = [{ kind: 'list', name: 'german', value: holds(isOneOf('language', 'de', 'nl')) }]
    const report = await open({ memberships }).sync()
    expect(report.connections['crm']).toMatchObject({ updated: 5, unchanged: 15 })
    expect(crm.inputs.flat()).toHaveLength(calls + 5)
    expect(of('c0')).toEqual(['list:german'])
  })

  it.each<[string, MembershipRule, string]>([
    ['neither name nor dimension', { kind: 'list', value: path('locale') }, 'memberships.0: give it either a name'],
    ['a name with a text', { kind: 'tag', name: 'x', value: path('locale') }, 'memberships.0.value: a membership with a name needs'],
    ['an unknown path', { kind: 'tag', dimension: 'x', value: path('local') }, 'did you mean "locale"?'],
    ['an unknown predicate path', { kind: 'tag', name: 'x', value: holds(is('country2', 'DE')) }, 'did you mean "country"?'],
    ['an address', { kind: 'tag', dimension: 'x', value: path('billingAddress') }, 'needs texts'],
    ['a dimension with a colon', { kind: 'tag', dimension: 'a:b', value: join('stores') }, 'memberships.0.dimension: '],
  ])('with %s are refused', (_name, rule, message) => {
    expect(() => world({ memberships: [rule] })).toThrow(message)
  })

  it('of a kind that the destination does not have are refused', () => {
    const good = recordingDestination()
    const { memberships: _, ...contact } = good.objects['contact'] ?? { from: 'person', keyField: 'key', fields: {} }
    const destination = { ...good, objects: { ...good.objects, contact: { ...contact, memberships: ['tag' as const] } } }
    const open = (memberships: MembershipRule[]) =>
      createMillrace({
        sources: { shop: scriptedSource() },
        connections: { crm: { destination, contract: { memberships } } },
        store: memoryStore(),
      })
    expect(() => open(rules)).toThrow("memberships.0.kind: recording has no lists that a contract can fill; use kind: 'tag'")
  })
})
