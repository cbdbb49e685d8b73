import { readFileSync } from 'node:fs'
import {
  compileMapping,
  customerSchema,
  orderFact,
  orderSchema,
  personView,
  resolveContract,
  type Contract,
  type ContractOverride,
} from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { describe, expect, it } from 'vitest'
import expressions from './expressions.ts'
import first from './first.ts'
import ownership from './ownership.ts'
import scope from './scope.ts'
import shared from './shared.ts'
import transforms from './transforms.ts'

const guide = readFileSync(new URL('../../docs/guides/contract.md', import.meta.url), 'utf8')
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '')
const source = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

const destination = hubspot({ accessToken: 'unused' })
const resolve = (override: ContractOverride): Contract => resolveContract(destination, override, 'connections.hubspot-eu.contract')

const at = '2026-03-31T23:30:00.000Z'
const order = orderSchema.parse({
  entity: 'order',
  id: 'o1',
  createdAt: at,
  modifiedAt: at,
  placedAt: at,
  customerId: 'c1',
  gross: { currency: 'EUR', amount: '120.00' },
  refunded: { currency: 'EUR', amount: '20.50' },
})
const customer = customerSchema.parse({
  entity: 'customer',
  id: 'c1',
  createdAt: at,
  modifiedAt: at,
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  groups: [
    { id: 'g1', name: 'VIP' },
    { id: 'g2', name: 'Press' },
  ],
  addresses: [{ city: 'Wien' }],
  billingAddress: { city: 'Wien' },
  custom: {
    size: { key: 'm', label: 'Medium' },
    newsletter: 'YES',
    favouriteColor: { 'de-AT': 'Blau', en: 'Blue' },
    budget: { currency: 'EUR', amount: '500.00' },
  },
})
const view = personView(
  [
    { role: 'account', record: customer, fact: null, rid: 1, deletedAt: null },
    { role: 'order', record: null, fact: orderFact(order, 'shop'), rid: 2, deletedAt: null },
  ],
  { key: 'shop:c1', historical: false },
)

describe('docs/guides/contract.md', () => {
  it('shows the contracts of this folder', () => {
    expect(blocks('ts')).toEqual(['first.ts', 'expressions.ts', 'transforms.ts', 'scope.ts', 'ownership.ts', 'shared.ts'].map(source))
  })

  it('begins with a contract that fits', () => {
    const { objects } = resolve(first)
    expect(objects).not.toHaveProperty('company')
    expect(objects['contact']?.fields).toHaveProperty('acme_total_jpy')
    expect(objects['contact']?.fields).toHaveProperty('acme_loyalty_tier')
    expect(objects['contact']?.fields).not.toHaveProperty('acme_account_status')
  })

  it('shows what each expression gives', () => {
    const unit = compileMapping(resolve(expressions), destination.objects).map('contact', view, 0)
    expect(unit.problem).toBeUndefined()
    const ofDefault = resolve({ currencies: ['EUR'] }).objects['contact']?.fields ?? {}
    const added = Object.fromEntries(Object.entries(unit.fields).filter(([name]) => !Object.hasOwn(ofDefault, name)))
    expect(JSON.parse(blocks('json')[0] ?? '')).toEqual(added)
  })

  it('shows what each transform gives', () => {
    const own = { 'loyalty@2': (size: unknown) => `size ${String(size)}` }
    const contract = resolveContract(destination, transforms, 'connections.hubspot-eu.contract', { transforms: Object.keys(own) })
    const austrian = { ...view, country: 'AT', custom: { ...view.custom, mobile: '0664 1234567' } }
    const unit = compileMapping(contract, destination.objects, own).map('contact', austrian, 0)
    expect(unit.problem).toBeUndefined()
    const ofDefault = resolve({}).objects['contact']?.fields ?? {}
    const added = Object.fromEntries(Object.entries(unit.fields).filter(([name]) => !Object.hasOwn(ofDefault, name)))
    expect(JSON.parse(blocks('json')[1] ?? '')).toEqual(added)
  })

  it('shows a scope and shared fields that the destination takes', () => {
    const contract = resolveContract(destination, scope, 'connections.hubspot-eu.contract', { sources: ['shop-eu'] })
    expect(contract.objects['deal']?.fields['pipeline']?.value).toMatchObject({ op: 'when', value: { value: 'Wholesale' } })
    expect(resolve(shared).objects['contact']?.fields['phone']).toMatchObject({ owner: 'shared' })
  })

  it('shows fields with owners that the destination takes', () => {
    const unit = compileMapping(resolve(ownership), destination.objects).map('contact', view, 0)
    expect(unit.owners).toMatchObject({ firstname: 'source', phone: 'destination', shop_first_store: 'once' })
    expect(unit.fields).toMatchObject({ shop_next_visit: null })
  })

  it('shows the message that a wrong contract gets', () => {
    const wrong: ContractOverride = {
      currencies: ['Euro'],
      objects: {
        contact: {
          fields: { firstname: { value: { op: 'path', path: 'firstname' } }, nickname: { value: { op: 'path', path: 'firstName' } } },
        },
      },
    }
    expect(() => resolve(wrong)).toThrow(blocks('text')[0]?.trim())
  })

  it('names every expression', () => {
    for (const builder of [
      'path',
      'custom',
      'constant',
      'template',
      'coalesce',
      'mapValues',
      'localized',
      'amount',
      'currency',
      'date',
      'join',
      'count',
      'when',
      'holds',
      'lower',
      'upper',
      'trim',
      'replace',
      'minorUnits',
      'round',
      'hashed',
      'validEmail',
      'phoneNumber',
      'transform',
      'is',
      'isOneOf',
      'exists',
      'before',
      'after',
      'withinDays',
      'not',
      'allOf',
      'anyOf',
    ]) {
      expect(guide).toContain(`\`${builder}(`)
    }
  })
})
