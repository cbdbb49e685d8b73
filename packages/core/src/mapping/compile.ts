import type { Contract, EventRule, FieldRule } from '../contract/contract.ts'
import { isMillraceError } from '../error.ts'
import type { Destination, FieldSpec, FieldValue, Membership, UnitKind } from '../spec/destination.ts'
import type { Problem } from '../spec/store.ts'
import { childrenAt } from '../views/catalog.ts'
import type { View } from '../views/view.ts'
import { coercer } from './coerce.ts'
import type { Coercer } from './coerce.ts'
import { compileExpression } from './expression-compiler.ts'
import type { Evaluator, ExpressionSettings, Transform } from './expression-compiler.ts'
import { fieldSpec } from './field-spec.ts'
import { isFault } from './fault.ts'
import type { Fault } from './fault.ts'
import { compileMemberships } from './memberships.ts'
import type { MembershipMapper } from './memberships.ts'
import { isBlank } from './plain-value.ts'
import { compilePredicate } from './predicate-compiler.ts'
import { timeQuestions } from './time-questions.ts'

/** A part of a unit that is delivered with it, such as a line. `productUnit` = the unit of the product that it refers to. */
export interface MappedChild {
  object: string
  key: string
  fields: Record<string, FieldValue>
  productUnit?: string
}

/** Who keeps a field up to date (see {@link FieldRule}). */
export type Owner = NonNullable<FieldRule['owner']>

/**
 * What a unit looks like at the destination before ownership, consent and comparison. Blank fields are left out, or null where the contract erases them.
 * With a `problem` the unit must not be written; it names the field and never the value.
 */
export interface MappedUnit {
  fields: Record<string, FieldValue>
  owners: Record<string, Owner>
  children: MappedChild[]
  memberships: Membership[]
  problem?: Problem
}

/** A contract made ready to run. */
export interface Mapping {
  /**
   * Maps the view of a unit to one object, at a time in epoch ms, that of an event by the rule of its type. Never throws: whatever a record holds, the result is a
   * unit or a problem.
   */
  map(object: string, view: View, now: number, event?: string): MappedUnit
  /** When the result can change although the records do not, epoch ms after `now`; undefined when it cannot. */
  changesAt(object: string, view: View, now: number): number | undefined
  /** The fields of an object that both sides keep. */
  shared(object: string): readonly SharedField[]
}

/** A field that both sides keep. `verifiedField` = the destination's field that tells whether its value was verified. */
export interface SharedField {
  name: string
  isVerified(view: View, now: number): boolean
  verifiedField: string | undefined
}

interface CompiledField {
  name: string
  evaluate: Evaluator
  coerce: Coercer
  required: boolean
  erase: boolean
}

interface CompiledObject {
  fields: readonly CompiledField[]
  owners: MappedUnit['owners']
  /** Where the children stand in the view; undefined when the object has none. */
  childrenAt: string | undefined
  children: readonly { object: string; fields: readonly CompiledField[] }[]
  memberships: MembershipMapper
  changesAt: (view: View, now: number) => number | undefined
  shared: readonly SharedField[]
}

/** Text of an event is cut to what its field holds. */
const cuttingCoercer = (spec: FieldSpec): Coercer => {
  const { maxLength, ...rest } = spec
  if (maxLength === undefined || (spec.type !== 'string' && spec.type !== 'text')) return coercer(spec)
  const coerce = coercer(rest)
  return (value) => {
    const text = coerce(value)
    // Half of a character at the end would be no text any more.
    return typeof text === 'string' && text.length > maxLength ? text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '') : text
  }
}

const compileFields = (
  rules: Readonly<Record<string, FieldRule>>,
  known: Readonly<Record<string, FieldSpec>>,
  settings: ExpressionSettings,
  cut = false,
): CompiledField[] =>
  Object.entries(rules).map(([name, rule]) => {
    const spec = fieldSpec(rule, Object.hasOwn(known, name) ? known[name] : undefined)
    return {
      name,
      evaluate: compileExpression(rule.value, settings),
      coerce: cut ? cuttingCoercer(spec) : coercer(spec),
      required: spec.required ?? false,
      erase: rule.blank === 'erase',
    }
  })

const sharedFields = (rules: Readonly<Record<string, FieldRule>>, locales: readonly string[]): SharedField[] =>
  Object.entries(rules).flatMap(([name, { owner, verified }]) => {
    if (owner !== 'shared') return []
    const question = verified?.when === undefined ? undefined : compilePredicate(verified.when, locales)
    return [{ name, isVerified: (view, now) => question?.holds(view, now) ?? false, verifiedField: verified?.field }]
  })

const problemOf = (name: string, { code, reason }: Fault): Problem => ({ code, message: `The field ${name} ${reason}`, field: name })

/** Fills `into`; the first problem counts, and a field with a problem is left out. */
const mapFields = (fields: readonly CompiledField[], view: View, now: number, into: Record<string, FieldValue>): Problem | undefined => {
  let problem: Problem | undefined
  for (const { name, evaluate, coerce, required, erase } of fields) {
    const value = evaluate(view, now)
    const result = isBlank(value) ? undefined : coerce(value)
    if (isFault(result)) problem ??= problemOf(name, result)
    // Cleaning may leave nothing: a text of NUL bytes is blank too.
    else if (!isBlank(result) && result !== undefined) into[name] = result
    else if (required) problem ??= problemOf(name, { code: 'required_missing', reason: 'is required and has no value' })
    else if (erase) into[name] = null
  }
  return problem
}

const mapChildren = ({ childrenAt: at, children }: CompiledObject, view: View, now: number, unit: MappedUnit): Problem | undefined => {
  const items = at === undefined ? undefined : view[at]
  if (!Array.isArray(items)) return undefined
  let problem: Problem | undefined
  for (const item of items as readonly View[]) {
    for (const { object, fields } of children) {
      const mapped: MappedChild = { object, key: String(item['key']), fields: {} }
      if (typeof item['productUnit'] === 'string') mapped.productUnit = item['productUnit']
      const failed = mapFields(fields, item, now, mapped.fields)
      if (failed !== undefined) problem ??= { ...failed, message: `${object}: ${failed.message}`, context: { child: mapped.key } }
      unit.children.push(mapped)
    }
  }
  return problem
}

const mapUnit = (compiled: CompiledObject, view: View, now: number): MappedUnit => {
  const unit: MappedUnit = { fields: {}, owners: compiled.owners, children: [], memberships: [] }
  try {
    const own = mapFields(compiled.fields, view, now, unit.fields)
    const problem = mapChildren(compiled, view, now, unit)
    unit.memberships = compiled.memberships(view, now)
    if (own !== undefined) unit.problem = own
    else if (problem !== undefined) unit.problem = problem
  } catch (error) {
    if (isMillraceError(error)) return { ...unit, problem: { code: error.code, message: error.message } }
    // One record costs one record, also where it finds a hole in these rules. The error's text may hold its data.
    unit.problem = {
      code: 'value_invalid',
      message: `The record could not be mapped (${error instanceof Error ? error.name : 'unknown error'})`,
    }
  }
  return unit
}

const compileObject = (
  contract: Contract,
  name: string,
  destination: Destination['objects'][string] | undefined,
  settings: ExpressionSettings,
  event?: EventRule,
): CompiledObject => {
  const object = contract.objects[name]
  const kind: UnitKind | undefined = destination?.from
  const rules = { ...object?.fields, ...event?.fields }
  return {
    fields: compileFields(rules, destination?.fields ?? {}, settings, event !== undefined),
    owners: Object.fromEntries(Object.entries(rules).map(([field, rule]) => [field, rule.owner ?? 'source'])),
    childrenAt: kind === undefined ? undefined : childrenAt[kind],
    children: Object.entries(object?.children ?? {}).map(([child, { fields }]) => ({
      object: child,
      fields: compileFields(fields, destination?.children?.[child]?.fields ?? {}, settings),
    })),
    memberships: compileMemberships(contract, destination, settings),
    shared: sharedFields(rules, contract.locales),
    changesAt: timeQuestions([rules, kind === 'person' ? contract.memberships : []], contract.locales),
  }
}

/** Compiles a resolved contract to functions, once per connection. `transforms` = own code by name and version. */
export const compileMapping = (
  contract: Contract,
  objects: Destination['objects'],
  transforms: Readonly<Record<string, Transform>> = {},
): Mapping => {
  const { locales, timeZone } = contract
  const settings: ExpressionSettings = { locales, transforms, ...(timeZone === undefined ? {} : { timeZone }) }
  const compiled = new Map<string, CompiledObject>()
  for (const name of Object.keys(contract.objects)) {
    compiled.set(name, compileObject(contract, name, objects[name], settings))
    if (objects[name]?.from !== 'event') continue
    for (const [type, rule] of Object.entries(contract.events))
      compiled.set(`${name} ${type}`, compileObject(contract, name, objects[name], settings, rule))
  }
  return {
    map: (object, view, now, event) => {
      const known = compiled.get(event === undefined ? object : `${object} ${event}`)
      if (known !== undefined) return mapUnit(known, view, now)
      const problem = { code: 'object_unknown', message: `The contract has no object ${object}` }
      return { fields: {}, owners: {}, children: [], memberships: [], problem }
    },
    changesAt: (object, view, now) => compiled.get(object)?.changesAt(view, now),
    shared: (object) => compiled.get(object)?.shared ?? [],
  }
}
