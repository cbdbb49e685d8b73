import type { Destination, ObjectSpec } from '../spec/destination.ts'
import { childCatalog, viewCatalog } from '../views/catalog.ts'
import { checkFields } from './check-object.ts'
import type { FieldsContext } from './check-object.ts'
import { checkSettings } from './check-settings.ts'
import { suggestion } from './closest.ts'
import type { Contract, ContractOverride, FieldRule, ObjectContract, ObjectOverride } from './contract.ts'
import { expandRules } from './expand.ts'
import type { NamedRule } from './expand.ts'
import { collectProblems } from './problems.ts'
import type { Problems } from './problems.ts'
import { checkStructure } from './structure.ts'

type Settings = Omit<Contract, 'objects'>
type Rules = Readonly<Record<string, FieldRule | null>>
type KeptRule = NamedRule & { rule: FieldRule }

interface Scope {
  settings: Settings
  problems: Problems
}

const mergeSettings = (base: Contract, override: ContractOverride): Settings => ({
  version: 1,
  prefix: override.prefix ?? base.prefix,
  currencies: override.currencies ?? base.currencies,
  locales: override.locales ?? base.locales,
  identity: { ...base.identity, ...override.identity },
  ordersOfNobody: override.ordersOfNobody ?? base.ordersOfNobody,
  removal: { ...base.removal, ...override.removal },
  consent: {
    authority: override.consent?.authority ?? base.consent.authority,
    topics: withoutDropped({ ...base.consent.topics, ...override.consent?.topics }),
  },
  events: withoutDropped({ ...base.events, ...override.events }),
  memberships: override.memberships ?? base.memberships,
})

/** Entries that the override switched off are gone. */
const withoutDropped = <Rule>(rules: Readonly<Record<string, Rule | null | false>>): Record<string, Rule> =>
  Object.fromEntries(Object.entries(rules).flatMap(([name, rule]) => (rule === null || rule === false ? [] : [[name, rule] as const])))

/** Rules of one layer by final name. Two spellings of one name in a layer are a mistake; across layers the override replaces. */
const layer = (rules: Rules, at: string, { settings, problems }: Scope): Map<string, NamedRule> => {
  const named = new Map<string, NamedRule>()
  for (const rule of expandRules(rules, settings.prefix, settings.currencies)) {
    const other = named.get(rule.name)
    if (other !== undefined)
      problems.add(`${at}.fields.${rule.written}`, `is the same field as ${other.written} (${rule.name}); take one of the two out`)
    named.set(rule.name, rule)
  }
  return named
}

const mergeFields = (base: Rules, override: Rules, at: string, scope: Scope): KeptRule[] => {
  const merged = layer(base, at, scope)
  for (const [name, rule] of layer(override, at, scope)) {
    if (rule.rule === null && !merged.has(name)) {
      scope.problems.add(
        `${at}.fields.${rule.written}`,
        `null drops a field of the default contract, which has none of this name; ${suggestion(name, [...merged.keys()])}`,
      )
    }
    merged.set(name, rule)
  }
  return [...merged.values()].flatMap(({ rule, ...named }) => (rule === null ? [] : [{ ...named, rule }]))
}

const toRecord = (rules: readonly KeptRule[]): Record<string, FieldRule> => Object.fromEntries(rules.map(({ name, rule }) => [name, rule]))

const resolveFields = (
  base: Rules,
  override: Rules,
  context: Omit<FieldsContext, 'prefix' | 'problems'>,
  scope: Scope,
): Record<string, FieldRule> => {
  const rules = mergeFields(base, override, context.at, scope)
  checkFields(rules, { ...context, prefix: scope.settings.prefix, problems: scope.problems })
  return toRecord(rules)
}

const resolveObject = (
  name: string,
  spec: ObjectSpec,
  base: ObjectContract | undefined,
  override: ObjectOverride,
  scope: Scope,
): ObjectContract => {
  const at = `objects.${name}`
  const { keyField, fields: known } = spec
  const fields = resolveFields(
    base?.fields ?? {},
    override.fields ?? {},
    { at, known, keyField, view: viewCatalog[spec.from], of: `the view of a unit of kind ${spec.from}` },
    scope,
  )
  const names = [...new Set([...Object.keys(base?.children ?? {}), ...Object.keys(override.children ?? {})])]
  const view = childCatalog(spec.from)
  const children = names.flatMap((child) => {
    const childSpec = spec.children !== undefined && Object.hasOwn(spec.children, child) ? spec.children[child] : undefined
    const place = `${at}.children.${child}`
    if (childSpec === undefined || view === undefined) {
      scope.problems.add(place, `${name} holds no such object; ${suggestion(child, Object.keys(spec.children ?? {}))}`)
      return []
    }
    const context = {
      at: place,
      known: childSpec.fields,
      keyField: childSpec.keyField,
      view,
      of: `the view of a child of kind ${spec.from}`,
    }
    return [
      [
        child,
        { fields: resolveFields(base?.children?.[child]?.fields ?? {}, override.children?.[child]?.fields ?? {}, context, scope) },
      ] as const,
    ]
  })
  return { fields, ...(children.length === 0 ? {} : { children: Object.fromEntries(children) }) }
}

/**
 * Makes the contract of a connection: the destination's default with the override merged in field by field, names filled in and rules expanded per currency.
 * The result holds no placeholders. `where` = where the override stands in the config, for messages (`connections.mailer-eu.contract`).
 * Throws one MillraceError `contract_invalid` that lists every problem with its path and cure.
 */
export const resolveContract = (
  destination: Pick<Destination, 'name' | 'objects' | 'defaultContract'>,
  override: ContractOverride | undefined,
  where: string,
): Contract => {
  const problems = collectProblems(where)
  const base = destination.defaultContract
  const checked = checkStructure(override, problems)
  const settings = mergeSettings(base, checked)
  checkSettings(settings, problems)
  const scope = { settings, problems }
  const changes = checked.objects ?? {}
  const names = [...new Set([...Object.keys(base.objects), ...Object.keys(changes)])]
  const objects = names.flatMap((name) => {
    const spec = Object.hasOwn(destination.objects, name) ? destination.objects[name] : undefined
    if (spec === undefined) {
      problems.add(`objects.${name}`, `${destination.name} has no such object; ${suggestion(name, Object.keys(destination.objects))}`)
      return []
    }
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined
    return change === false ? [] : [[name, resolveObject(name, spec, base.objects[name], change ?? {}, scope)] as const]
  })
  problems.throwIfAny()
  return { ...settings, objects: Object.fromEntries(objects) }
}
