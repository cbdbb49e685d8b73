import type { UnitKind } from '../spec/destination.ts'
import type { Predicate } from './predicate.ts'

/**
 * What a connection takes, by where it belongs. Every setting that is given must fit; one of its values is enough. A setting asks only the kinds of units that
 * have what it asks for ({@link routePredicate}); `sources` holds for everything.
 */
export interface RouteRules {
  /** Names of sources in the config. Records of other sources are never looked at for this connection, not even as a part of a person. */
  sources?: readonly string[]
  /** Keys of stores. */
  stores?: readonly string[]
  channels?: readonly string[]
  /** Locales (`de-AT`) or languages (`de`). */
  locales?: readonly string[]
  /** ISO 3166-1 alpha-2. */
  countries?: readonly string[]
  /** ISO 4217. */
  currencies?: readonly string[]
  /** Key, name or id of customer groups. */
  customerGroups?: readonly string[]
  /** Custom fields of people, orders, carts, companies and categories. */
  custom?: Readonly<Record<string, readonly (string | number | boolean)[]>>
}

type Dimension = Exclude<keyof RouteRules, 'sources' | 'custom'>

/** Where each kind of unit has what a setting asks for; kinds that are not listed have it nowhere. */
const places: Readonly<Record<Dimension, Readonly<Partial<Record<UnitKind, readonly string[]>>>>> = {
  stores: { person: ['stores'], order: ['store'], cart: ['store'], company: ['stores'] },
  channels: { order: ['channel'] },
  locales: { person: ['locale', 'language'], order: ['locale', 'language'], cart: ['locale', 'language'] },
  countries: { person: ['country'], order: ['country'], cart: ['country'], company: ['country'] },
  currencies: { order: ['currency'], cart: ['currency'] },
  customerGroups: {
    person: ['groups.key', 'groups.name', 'groups.id'],
    order: ['customerGroup.key', 'customerGroup.name', 'customerGroup.id'],
  },
}

const withCustom: ReadonlySet<UnitKind> = new Set(['person', 'order', 'cart', 'company', 'category'])

const combined = (test: 'and' | 'or', of: readonly Predicate[]): Predicate | undefined => (of.length > 1 ? { test, of } : of[0])

/** The question that a route asks about units of one kind; undefined when it asks nothing. */
export const routePredicate = (kind: UnitKind, route: RouteRules): Predicate | undefined => {
  const dimensions = Object.entries(places).flatMap(([name, kinds]): Predicate[] => {
    // The keys of the record above are dimensions; Object.entries widens them to string.
    const values = route[name as Dimension]
    const paths = kinds[kind]
    if (values === undefined || paths === undefined) return []
    return [
      combined(
        'or',
        paths.map((path): Predicate => ({ test: 'in', path, values })),
      ) ?? [],
    ].flat()
  })
  const custom = withCustom.has(kind) ? Object.entries(route.custom ?? {}) : []
  return combined('and', [...dimensions, ...custom.map(([name, values]): Predicate => ({ test: 'in', path: `custom.${name}`, values }))])
}
