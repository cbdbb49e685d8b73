import { MillraceError } from '@millrace/core'
import type { Template } from './dialect.ts'

/** What the places of an operation are filled with. */
export type Values = Readonly<Record<string, unknown>>

const missing = (name: string): MillraceError =>
  new MillraceError({
    code: 'dialect_invalid',
    scope: 'destination',
    message: `An operation of the dialect asks for "${name}", which is not known there. Correct the place in the dialect's file.`,
  })

const valueOf = (values: Values, name: string): unknown => {
  if (!Object.hasOwn(values, name)) throw missing(name)
  return values[name]
}

/** A template with every `$name` replaced by its value, and every `{name}` in a key of an object. Throws MillraceError `dialect_invalid` for a name that has none. */
export const fillTemplate = (template: Template, values: Values): unknown => {
  if (typeof template === 'string') return template.startsWith('$') ? valueOf(values, template.slice(1)) : template
  if (Array.isArray(template)) return template.map((part: Template) => fillTemplate(part, values))
  if (typeof template !== 'object' || template === null) return template
  const filled = Object.entries(template).map(([name, part]: [string, Template]) => [fillText(name, values), fillTemplate(part, values)])
  return Object.fromEntries(filled)
}

const fillText = (text: string, values: Values): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(valueOf(values, name)))

/** A path with every `{name}` replaced by its value as one segment, percent-encoded. */
export const fillPath = (path: string, values: Values): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(valueOf(values, name))))
