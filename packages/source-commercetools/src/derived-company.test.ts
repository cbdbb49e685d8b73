import { type Change, silentLogger, systemClock } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commercetools } from './commercetools.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString()

describe('companies of customers without a business unit', () => {
  let shop: FakeCommercetools
  const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal }
  const open = (companyRule: 'none' | 'name' | 'vat-id') => {
    const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
    return commercetools({ projectKey, clientId, clientSecret, apiUrl, authUrl, companyRule })
  }
  const readAll = async (entity: 'company' | 'customer', rule: 'none' | 'name' | 'vat-id', from?: number): Promise<Change[]> => {
    const window =
      from === undefined ? ({ mode: 'full', to: Date.parse(at(30)) } as const) : ({ mode: 'delta', from, to: Date.parse(at(30)) } as const)
    const pages = await Array.fromAsync(open(rule).read(entity, window, ctx))
    return pages.flatMap(({ changes }) => changes)
  }
  const idsOf = (changes: readonly Change[]): string[] =>
    changes.flatMap((change) => (change.type === 'upsert' ? [change.record.id] : [])).toSorted()

  beforeAll(async () => {
    shop = await startFakeCommercetools()
    const add = (id: string, day: number, fields: Record<string, unknown>) =>
      shop.project.add('customer', {
        id,
        email: `${id}@example.com`,
        createdAt: at(day),
        lastModifiedAt: at(day),
        addresses: [],
        ...fields,
      })
    add('a', 1, { companyName: 'Acme "Süd" GmbH', vatId: 'DE1' })
    add('b', 2, { companyName: ' Acme "Süd" GmbH ', vatId: 'DE1' })
    add('c', 3, { companyName: 'Unit Ltd', vatId: 'DE2' })
    add('d', 4, { companyName: ' ' })
    shop.project.add('business-unit', {
      id: 'unit-1',
      key: 'unit-key',
      name: 'Unit',
      unitType: 'Company',
      status: 'Active',
      stores: [],
      addresses: [],
      associates: [{ customer: { typeId: 'customer', id: 'c' }, associateRoleAssignments: [] }],
      createdAt: at(3),
      lastModifiedAt: at(3),
    })
  })
  afterAll(() => shop.close())

  it('are not made unless asked for', async () => {
    expect(idsOf(await readAll('company', 'none'))).toEqual(['unit-key'])
  })

  it('are one for all customers with the name, and customers point to them; a business unit comes first', async () => {
    expect([...new Set(idsOf(await readAll('company', 'name')))]).toEqual(['name:Acme "Süd" GmbH', 'unit-key'])
    const customers = await readAll('customer', 'name')
    const companies = customers.flatMap((change) =>
      change.type === 'upsert' && change.record.entity === 'customer' ? [[change.record.id, change.record.companyIds] as const] : [],
    )
    expect(Object.fromEntries(companies)).toEqual({ a: ['name:Acme "Süd" GmbH'], b: ['name:Acme "Süd" GmbH'], c: ['unit-key'], d: [] })
  })

  it('arrive in a delta when a customer changes', async () => {
    expect(idsOf(await readAll('company', 'vat-id', Date.parse(at(2))))).toEqual(['unit-key', 'vat:DE1'])
  })

  it('can be fetched, and are among the ids that exist', async () => {
    expect(await open('vat-id').get('company', 'vat:DE1', ctx)).toMatchObject({ record: { name: 'Acme "Süd" GmbH', vatId: 'DE1' } })
    expect(await open('vat-id').get('company', 'vat:DE9', ctx)).toBeUndefined()
    const ids = await Array.fromAsync(open('name').ids?.('company', ctx) ?? [])
    expect(ids.flat()).toContain('name:Acme "Süd" GmbH')
  })
})
