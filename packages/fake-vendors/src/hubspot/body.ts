import { isJsonObject } from '../http/index.ts'
import { invalid } from './errors.ts'
import type { RouteContext } from './route.ts'
import type { RuleId } from './rules.ts'

/** Refuses the request as JSON of the wrong shape. */
export function malformed(detail: string): never {
  return invalid('body-shape', `Invalid input JSON on line 1, column 1: ${detail}`)
}

/** The body as an object. */
export function objectBody(context: RouteContext): Record<string, unknown> {
  return isJsonObject(context.body) ? context.body : malformed('Cannot deserialize value of type object')
}

/** The `inputs` of a batch body; refuses more than `cap` with 400. */
export function inputsOf(context: RouteContext, cap: number, rule: RuleId): Record<string, unknown>[] {
  const { inputs } = objectBody(context)
  if (!Array.isArray(inputs)) return malformed('"inputs" must be an array')
  context.countInputs(inputs.length)
  if (inputs.length > cap) invalid(rule, `Size of inputs must be between 1 and ${cap}: received ${inputs.length}`)
  if (inputs.length === 0) invalid('batch-empty', `Size of inputs must be between 1 and ${cap}: received 0`)
  return inputs.map((input: unknown) => (isJsonObject(input) ? input : malformed('every input must be an object')))
}

/** A member that must be a non-empty string. */
export function requiredString(source: Record<string, unknown>, name: string): string {
  const value = source[name]
  return typeof value === 'string' && value !== '' ? value : malformed(`"${name}" must be a non-empty string`)
}

/** A member that may be missing but else must be a string. */
export function optionalString(source: Record<string, unknown>, name: string): string | undefined {
  const value = source[name]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : malformed(`"${name}" must be a string`)
}

/** A member that may be missing but else must be a list of strings. */
export function stringList(source: Record<string, unknown>, name: string): string[] {
  const value = source[name]
  if (value === undefined || value === null) return []
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : malformed(`"${name}" must be a list of strings`)
}

/** Property values of an input: strings only. Numbers, booleans and null are refused; `''` clears. */
export function propertyValues(source: Record<string, unknown>): Record<string, string> {
  const { properties } = source
  if (!isJsonObject(properties)) return malformed('"properties" must be an object')
  if (isStringRecord(properties)) return properties
  const name = Object.keys(properties).find((key) => typeof properties[key] !== 'string')
  return invalid(
    'value-is-string',
    `Invalid input JSON on line 1, column 1: Cannot deserialize value of type String for property "${name}"`,
  )
}

function isStringRecord(value: Record<string, unknown>): value is Record<string, string> {
  return Object.values(value).every((member) => typeof member === 'string')
}
