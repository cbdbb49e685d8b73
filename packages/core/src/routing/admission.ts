import type { Contract } from '../contract/contract.ts'
import { routePredicate } from '../contract/route-rules.ts'
import { compilePredicate, type CompiledPredicate } from '../mapping/predicate-compiler.ts'
import type { UnitKind } from '../spec/destination.ts'
import type { View } from '../views/view.ts'

/** Why a unit is not taken: it belongs elsewhere, or does not fulfil what the contract asks of its kind. */
export type Refusal = 'outside_route' | 'not_included'

/** Which units a connection takes, compiled from its contract. */
export interface Admission {
  takesSource(source: string): boolean
  /** Undefined when the unit is taken. */
  refusal(kind: UnitKind, view: View, now: number): Refusal | undefined
  /** When the answer can change although the records do not, epoch ms after `now`. */
  changesAt(kind: UnitKind, view: View, now: number): number | undefined
  /** Whether anything is asked of units of this kind beyond their source. */
  asks(kind: UnitKind): boolean
}

const kinds: readonly UnitKind[] = ['person', 'order', 'product', 'category', 'company', 'cart']

/** Compiles route and inclusion of a contract, once per connection. */
export const compileAdmission = (contract: Contract): Admission => {
  const { route = {}, include = {}, locales } = contract
  const sources = route.sources === undefined ? undefined : new Set(route.sources)
  const routes = new Map<UnitKind, CompiledPredicate>()
  const includes = new Map<UnitKind, CompiledPredicate>()
  for (const kind of kinds) {
    const wanted = routePredicate(kind, route)
    if (wanted !== undefined) routes.set(kind, compilePredicate(wanted, locales))
    const included = include[kind]
    if (included !== undefined) includes.set(kind, compilePredicate(included, locales))
  }
  return {
    takesSource: (source) => sources === undefined || sources.has(source),
    refusal: (kind, view, now) => {
      if (routes.get(kind)?.holds(view, now) === false) return 'outside_route'
      return includes.get(kind)?.holds(view, now) === false ? 'not_included' : undefined
    },
    changesAt: (kind, view, now) => includes.get(kind)?.changesAt(view, now),
    asks: (kind) => routes.has(kind) || includes.has(kind),
  }
}
