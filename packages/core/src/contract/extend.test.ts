import { expect, it } from 'vitest'
import type { ContractOverride } from './contract.ts'
import { constant, path } from './expression.ts'
import { extend } from './extend.ts'
import { is } from './predicate.ts'

const base: ContractOverride = {
  prefix: 'acme',
  currencies: ['EUR'],
  identity: { accounts: 'merge' },
  memberships: [{ kind: 'list', dimension: 'store', value: path('stores') }],
  include: { person: is('registered', true) },
  objects: {
    company: false,
    contact: { fields: { firstname: { value: path('firstName') }, lastname: { value: path('lastName') } } },
    deal: { children: { line_item: { fields: { name: { value: path('nameText') } } } } },
  },
}

it('merges what has names, adds lists, and lets the later one win', () => {
  const swiss: ContractOverride = {
    currencies: ['CHF'],
    identity: { emailScope: 'store' },
    memberships: [{ kind: 'list', name: 'swiss', value: constant(true) }],
    include: { order: is('country', 'CH') },
    objects: { company: {}, contact: { fields: { lastname: null, zip: { value: path('billingAddress.postalCode') } } }, product: false },
  }
  expect(extend(base, swiss)).toEqual({
    prefix: 'acme',
    currencies: ['CHF'],
    identity: { accounts: 'merge', emailScope: 'store' },
    memberships: [...(base.memberships ?? []), ...(swiss.memberships ?? [])],
    include: { person: is('registered', true), order: is('country', 'CH') },
    objects: {
      company: {},
      contact: { fields: { firstname: { value: path('firstName') }, lastname: null, zip: { value: path('billingAddress.postalCode') } } },
      deal: { children: { line_item: { fields: { name: { value: path('nameText') } } } } },
      product: false,
    },
  })
})

it('changes nothing without an override, and not the base either', () => {
  const before = JSON.stringify(base)
  expect(extend(base)).toBe(base)
  expect(extend(base, {})).toEqual(base)
  extend(base, { objects: { contact: false } })
  expect(JSON.stringify(base)).toBe(before)
})
