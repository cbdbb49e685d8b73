import type { Consent } from '../model/consent.ts'
import type { FieldSpec, FieldType, Membership, UnitKind } from '../spec/destination.ts'
import type { SignalRules } from '../signals/signal-rules.ts'
import type { Expression, KnownNames } from './expression.ts'
import type { Predicate } from './predicate.ts'
import type { RouteRules } from './route-rules.ts'

/**
 * One field of a destination object. `owner`: `source` (default) = we keep it up to date; `destination` = written on create only and never on adoption;
 * `once` = written until it was settled, then left alone; `shared` = the newer value counts, whichever side it is from (refused where the destination cannot
 * tell when a field was changed). `blank`: `keep` (default) = a blank value is not sent; `erase` = it clears the field.
 */
export interface FieldRule extends Omit<FieldSpec, 'type'> {
  value: Expression
  owner?: 'source' | 'destination' | 'once' | 'shared'
  blank?: 'keep' | 'erase'
  /** Of shared fields: a verified value beats an unverified one. `when` asks the source's side, `field` names the destination's field that tells its own. */
  verified?: { when?: Predicate; field?: string }
  /** Needed for a field that the vendor does not have by itself, so that it can be provisioned. */
  type?: FieldType
  purpose?: string
}

/** What one destination object receives. */
export interface ObjectContract {
  fields: Readonly<Record<string, FieldRule>>
  children?: Readonly<Record<string, { fields: Readonly<Record<string, FieldRule>> }>>
}

/**
 * Who a person is. `accounts`: `merge` = accounts with the same e-mail (case-folded) are one person; `separate` = every account is a person and the first one
 * with an e-mail owns it. `guests`: `by-email` = orders without an account belong to the person with that e-mail; `ignore` = guests are nobody.
 * `emailScope`: `global`, or `store` where the same e-mail in two stores is two people.
 */
export interface IdentityRules {
  accounts: 'merge' | 'separate'
  guests: 'by-email' | 'ignore'
  emailScope: 'global' | 'store'
}

/** What happens at the destination when a record is deleted at the source (design §7.12). */
export type RemovalPolicy = 'keep-and-flag' | 'archive' | 'ignore'

/**
 * Consent (design §7.5). `authority` = whose opt-in counts once the destination holds a status; an opt-out counts from either side at once. Topics by a name of
 * the user's choice; a person's consents that no topic takes go nowhere.
 */
export interface ConsentRules {
  authority: 'source' | 'destination'
  topics: Readonly<Record<string, ConsentTopic>>
  /** Without them every country is `opt-out`. */
  regions?: ConsentRegions
}

/**
 * What the law of a person's country asks for. `opt-in`: nobody is mailed without having agreed. `double-opt-in`: an agreement counts once it was confirmed
 * (`evidence.confirmedAt`, or the basis `double-opt-in`). `opt-out`: who said nothing may be mailed. A regime only ever takes away: what comes of it is a
 * suppression (`ConsentDecision.suppressed`), never an opt-in.
 */
export type ConsentRegime = 'double-opt-in' | 'opt-in' | 'opt-out'

/** Regimes by country, ISO 3166-1 alpha-2; `otherwise` = of countries that are not listed. A person of whom no country is known falls under the strictest of all that are named. */
export interface ConsentRegions {
  countries: Readonly<Record<string, ConsentRegime>>
  otherwise: ConsentRegime
}

/** One thing that can be consented to. `target` = the destination's own name for it: subscription type, list; needed where a channel has several. */
export interface ConsentTopic {
  channel: Consent['channel']
  /** Default `marketing`. */
  purpose?: string
  target?: string
  /** Legal basis and its explanation in the destination's words, where it asks for them. */
  basis?: string
  explanation?: string
}

/**
 * How one type of event goes out. `name` = the destination's name for it (default `{prefix}_<type>`, with underscores; `{prefix}` is filled in); `as` = the form,
 * where the adapter offers several (`event`, `tag`, `field`, ...); `fields` map the payload from the view of the event, beside the fields of the event object.
 * Texts that are too long for their field are cut: an event that is refused for its length is worth less than one with a shorter text.
 */
export interface EventRule {
  name?: string
  as?: string
  fields?: Readonly<Record<string, FieldRule>>
}

/** Changes to the default rule of a type; `null` drops a field. */
export interface EventOverride extends Omit<EventRule, 'fields'> {
  fields?: Readonly<Record<string, FieldRule | null>>
}

/**
 * Lists or tags from a value. With a `dimension`: one membership for each text that `value` gives (a list gives several), named `<prefix>:<dimension>:<text>`.
 * With a `name`: that one, when `value` is true.
 */
export interface MembershipRule {
  kind: Membership['kind']
  dimension?: string
  name?: string
  value: Expression
}

/**
 * Rules of some units only: for units that `when` fits, `objects` gives these fields other values. A later one of several that fit counts. What else a field is
 * (type, owner, label) stays as it is.
 */
export interface ContractVariant {
  when: RouteRules
  objects: Readonly<Record<string, { fields: Readonly<Record<string, Expression>> }>>
}

/** What one connection receives and how: data, complete and resolved. Names in the default contracts may hold `{prefix}`, which is filled in on load. */
export interface Contract {
  version: 1
  /** Put before the names of our own fields at the destination, with an underscore. */
  prefix: string
  /** Currencies with totals of their own on people, ISO 4217. */
  currencies: readonly string[]
  /** Locales for localized text, best first. */
  locales: readonly string[]
  identity: IdentityRules
  /** Orders that belong to nobody, or to somebody the destination cannot hold. */
  ordersOfNobody: 'unassociated' | 'skip' | 'dead-letter'
  removal: Readonly<Partial<Record<UnitKind, RemovalPolicy>>>
  consent: ConsentRules
  /** By type (`order.placed`, see `eventTypes`). Types that are not listed are not sent. */
  events: Readonly<Record<string, EventRule>>
  memberships: readonly MembershipRule[]
  /** Where a unit must belong to be taken. Default: anywhere. */
  route?: RouteRules
  /** What must hold of a unit of a kind to be taken. Default: nothing. */
  include?: Readonly<Partial<Record<UnitKind, Predicate>>>
  /** What becomes of the object of a unit that is no longer taken. Default `ignore`: it stays as it was written last. */
  leaving?: Readonly<Partial<Record<UnitKind, RemovalPolicy>>>
  /** Time zone of the shop (IANA): for calendar dates that name none, and for the days of `reconcile` and reports. Default UTC. */
  timeZone?: string
  /** Bands and evidence of what is computed from a person's orders. */
  signals?: SignalRules
  objects: Readonly<Record<string, ObjectContract>>
}

/** Changes to a destination's default contract, field by field: `null` drops a field, `false` switches a whole object off. */
export interface ContractOverride {
  prefix?: string
  currencies?: readonly string[]
  locales?: readonly string[]
  identity?: Partial<IdentityRules>
  ordersOfNobody?: Contract['ordersOfNobody']
  removal?: Partial<Record<UnitKind, RemovalPolicy>>
  consent?: { authority?: ConsentRules['authority']; topics?: Readonly<Record<string, ConsentTopic | null>>; regions?: ConsentRegions }
  events?: Readonly<Record<string, EventOverride | false>>
  memberships?: readonly MembershipRule[]
  route?: RouteRules
  include?: Contract['include']
  leaving?: Contract['leaving']
  timeZone?: string
  /** Other values for the units of some stores, regions or sources. */
  variants?: readonly ContractVariant[]
  /** Part by part: what is given replaces the part of the default contract. */
  signals?: SignalRules
  objects?: ObjectOverrides
}

type AnyObjects = Readonly<Record<string, false | ObjectOverride>>

/** Objects by name. What a generated types file knows (`fields` of {@link KnownNames}) completes in the editor; anything else is checked when the config loads. */
export type ObjectOverrides = KnownNames extends { fields: infer Objects }
  ? AnyObjects & { readonly [O in keyof Objects]?: false | ObjectOverride<Objects[O]> }
  : AnyObjects

export interface ObjectOverride<Known = never> {
  fields?: Readonly<Record<string, FieldRule | null>> & { readonly [F in Known & string]?: FieldRule | null }
  children?: Readonly<Record<string, { fields?: Readonly<Record<string, FieldRule | null>> }>>
}

/** Writes a contract with editor completion. The data comes back as it is; it is checked against the destination when the config loads. */
export const defineContract = (override: ContractOverride): ContractOverride => override

/** Fills `{prefix}` into a name: `fieldName('{prefix}_order_key', 'shop')` is `shop_order_key`. */
export const fieldName = (name: string, prefix: string): string => name.replaceAll('{prefix}', prefix)
