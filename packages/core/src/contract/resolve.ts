import type { Destination, ObjectSpec } from '../spec/destination.ts'
import { isEventType } from '../events/event-traits.ts'
import { eventTypes } from '../model/event.ts'
import { childCatalog, viewCatalog } from '../views/catalog.ts'
import { checkFields } from './check-object.ts'
import type { FieldsContext } from './check-object.ts'
import { checkConsent } from './check-consent.ts'
import { checkRouting } from './check-routing.ts'
import { checkSettings, isPrefix } from './check-settings.ts'
import { checkSignals } from './check-signals.ts'
import { suggestion } from './closest.ts'
import { fieldName } from './contract.ts'
import type {
  ConsentRules,
  Contract,
  ContractOverride,
  ContractVariant,
  EventOverride,
  EventRule,
  FieldRule,
  ObjectContract,
  ObjectOverride,
} from './contract.ts'
import { expandRules } from './expand.ts'
import type { NamedRule } from './expand.ts'
import { collectProblems } from './problems.ts'
import type { Problems } from './problems.ts'
import { checkStructure } from './structure.ts'
import { withVariants } from './variants.ts'

type Settings = Omit<Contract, 'objects' | 'events'>
type Rules = Readonly<Record<string, FieldRule | null>>
type KeptRule = NamedRule & { rule: FieldRule }

interface Scope {
  settings: Settings
  variants: readonly ContractVariant[]
  transforms: readonly string[]
  /** Whether the destination can read objects at all. */
  reads: boolean
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
  consent: mergeConsent(base.consent, override.consent),
  memberships: override.memberships ?? base.memberships,
  ...optional({
    route: override.route ?? base.route,
    include: override.include ?? base.include,
    leaving: override.leaving ?? base.leaving,
    timeZone: override.timeZone ?? base.timeZone,
  }),
  signals: { ...base.signals, ...override.signals },
})

/** Settings that nobody gave are left out, so that a contract without them keeps its hash. */
const optional = <T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // Entries without a value are dropped, which is what the type says.
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }

/** What the vendor requires is filled by the rules of the object itself, whatever the type. */
const withoutRequired = (fields: ObjectSpec['fields']): ObjectSpec['fields'] =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, required: false }]))

/** The rules of events: those of the default, with the override merged in field by field. */
const resolveEvents = (
  destination: Pick<Destination, 'name' | 'objects'>,
  base: Contract['events'],
  override: NonNullable<ContractOverride['events']>,
  used: readonly string[],
  scope: Scope,
): Contract['events'] => {
  const object = used.find((name) => destination.objects[name]?.from === 'event')
  const spec = object === undefined ? undefined : destination.objects[object]
  const types = [...new Set([...Object.keys(base), ...Object.keys(override)])]
  const rules = types.flatMap((type): [string, EventRule][] => {
    const at = `events.${type}`
    const change = Object.hasOwn(override, type) ? override[type] : undefined
    if (!isEventType(type)) scope.problems.add(at, `there is no such type of event; ${suggestion(type, eventTypes)}`)
    else if (change !== false && spec === undefined && change !== undefined)
      scope.problems.add(
        at,
        `${destination.name} ${object === undefined && used.length > 0 ? 'takes no events here' : 'takes no events'}; take the rule out, or switch its event object on`,
      )
    if (change === false || spec === undefined || !isEventType(type)) return []
    const { name, as, fields = {} }: EventOverride = { ...base[type], ...change }
    if (as !== undefined && spec.forms?.includes(as) !== true)
      scope.problems.add(`${at}.as`, `${destination.name} has no such form of an event; ${suggestion(as, spec.forms ?? [])}`)
    const context = {
      at,
      known: withoutRequired(spec.fields),
      keyField: '',
      view: viewCatalog.event,
      of: 'the view of an event',
      timeless: true,
      fieldTimes: false,
    }
    const form = as ?? spec.forms?.[0]
    return [
      [
        type,
        {
          name: fieldName(name ?? `{prefix}_${type.replaceAll(/[.-]/g, '_')}`, scope.settings.prefix),
          ...(form === undefined ? {} : { as: form }),
          fields: resolveFields(base[type]?.fields ?? {}, change === undefined ? {} : fields, context, scope),
        },
      ],
    ]
  })
  return Object.fromEntries(rules)
}

const mergeConsent = (base: ConsentRules, override: ContractOverride['consent']): ConsentRules => {
  const regions = override?.regions ?? base.regions
  return {
    authority: override?.authority ?? base.authority,
    topics: withoutDropped({ ...base.topics, ...override?.topics }),
    ...(regions === undefined ? {} : { regions }),
  }
}

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
  context: Omit<FieldsContext, 'prefix' | 'signals' | 'problems' | 'transforms'>,
  scope: Scope,
  vary: (rules: Record<string, FieldRule>) => Record<string, FieldRule> = (rules) => rules,
): Record<string, FieldRule> => {
  const merged = mergeFields(base, override, context.at, scope)
  const varied = vary(toRecord(merged))
  const rules = merged.map((named) => ({ ...named, rule: varied[named.name] ?? named.rule }))
  checkFields(rules, {
    ...context,
    prefix: scope.settings.prefix,
    signals: scope.settings.signals,
    problems: scope.problems,
    transforms: scope.transforms,
  })
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
    {
      at,
      known,
      keyField,
      view: viewCatalog[spec.from],
      of: `the view of a unit of kind ${spec.from}`,
      fieldTimes: scope.reads && spec.fieldTimes === true,
    },
    scope,
    (rules) => withVariants(rules, { name, from: spec.from, prefix: scope.settings.prefix }, scope.variants, scope.problems),
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
      timeless: true,
      fieldTimes: false,
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

/** What a contract can use beyond its destination. */
export interface ContractSurroundings {
  /** Names with versions of the own-code transforms that stand beside it. */
  transforms?: readonly string[]
  /** Names of the sources of the config. Unknown = not checked. */
  sources?: readonly string[]
}

/**
 * Makes the contract of a connection: the destination's default with the override merged in field by field, names filled in, rules expanded per currency and
 * variants written into them. The result holds no placeholders. `where` = where the override stands in the config, for messages
 * (`connections.mailer-eu.contract`). Throws one MillraceError `contract_invalid` that lists every problem with its path and cure.
 */
export const resolveContract = (
  destination: Pick<Destination, 'name' | 'objects' | 'defaultContract'> & Pick<Partial<Destination>, 'read'>,
  override: ContractOverride | undefined,
  where: string,
  { transforms = [], sources }: ContractSurroundings = {},
): Contract => {
  const problems = collectProblems(where)
  const base = destination.defaultContract
  const checked = checkStructure(override, problems)
  const given = mergeSettings(base, checked)
  checkSettings(given, problems)
  // One message for a wrong prefix, and not one for every name that it would begin.
  const settings = isPrefix(given.prefix) ? given : { ...given, prefix: base.prefix }
  checkSignals(settings, problems)
  const variants = checked.variants ?? []
  const scope = { settings, variants, transforms, reads: destination.read !== undefined, problems }
  const changes: Readonly<Record<string, false | ObjectOverride>> = checked.objects ?? {}
  const names = [...new Set([...Object.keys(base.objects), ...Object.keys(changes)])]
  const used: Record<string, ObjectSpec> = {}
  const objects = names.flatMap((name) => {
    const spec = Object.hasOwn(destination.objects, name) ? destination.objects[name] : undefined
    if (spec === undefined) {
      problems.add(`objects.${name}`, `${destination.name} has no such object; ${suggestion(name, Object.keys(destination.objects))}`)
      return []
    }
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined
    if (change === false) return []
    used[name] = spec
    return [[name, resolveObject(name, spec, base.objects[name], change ?? {}, scope)] as const]
  })
  const events = resolveEvents(destination, base.events, checked.events ?? {}, Object.keys(used), scope)
  const contract = { ...settings, events, objects: Object.fromEntries(objects) }
  variants.forEach((variant, index) => {
    for (const name of Object.keys(variant.objects)) {
      if (!Object.hasOwn(used, name))
        problems.add(`variants.${index}.objects.${name}`, `the contract has no such object; ${suggestion(name, Object.keys(used))}`)
    }
  })
  checkRouting(contract, { used, destination: destination.name, transforms, sources, problems })
  checkConsent(settings.consent, contract.objects, destination, problems)
  problems.throwIfAny()
  return contract
}
