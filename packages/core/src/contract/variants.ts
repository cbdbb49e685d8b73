import type { ObjectSpec } from '../spec/destination.ts'
import { suggestion } from './closest.ts'
import { fieldName, type ContractVariant, type FieldRule } from './contract.ts'
import { when } from './expression.ts'
import type { Problems } from './problems.ts'
import { routePredicate } from './route-rules.ts'

/** Writes the variants of a contract into the rules of one object, as conditional values: what is stored, hashed and checked is one contract. */
export const withVariants = (
  rules: Readonly<Record<string, FieldRule>>,
  object: { name: string; from: ObjectSpec['from']; prefix: string },
  variants: readonly ContractVariant[],
  problems: Problems,
): Record<string, FieldRule> => {
  const result: Record<string, FieldRule> = { ...rules }
  variants.forEach(({ when: route, objects }, index) => {
    const fields = Object.hasOwn(objects, object.name) ? (objects[object.name]?.fields ?? {}) : {}
    const at = `variants.${index}`
    for (const [written, value] of Object.entries(fields)) {
      const name = fieldName(written, object.prefix)
      const rule = Object.hasOwn(result, name) ? result[name] : undefined
      const test = route.sources === undefined ? routePredicate(object.from, route) : withSource(object.from, route)
      const place = `${at}.objects.${object.name}.fields.${written}`
      if (rule === undefined)
        problems.add(
          place,
          `a variant changes the value of a field, and there is none of this name; ${suggestion(name, Object.keys(result))}`,
        )
      else if (test === undefined)
        problems.add(
          `${at}.when`,
          `asks nothing that a unit of kind ${object.from} has; name a store, country or another part of the route`,
        )
      else result[name] = { ...rule, value: when(test, value, rule.value) }
    }
  })
  return result
}

const withSource = (kind: ObjectSpec['from'], { sources = [], ...rest }: ContractVariant['when']) => {
  const ofSource = { test: 'in', path: kind === 'person' ? 'sources' : 'source', values: sources } as const
  const other = routePredicate(kind, rest)
  return other === undefined ? ofSource : ({ test: 'and', of: [ofSource, other] } as const)
}
