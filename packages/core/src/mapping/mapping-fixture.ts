import type { Contract, FieldRule } from '../contract/contract.ts'
import type { Expression } from '../contract/expression.ts'
import type { Destination, FieldSpec } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { compileMapping } from './compile.ts'
import type { MappedUnit } from './compile.ts'

/** A contract without objects, for tests. */
export const base: Contract = {
  version: 1,
  prefix: 'shop',
  currencies: ['EUR'],
  locales: ['de', 'en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'skip',
  removal: {},
  consent: { authority: 'source', topics: {} },
  events: {},
  memberships: [],
  objects: {},
}

/** A destination with one object per person and one per order, for tests. */
export const objects = (fields: Record<string, FieldSpec>): Destination['objects'] => ({
  contact: { from: 'person', keyField: 'key', fields },
  deal: { from: 'order', keyField: 'key', fields, children: { item: { keyField: 'key', fields } } },
})

/** The time of the mapping in tests. */
export const fixtureNow: number = Date.parse('2026-06-01T00:00:00.000Z')

/** Maps a view to a contact with the given rules. */
export const mapContact = (fields: Record<string, FieldRule>, view: View, known: Record<string, FieldSpec> = {}): MappedUnit =>
  compileMapping({ ...base, objects: { contact: { fields } } }, objects(known)).map('contact', view, fixtureNow)

/** What one rule gives: its value, or the code of the problem. */
export const mapped = (value: Expression, view: View, rule: Omit<FieldRule, 'value'> = { type: 'string' }): unknown => {
  const unit = mapContact({ it: { value, ...rule } }, view)
  return unit.problem === undefined ? unit.fields['it'] : unit.problem.code
}
