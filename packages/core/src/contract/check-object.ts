import { coercer } from '../mapping/coerce.ts'
import { isFault } from '../mapping/fault.ts'
import { fieldSpec } from '../mapping/field-spec.ts'
import type { SignalRules } from '../signals/signal-rules.ts'
import type { FieldSpec } from '../spec/destination.ts'
import type { ValueKind } from '../views/value-kind.ts'
import { checkExpression } from './check-expression.ts'
import { checkPredicate } from './check-predicate.ts'
import { undefinedSignals } from './check-signals.ts'
import { fieldName } from './contract.ts'
import type { FieldRule } from './contract.ts'
import type { NamedRule } from './expand.ts'
import { misfit } from './field-fit.ts'
import type { Problems } from './problems.ts'

/** What the fields of an object, or of a child of it, are checked against. */
export interface FieldsContext {
  /** Where they stand in the contract: `objects.contact`. */
  at: string
  prefix: string
  known: Readonly<Record<string, FieldSpec>>
  keyField: string
  view: ValueKind
  /** Where the view comes from, for messages: `a person`. */
  of: string
  /** Whether the rules may not ask what changes by itself: children are looked at only with their parent. */
  timeless?: boolean
  /** Whether the destination can tell when a field was changed. */
  fieldTimes: boolean
  transforms: readonly string[]
  /** What is defined of signals: others cannot be read. */
  signals: SignalRules | undefined
  problems: Problems
}

const checkAgainstVendor = (rule: FieldRule, spec: FieldSpec | undefined, report: (message: string) => void): void => {
  if (spec === undefined && rule.type === undefined)
    report('the destination has no such field of its own; correct the name, or give it a type so that it can be created')
  if (spec !== undefined && rule.type !== undefined && rule.type !== spec.type)
    report(`the destination's type is ${spec.type}, not ${rule.type}; leave type out`)
  if (spec?.readOnly === true) report('the destination computes this field and does not let it be written; take the rule out')
}

const checkRule = ({ name, written, rule }: NamedRule & { rule: FieldRule }, context: FieldsContext): void => {
  const report = (message: string): void =>
    context.problems.add(
      `${context.at}.fields.${written}`,
      name === written || written.includes('{prefix}') ? message : `(${name}) ${message}`,
    )
  if (!/^[^\s{}.]+$/.test(name) || name in Object.prototype)
    report('the name holds white space, dots or braces other than {prefix} and {currency}, or is reserved; choose another name')
  if (name === fieldName(context.keyField, context.prefix) && !(rule.value?.op === 'path' && rule.value.path === 'key')) {
    report('this field holds our own key; its value can only be path("key")')
  }
  if (rule.owner === 'shared' && !context.fieldTimes) {
    context.problems.add(
      `${context.at}.fields.${written}.owner`,
      "the destination cannot tell when this field was changed, so nobody knows whose value is newer; use 'source', 'destination' or 'once'",
    )
  }
  if (rule.verified !== undefined) {
    const at = `${context.at}.fields.${written}.verified`
    if (rule.owner !== 'shared')
      context.problems.add(at, "only a shared field is verified on two sides; use owner: 'shared', or take this out")
    const told = (message: string): void => context.problems.add(`${at}.when`, message)
    if (rule.verified.when !== undefined) checkPredicate(rule.verified.when, { ...context, report: told })
    for (const message of undefinedSignals(rule.verified.when, context.signals)) told(message)
  }
  const known = Object.hasOwn(context.known, name) ? context.known[name] : undefined
  checkAgainstVendor(rule, known, report)
  const kinds = checkExpression(rule.value, { view: context.view, of: context.of, report, transforms: context.transforms })
  if (context.timeless === true && JSON.stringify(rule.value ?? null).includes('"test":"within"'))
    report('withinDays(...) cannot be asked of a part of a unit, which nobody looks at again when the time has come; use the unit itself')
  for (const message of undefinedSignals(rule.value, context.signals)) report(message)
  if (known === undefined && rule.type === undefined) return
  const spec = fieldSpec(rule, known)
  for (const kind of kinds) {
    const reason = misfit(kind, spec)
    if (reason !== undefined) report(reason)
  }
  if (rule.value?.op !== 'constant' || kinds.some((kind) => misfit(kind, spec) !== undefined)) return
  const value = coercer(spec)(rule.value.value)
  if (isFault(value)) report(`the constant ${value.reason}; correct it`)
}

/** Checks the rules of one object after they were merged: names, types, paths, and that every required field has a rule. */
export const checkFields = (rules: readonly (NamedRule & { rule: FieldRule })[], context: FieldsContext): void => {
  const spelled = new Map<string, NamedRule>()
  for (const rule of rules) {
    checkRule(rule, context)
    const other = spelled.get(rule.name.toLowerCase())
    if (other === undefined) spelled.set(rule.name.toLowerCase(), rule)
    else
      context.problems.add(
        `${context.at}.fields.${rule.written}`,
        `is the same field as ${other.written} (${other.name}); take one of the two out`,
      )
  }
  const key = fieldName(context.keyField, context.prefix)
  for (const [name, { required, readOnly }] of Object.entries(context.known)) {
    if (required === true && readOnly !== true && name !== key && !rules.some((rule) => rule.name === name)) {
      context.problems.add(`${context.at}.fields`, `the destination requires ${name} and no rule fills it; add one`)
    }
  }
}
