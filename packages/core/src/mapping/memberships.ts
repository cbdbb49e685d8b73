import type { Contract, MembershipRule } from '../contract/contract.ts'
import type { Membership, ObjectSpec } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { compileExpression, type ExpressionSettings } from './expression-compiler.ts'
import { isBlank, isPlain, plainReader } from './plain-value.ts'

/** Lists and tags of a unit, sorted by kind and name, each once. */
export type MembershipMapper = (view: View, now: number) => Membership[]

const compileRule = (
  { kind, dimension, name, value }: MembershipRule,
  prefix: string,
  settings: ExpressionSettings,
): ((view: View, now: number) => Membership[]) => {
  const evaluate = compileExpression(value, settings)
  if (name !== undefined) return (view, now) => (evaluate(view, now) === true ? [{ kind, name }] : [])
  const plain = plainReader(settings.locales)
  return (view, now) => {
    const given = evaluate(view, now)
    return (Array.isArray(given) ? given : [given]).flatMap((item: unknown): Membership[] => {
      const text = isPlain(item) ? item : plain(item)
      return text === undefined || isBlank(text) ? [] : [{ kind, name: `${prefix}:${dimension ?? ''}:${String(text).trim()}` }]
    })
  }
}

const order = (a: Membership, b: Membership): number => (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind < b.kind ? -1 : 1)

/** Compiles the rules of a contract for one object: those of the kinds that it can hold. */
export const compileMemberships = (contract: Contract, spec: ObjectSpec | undefined, settings: ExpressionSettings): MembershipMapper => {
  const kinds = spec?.from === 'person' ? (spec.memberships ?? []) : []
  const rules = contract.memberships.flatMap((rule) => (kinds.includes(rule.kind) ? [compileRule(rule, contract.prefix, settings)] : []))
  if (rules.length === 0) return () => []
  return (view, now) => {
    const found = new Map<string, Membership>()
    for (const rule of rules) for (const membership of rule(view, now)) found.set(`${membership.kind}:${membership.name}`, membership)
    return [...found.values()].toSorted(order)
  }
}
