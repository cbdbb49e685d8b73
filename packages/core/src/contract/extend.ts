import type { ContractOverride, ObjectOverride } from './contract.ts'

type Fields = NonNullable<ObjectOverride['fields']>

const mergeObject = (base: false | ObjectOverride | undefined, over: false | ObjectOverride): false | ObjectOverride => {
  if (over === false || base === undefined || base === false) return over
  const fields: Fields = { ...base.fields, ...over.fields }
  const names = new Set([...Object.keys(base.children ?? {}), ...Object.keys(over.children ?? {})])
  const children = Object.fromEntries(
    [...names].map((name) => [name, { fields: { ...base.children?.[name]?.fields, ...over.children?.[name]?.fields } }]),
  )
  return { ...(Object.keys(fields).length === 0 ? {} : { fields }), ...(names.size === 0 ? {} : { children }) }
}

const mergeObjects = (base: ContractOverride['objects'], over: ContractOverride['objects']): ContractOverride['objects'] => {
  if (over === undefined) return base
  const merged = Object.entries(over).map(([name, object]) => [name, mergeObject(base?.[name], object)] as const)
  return { ...base, ...Object.fromEntries(merged) }
}

const extendOne = (base: ContractOverride, over: ContractOverride): ContractOverride => {
  const objects = mergeObjects(base.objects, over.objects)
  const topics = { ...base.consent?.topics, ...over.consent?.topics }
  return {
    ...base,
    ...over,
    ...(base.identity === undefined ? {} : { identity: { ...base.identity, ...over.identity } }),
    ...(base.removal === undefined ? {} : { removal: { ...base.removal, ...over.removal } }),
    ...(base.include === undefined ? {} : { include: { ...base.include, ...over.include } }),
    ...(base.leaving === undefined ? {} : { leaving: { ...base.leaving, ...over.leaving } }),
    ...(base.events === undefined ? {} : { events: { ...base.events, ...over.events } }),
    ...(base.consent === undefined ? {} : { consent: { ...base.consent, ...over.consent, topics } }),
    ...(base.memberships === undefined ? {} : { memberships: [...base.memberships, ...(over.memberships ?? [])] }),
    ...(base.variants === undefined ? {} : { variants: [...base.variants, ...(over.variants ?? [])] }),
    ...(objects === undefined ? {} : { objects }),
  }
}

/**
 * One contract from several, the later ones for a store or a region: `extend(base, germany)`. Settings of a later one replace, what has names (fields, topics,
 * events) is merged by name, and lists and tags and variants are added.
 */
export const extend = (base: ContractOverride, ...overrides: readonly ContractOverride[]): ContractOverride =>
  overrides.reduce(extendOne, base)
