import { allOf, constant, defineContract, exists, holds, is, isOneOf, mapValues, not, path, withinDays } from '@millrace/core'

export default defineContract({
  // One portal per region: what belongs elsewhere stays away.
  route: { sources: ['shop-eu'], countries: ['DE', 'AT'] },
  // Marketing contacts cost money: only people who bought something, and no testers.
  include: { person: allOf(exists('signals.firstOrderAt'), not(isOneOf('groups.key', 'test', 'staff'))) },
  leaving: { person: 'keep-and-flag', order: 'ignore' },
  memberships: [
    { kind: 'list', dimension: 'store', value: mapValues(path('stores'), { 'berlin-1': 'berlin', 'wien-1': 'wien' }) },
    { kind: 'list', name: 'shop:recent-buyers', value: holds(withinDays('signals.lastOrderAt', 90)) },
    { kind: 'list', name: 'shop:vip', value: holds(is('groups.key', 'vip')) },
  ],
  variants: [
    { when: { stores: ['b2b'] }, objects: { deal: { fields: { pipeline: constant('Wholesale'), dealstage: constant('Placed') } } } },
  ],
  objects: { contact: { fields: { '{prefix}_in_scope': { type: 'boolean', label: 'Kept up to date', value: path('inScope') } } } },
})
