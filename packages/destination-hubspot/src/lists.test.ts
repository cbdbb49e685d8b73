import { constant, holds, is, mapValues, path, type ContractOverride, type Membership } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { closePortals, known, openPortal, people, person } from './test-support/portal.ts'

afterEach(closePortals)

const list = (name: string): Membership => ({ kind: 'list', name })
const contract: ContractOverride = {
  memberships: [
    { kind: 'list', name: 'shop:vip', value: holds(is('groups.key', 'vip')) },
    { kind: 'list', dimension: 'tier', value: mapValues(path('custom.tier'), { G: 'gold', S: 'silver' }) },
    { kind: 'list', dimension: 'store', value: path('stores') },
  ],
}
const listCalls = (calls: string[]): string[] => calls.filter((call) => call.includes('/lists/'))

describe('lists', () => {
  it('that the contract can name are made by apply, and only those', async () => {
    const portal = await openPortal({ contract, provision: false })
    const plan = (await portal.destination.plan?.(portal.ctx)) ?? []
    expect(plan.flatMap(({ action, target }) => (target.startsWith('list ') ? [`${action} ${target}`] : []))).toEqual([
      'create list shop:vip',
      'create list shop:tier:gold',
      'create list shop:tier:silver',
    ])
    await portal.destination.apply?.(plan, portal.ctx)
    expect(((await portal.destination.plan?.(portal.ctx)) ?? []).filter(({ target }) => target.startsWith('list '))).toEqual([])
  })

  it('that are kept by filters, or named by an id that is not there, are drift', async () => {
    const memberships = ['active one', '4711'].map((name) => ({ kind: 'list' as const, name, value: constant(true) }))
    const portal = await openPortal({ contract: { memberships }, provision: false })
    portal.fake.portal.createList('Active One', 'DYNAMIC')
    const plan = (await portal.destination.plan?.(portal.ctx)) ?? []
    expect(plan.flatMap(({ action, target }) => (target.startsWith('list ') ? [`${action} ${target}`] : []))).toEqual([
      'drift list active one',
      'drift list 4711',
    ])
  })

  it('are not read by a contract without memberships', async () => {
    const portal = await openPortal()
    await portal.destination.plan?.(portal.ctx)
    await portal.deliver(person('a'))
    expect(listCalls(portal.calls())).toEqual([])
  })

  it('take a thousand people in one request each', async () => {
    const portal = await openPortal({ contract })
    const wanted = { memberships: [list('shop:vip'), list('shop:tier:gold')], membershipsChanged: true }
    const outcomes = await portal.deliver(...people(250).map((one) => ({ ...one, ...wanted })))
    expect([...outcomes.values()].every(({ result }) => result === 'delivered')).toBe(true)
    expect(listCalls(portal.calls()).filter((call) => call.startsWith('PUT'))).toHaveLength(2)
  })

  it('that are missing stop only the people that belong there, with a cure', async () => {
    const portal = await openPortal({ contract })
    const outcomes = await portal.deliver(
      person('a', {}, { memberships: [list('shop:store:berlin'), list('shop:vip')], membershipsChanged: true }),
      person('b', {}, { memberships: [list('shop:vip')], membershipsChanged: true }),
    )
    const failed = outcomes.get('contact:a')
    expect(failed).toMatchObject({
      result: 'failed',
      error: { code: 'list_missing', retryable: false },
      objects: { 'list:shop:vip': expect.any(String) },
    })
    expect(outcomes.get('contact:b')).toMatchObject({ result: 'delivered' })
    portal.fake.portal.createList('shop:store:berlin')
    const again = await portal.deliver(known(person('a'), failed, {}, []))
    expect(again.get('contact:a')).toMatchObject({ result: 'delivered' })
  })

  it('are found although they were made after the last look', async () => {
    const portal = await openPortal({ contract })
    const wanted = person('a', {}, { memberships: [list('shop:store:berlin')], membershipsChanged: true })
    const first = await portal.deliver(wanted)
    portal.fake.portal.createList('Shop:Store:Berlin')
    const second = await portal.deliver({
      ...known(wanted, first.get('contact:a'), {}, []),
      memberships: wanted.memberships,
      membershipsChanged: true,
    })
    expect(second.get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(portal.fake.portal.listsOf(second.get('contact:a')?.remoteId ?? '')).toEqual(['Shop:Store:Berlin'])
  })

  it('that somebody deleted are no obstacle to leaving them', async () => {
    const portal = await openPortal({ contract })
    const wanted = person('a', {}, { memberships: [list('shop:vip')], membershipsChanged: true })
    const first = (await portal.deliver(wanted)).get('contact:a')
    const id = first?.objects?.['list:shop:vip'] ?? ''
    await fetch(`${portal.fake.url}/crm/lists/2026-03/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${portal.fake.accessToken}` },
    })
    const second = await portal.deliver({ ...known(wanted, first, {}, []), memberships: [], membershipsChanged: true })
    expect(second.get('contact:a')).toMatchObject({ result: 'delivered', objects: {} })
  })

  it('follow a contact that was merged', async () => {
    const portal = await openPortal({ contract })
    const wanted = person('a', {}, { memberships: [list('shop:vip')], membershipsChanged: true })
    const first = (await portal.deliver(wanted)).get('contact:a')
    const other = portal.fake.portal.create('contacts', { email: 'other@example.com' })
    await fetch(`${portal.fake.url}/crm/objects/2026-03/contacts/merge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${portal.fake.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ primaryObjectId: other, objectIdToMerge: first?.remoteId }),
    })
    const second = await portal.deliver({ ...known(wanted, first, { firstname: 'New' }), memberships: [], membershipsChanged: true })
    expect(second.get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(portal.fake.portal.listsOf(second.get('contact:a')?.remoteId ?? '')).toEqual([])
  })

  it('never make an archived contact take line items along', async () => {
    const portal = await openPortal({ contract })
    const wanted = person('a', {}, { memberships: [list('shop:vip')], membershipsChanged: true })
    const first = (await portal.deliver(wanted)).get('contact:a')
    portal.fake.resetRequests()
    const archived = await portal.deliver({ ...known(wanted, first, {}, []), operation: 'archive' })
    expect(archived.get('contact:a')).toMatchObject({ result: 'delivered' })
    expect(portal.calls()).toEqual(['POST contacts/batch/archive'])
  })
})
