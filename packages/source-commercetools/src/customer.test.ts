import type { Customer as PlatformCustomer } from '@commercetools/platform-sdk'
import { customerSchema } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toCustomer } from './customer.ts'
import { noNames, type Names } from './names.ts'
import type { ConsentField } from './settings.ts'
import { changesOf, idOf, quickContext, sourceOf } from './test-support.ts'

const base: PlatformCustomer = {
  id: 'c1',
  version: 4,
  createdAt: '2026-03-01T12:00:00.000Z',
  lastModifiedAt: '2026-03-02T12:00:00.000Z',
  email: 'Ann.Lee@Example.com',
  isEmailVerified: true,
  addresses: [{ id: 'a1', country: 'de', phone: '+49 30 1', mobile: '+49 170 1' }],
  defaultBillingAddressId: 'a1',
  billingAddressIds: ['a1'],
  shippingAddressIds: [],
  customerGroupAssignments: [],
  stores: [],
  authenticationMode: 'Password',
}

const map = (
  row: Partial<PlatformCustomer>,
  settings: { consent?: ConsentField[]; phoneField?: string; vatIdField?: string } = {},
  names: Names = noNames,
) =>
  customerSchema.parse(
    toCustomer({ ...base, ...row }, names, { consent: [], phoneField: undefined, vatIdField: undefined, ...settings }, ['acme']),
  )

describe('a customer', () => {
  it('keeps its e-mail address as it is written', () => {
    expect(map({})).toMatchObject({
      id: 'c1',
      email: 'Ann.Lee@Example.com',
      emailVerified: true,
      accountStatus: 'active',
      companyIds: ['acme'],
    })
  })

  it('has its groups from both forms, each once, the legacy one first', () => {
    const group = (id: string) => ({ typeId: 'customer-group' as const, id })
    const names: Names = { ...noNames, group: (id) => (id === 'g2' ? { id, key: 'vip', name: 'VIP' } : undefined) }
    const row = { customerGroup: group('g1'), customerGroupAssignments: [{ customerGroup: group('g2') }, { customerGroup: group('g1') }] }
    expect(map(row, {}, names).groups).toEqual([{ id: 'g1' }, { id: 'g2', key: 'vip', name: 'VIP' }])
  })

  it('has phone and VAT id from its fields where they are named, else from address and account', () => {
    const custom = { type: { typeId: 'type' as const, id: 't' }, fields: { tel: '+43 1', uid: 'ATU1' } }
    expect(map({ vatId: 'DE1' })).toMatchObject({ phone: '+49 30 1', vatId: 'DE1' })
    expect(map({ vatId: 'DE1', custom }, { phoneField: 'tel', vatIdField: 'uid' })).toMatchObject({ phone: '+43 1', vatId: 'ATU1' })
    expect(map({ vatId: 'DE1' }, { phoneField: 'tel', vatIdField: 'uid' })).toMatchObject({ phone: undefined, vatId: undefined })
  })

  it('with a login elsewhere says so', () => {
    expect(map({ authenticationMode: 'ExternalAuth' }).accountStatus).toBe('external')
  })
})

describe('customers and business units', () => {
  let now = Date.parse('2026-03-01T12:00:00.000Z')
  let shop: FakeCommercetools
  beforeEach(async () => {
    shop = await startFakeCommercetools({ now: () => now })
    for (const id of ['c1', 'c2', 'c3'])
      shop.project.add('customer', {
        ...base,
        id,
        email: `${id}@example.com`,
        createdAt: new Date(now).toISOString(),
        lastModifiedAt: new Date(now).toISOString(),
      })
    addUnit('b1', 'acme', ['c1', 'c2'])
    addUnit('b2', 'beta', ['c1'], 'acme')
  })
  afterEach(() => shop.close())

  const associates = (ids: readonly string[]) => ids.map((id) => ({ customer: { typeId: 'customer', id }, associateRoleAssignments: [] }))

  const addUnit = (id: string, key: string, ids: readonly string[], parent?: string) =>
    shop.project.add('business-unit', {
      id,
      key,
      name: key,
      status: 'Active',
      unitType: parent === undefined ? 'Company' : 'Division',
      ...(parent === undefined ? {} : { parentUnit: { typeId: 'business-unit', key: parent } }),
      associates: associates(ids),
      addresses: [],
    })

  it('know each other', async () => {
    const changes = await changesOf(sourceOf(shop), 'customer', { mode: 'full', to: now })
    expect(changes.map((change) => change.type === 'upsert' && change.record.entity === 'customer' && change.record.companyIds)).toEqual([
      ['acme', 'beta'],
      ['acme'],
      [],
    ])
    const companies = await changesOf(sourceOf(shop), 'company', { mode: 'full', to: now })
    expect(companies).toMatchObject([
      { record: { id: 'acme', kind: 'company' } },
      { record: { id: 'beta', kind: 'division', parentId: 'acme' } },
    ])
  })

  it('bring the people of a unit that changed', async () => {
    const from = now + 1
    now += 600_000
    shop.project.update('business-unit', 'b1', { associates: associates(['c2', 'c3']) })
    const changes = await changesOf(sourceOf(shop), 'customer', { mode: 'delta', from, to: now })
    expect(changes.map(idOf).toSorted()).toEqual(['c2', 'c3'])
    expect(changes.find((change) => idOf(change) === 'c3')).toMatchObject({ record: { companyIds: ['acme'] }, version: { customer: 4 } })
  })

  it('are found by the key of the unit', async () => {
    expect(await sourceOf(shop).get('company', 'beta', quickContext())).toMatchObject({ record: { id: 'beta' } })
    expect(await sourceOf(shop).get('company', 'gone', quickContext())).toBeUndefined()
  })

  it('are not asked for where they are not wanted', async () => {
    shop.resetRequests()
    const changes = await changesOf(sourceOf(shop, { companies: false }), 'customer', { mode: 'full', to: now })
    expect(changes).toHaveLength(3)
    expect(shop.count({ path: '/business-units' })).toBe(0)
  })

  it('that may not be read are an error that names the way out', async () => {
    shop.revokeScope('view_business_units')
    await expect(changesOf(sourceOf(shop), 'customer', { mode: 'full', to: now })).rejects.toMatchObject({
      code: 'source_scope_missing',
      message: expect.stringContaining('setting `companies`') as string,
    })
  })
})
