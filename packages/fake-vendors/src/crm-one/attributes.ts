import type { AttributeDefinition } from './crm-schema.ts'
import { refuse, type ProblemDetail } from './problem.ts'
import { decimal, timestamp } from './validate.ts'

/** Values by name; null clears one. */
export type AttributeInput = Readonly<Record<string, unknown>>

/** Refuses names the schema does not have with `unknown_attribute`, values of another type with `validation`. */
export function checkAttributes(definitions: readonly AttributeDefinition[], input: AttributeInput | null | undefined): void {
  const entries = Object.entries(input ?? {})
  const unknown = entries.filter(([name]) => !definitions.some((definition) => definition.name === name))
  if (unknown.length > 0) {
    refuse('attribute-unknown', 'unknown_attribute', { errors: unknown.map(([name]) => ({ pointer: pointer(name), code: 'unknown' })) })
  }
  const errors = entries.flatMap(([name, value]): ProblemDetail[] => {
    const definition = definitions.find((candidate) => candidate.name === name)
    const code = definition === undefined || value === null ? undefined : mistake(definition, value)
    return code === undefined ? [] : [{ pointer: pointer(name), code }]
  })
  if (errors.length > 0) refuse('attribute-typed', 'validation', { errors })
}

/** Refuses a new object that lacks a required attribute. */
export function checkRequired(definitions: readonly AttributeDefinition[], input: AttributeInput | null | undefined): void {
  const errors = definitions
    .filter(({ name, required }) => required === true && (input?.[name] ?? null) === null)
    .map(({ name }) => ({ pointer: pointer(name), code: 'required' }))
  if (errors.length > 0) refuse('attribute-required', 'validation', { errors })
}

/** Attributes of a snapshot: those of the CRM stay as they were, whatever is written; the written ones among them are named. */
export function keepOwned(
  definitions: readonly AttributeDefinition[],
  before: AttributeInput | undefined,
  input: AttributeInput | undefined,
): { readonly attributes: AttributeInput; readonly ignored: readonly string[] } {
  const owned = definitions.filter(({ owner }) => owner === 'crm').map(({ name }) => name)
  const sent = Object.entries(input ?? {}).filter(([name]) => !owned.includes(name))
  const kept = Object.entries(before ?? {}).filter(([name]) => owned.includes(name))
  const ignored = owned.filter((name) => input?.[name] !== undefined).map(pointer)
  return { attributes: Object.fromEntries([...sent, ...kept]), ignored }
}

/** JSON Pointer of an attribute. */
function pointer(name: string): string {
  return `/attributes/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function mistake({ type, maxLength = 1000, options = [] }: AttributeDefinition, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return 'type'
      return value.length > maxLength ? 'too_large' : undefined
    case 'string[]':
      if (!Array.isArray(value) || !value.every((member) => typeof member === 'string')) return 'type'
      return value.length > 200 || value.some((member: string) => member.length > maxLength) ? 'too_large' : undefined
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : 'type'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'type'
    case 'decimal':
      return decimal.safeParse(value).success ? undefined : 'format'
    case 'datetime':
      return timestamp.safeParse(value).success ? undefined : 'format'
    case 'date':
      return typeof value === 'string' && timestamp.safeParse(`${value}T00:00:00Z`).success ? undefined : 'format'
    case 'enum':
      return typeof value === 'string' && options.includes(value) ? undefined : 'unknown_option'
  }
}
