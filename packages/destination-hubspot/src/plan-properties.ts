import type { Contract, PlanChange } from '@millrace/core'
import { desiredProperties, type DesiredProperty } from './desired-property.ts'
import type { Schema } from './encode-fields.ts'
import type { PortalOption, PortalProperty } from './portal-property.ts'
import type { UsedTarget } from './target.ts'

/** What `apply` does for a property: create it, or add options to it. */
export type PropertyDetails =
  | { kind: 'property'; type: string; property: DesiredProperty }
  | { kind: 'options'; type: string; name: string; options: PortalOption[] }

type Difference = PlanChange['differences'][number]

const allowedName = /^[a-z][a-z0-9_]{0,99}$/

const create = (type: string, property: DesiredProperty): PlanChange => {
  if (!allowedName.test(property.name)) {
    const want = 'lower-case letters, digits and underscores, starting with a letter, at most 100'
    return {
      action: 'drift',
      target: `property ${type}.${property.name}`,
      differences: [{ path: 'name', have: property.name, want }],
      destructive: false,
    }
  }
  const details: PropertyDetails = { kind: 'property', type, property }
  const { name: _name, options, ...shape } = property
  const differences: Difference[] = Object.entries(shape).map(([path, want]) => ({ path, have: undefined, want }))
  if (options.length > 0) differences.push({ path: 'options', have: undefined, want: options.map((option) => option.value) })
  return { action: 'create', target: `property ${type}.${property.name}`, differences, destructive: false, details }
}

/** Differences that HubSpot does not let us mend without losing data: a person has to decide. */
const driftOf = (have: PortalProperty, want: DesiredProperty): Difference[] => {
  const differences: Difference[] = []
  if (have.type !== want.type) differences.push({ path: 'type', have: have.type, want: want.type })
  else if (want.type === 'enumeration' && (have.fieldType === 'checkbox') !== (want.fieldType === 'checkbox')) {
    differences.push({ path: 'fieldType', have: have.fieldType, want: want.fieldType })
  }
  if (want.hasUniqueValue && !have.unique) differences.push({ path: 'hasUniqueValue', have: false, want: true })
  return differences
}

const missingOptions = (have: PortalProperty, want: DesiredProperty): PortalOption[] => {
  if (want.type !== 'enumeration') return []
  const known = new Set(have.options.map((option) => option.value))
  return want.options.filter((option) => !known.has(option.value))
}

const compare = (type: string, have: PortalProperty, want: DesiredProperty): PlanChange[] => {
  const target = `property ${type}.${want.name}`
  const drift = driftOf(have, want)
  if (drift.length > 0) return [{ action: 'drift', target, differences: drift, destructive: false }]
  const options = missingOptions(have, want)
  if (options.length === 0) return []
  const details: PropertyDetails = { kind: 'options', type, name: want.name, options }
  const values = (list: readonly PortalOption[]): string[] => list.map((option) => option.value)
  return [
    {
      action: 'update',
      target,
      differences: [{ path: 'options', have: values(have.options), want: [...values(have.options), ...values(options)] }],
      destructive: false,
      details,
    },
  ]
}

/** Fields of the contract that are HubSpot's own and that this portal does not have or does not let be written. */
const foreignDrift = ({ target, fields }: UsedTarget, schema: Schema): PlanChange[] =>
  Object.entries(fields).flatMap(([name, rule]): PlanChange[] => {
    if (rule.type !== undefined) return []
    const property = schema.get(name)
    const at = `property ${target.type}.${name}`
    if (property === undefined)
      return [{ action: 'drift', target: at, differences: [{ path: 'exists', have: false, want: true }], destructive: false }]
    return property.readOnly
      ? [{ action: 'drift', target: at, differences: [{ path: 'readOnly', have: true, want: false }], destructive: false }]
      : []
  })

/** What has to happen to the properties of one object. Nothing of it deletes or rewrites what people made. */
export const planProperties = (used: UsedTarget, schema: Schema, contract: Contract): PlanChange[] => {
  const { type } = used.target
  const own = desiredProperties(used, contract).flatMap((want) => {
    const have = schema.get(want.name)
    return have === undefined ? [create(type, want)] : compare(type, have, want)
  })
  return [...own, ...foreignDrift(used, schema)]
}
