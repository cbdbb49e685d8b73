import type { ObjectSpec, UnitKind } from '../spec/destination.ts'
import { viewCatalog } from '../views/catalog.ts'
import { checkExpression } from './check-expression.ts'
import { checkPredicate } from './check-predicate.ts'
import { undefinedSignals } from './check-signals.ts'
import { suggestion } from './closest.ts'
import type { Contract, ObjectContract } from './contract.ts'
import type { Problems } from './problems.ts'

/** What the routing of a contract is checked against. */
export interface RoutingContext {
  /** Objects of the destination that the contract uses. */
  used: Readonly<Record<string, ObjectSpec>>
  destination: string
  transforms: readonly string[]
  /** Names of the sources of the config, where they are known. */
  sources: readonly string[] | undefined
  problems: Problems
}

/** Kinds whose units are judged by themselves; consent and events go where their person goes. */
const judged: readonly UnitKind[] = ['person', 'order', 'product', 'category', 'company', 'cart']

const usesPath = (object: ObjectContract, path: string): boolean => JSON.stringify(object.fields).includes(`"${path}"`)

const checkRoute = ({ route }: Pick<Contract, 'route'>, { sources, problems }: RoutingContext): void => {
  for (const [index, name] of (route?.sources ?? []).entries()) {
    if (sources !== undefined && !sources.includes(name))
      problems.add(`route.sources.${index}`, `the config has no source "${name}"; ${suggestion(name, sources)}`)
  }
}

const checkInclude = ({ include, signals }: Pick<Contract, 'include' | 'signals'>, { transforms, problems }: RoutingContext): void => {
  for (const [kind, predicate] of Object.entries(include ?? {})) {
    const known = judged.find((one) => one === kind)
    const report = (message: string): void => problems.add(`include.${kind}`, message)
    if (known === undefined) report(`units of kind ${kind} go where their person goes; put the predicate under person`)
    else {
      checkPredicate(predicate, { view: viewCatalog[known], of: `the view of a unit of kind ${kind}`, report, transforms })
      for (const message of undefinedSignals(predicate, signals)) report(message)
    }
  }
}

const checkLeaving = (contract: Contract, { used, problems }: RoutingContext): void => {
  for (const [kind, policy] of Object.entries(contract.leaving ?? {})) {
    if (policy !== 'keep-and-flag') continue
    for (const [name, spec] of Object.entries(used)) {
      const object = contract.objects[name]
      if (spec.from !== kind || object === undefined || usesPath(object, 'inScope')) continue
      problems.add(
        `leaving.${kind}`,
        `keeps objects and flags them, but no field of ${name} is the flag; add one with the value path("inScope"), or choose ignore or archive`,
      )
    }
  }
}

const checkMemberships = (contract: Contract, { used, destination, transforms, problems }: RoutingContext): void => {
  const kinds = [...new Set(Object.values(used).flatMap((spec) => (spec.from === 'person' ? (spec.memberships ?? []) : [])))]
  contract.memberships.forEach(({ kind, dimension, name, value }, index) => {
    const at = `memberships.${index}`
    if (!kinds.includes(kind)) {
      const what = kind === 'list' ? 'lists' : 'tags'
      const instead = kinds[0] === undefined ? 'it has neither lists nor tags' : `use kind: '${kinds[0]}'`
      problems.add(`${at}.kind`, `${destination} has no ${what} that a contract can fill; ${instead}`)
    }
    if ((name === undefined) === (dimension === undefined))
      problems.add(at, 'give it either a name (for a value that is true or false) or a dimension (for texts)')
    if (name?.trim() === '') problems.add(`${at}.name`, 'the name is empty')
    if (dimension !== undefined && !/^[^\s:]+$/.test(dimension))
      problems.add(`${at}.dimension`, `"${dimension}" cannot stand in a name; use letters, digits and dashes`)
    const report = (message: string): void => problems.add(`${at}.value`, message)
    const given = checkExpression(value, { view: viewCatalog.person, of: 'the view of a unit of kind person', report, transforms })
    for (const message of undefinedSignals(value, contract.signals)) report(message)
    for (const kindOfValue of given) {
      const item = kindOfValue.kind === 'list' ? kindOfValue.of : kindOfValue
      if (name !== undefined && item.kind !== 'boolean' && item.kind !== 'open')
        report('a membership with a name needs a value that is true or false; use holds(...)')
      if (dimension !== undefined && ['object', 'record', 'money', 'localized'].includes(item.kind))
        report('a membership with a dimension needs texts; name one part of the value')
    }
  })
}

/** Checks what a contract says about which units a connection takes, and about lists and tags. */
export const checkRouting = (contract: Contract, context: RoutingContext): void => {
  checkRoute(contract, context)
  checkInclude(contract, context)
  checkLeaving(contract, context)
  checkMemberships(contract, context)
}
