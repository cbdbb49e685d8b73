import type { Membership } from '../spec/destination.ts'
import { viewCatalog } from '../views/catalog.ts'
import { checkExpression } from './check-expression.ts'
import type { Contract, MembershipRule } from './contract.ts'

/**
 * The lists and tags that a contract can name by itself, so that they can be provisioned: names, and dimensions whose values are listed (`mapValues`, constants,
 * states). Values that only records know are not among them.
 */
export const membershipNames = ({ memberships, prefix }: Pick<Contract, 'memberships' | 'prefix'>): Membership[] => {
  const names = memberships.flatMap((rule) =>
    namesOf(rule).map((name): Membership => ({ kind: rule.kind, name: nameOf(rule, prefix, name) })),
  )
  return [...new Map(names.map((one) => [`${one.kind}:${one.name}`, one])).values()]
}

const nameOf = ({ dimension }: MembershipRule, prefix: string, name: string): string =>
  dimension === undefined ? name : `${prefix}:${dimension}:${name}`

const namesOf = ({ name, value }: MembershipRule): string[] => {
  if (name !== undefined) return [name]
  // The contract was checked when it was resolved; own code gives nothing that could be listed.
  const kinds = checkExpression(value, { view: viewCatalog.person, of: '', report: () => {}, transforms: [] })
  return kinds.flatMap((kind) => {
    const item = kind.kind === 'list' ? kind.of : kind
    return item.kind === 'text' ? (item.values ?? []).map((text) => text.trim()).filter((text) => text !== '') : []
  })
}
