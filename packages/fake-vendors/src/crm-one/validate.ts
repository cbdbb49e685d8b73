import { z } from 'zod'

import { refuse, type ProblemDetail } from './problem.ts'

/** JSON Pointer of a path. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

const codes: Readonly<Record<string, string>> = {
  too_big: 'too_large',
  too_small: 'too_small',
  invalid_format: 'format',
  invalid_value: 'unknown_option',
  invalid_type: 'type',
  invalid_union: 'type',
}

function details(issue: z.core.$ZodIssue, body: unknown): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), code: 'unknown_field' }))
  if (issue.code === 'custom') return [{ pointer: pointerOf(issue.path), code: issue.message }]
  const code = isMissing(body, issue.path) ? 'required' : (codes[issue.code] ?? 'format')
  return [{ pointer: pointerOf(issue.path), code }]
}

function isMissing(body: unknown, path: readonly PropertyKey[]): boolean {
  let value = body
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return true
    value = Reflect.get(value, part)
  }
  return false
}

/** Members named `__proto__`, which would silently be lost: the only name that no record may have. */
function reservedNames(value: unknown, path: readonly string[]): ProblemDetail[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === '__proto__' ? [{ pointer: pointerOf([...path, key]), code: 'reserved' }] : reservedNames(member, [...path, key]),
  )
}

/**
 * The body as the type it should have; refuses with 422 naming every place that is wrong.
 * Codes of places: `required`, `type`, `format`, `too_large`, `too_small`, `unknown_option`, `unknown_field`, `reserved`, and what the schema says itself.
 */
export function validate<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  const reserved = reservedNames(body, [])
  if (result.success && reserved.length === 0) return result.data
  const errors = [...reserved, ...(result.error?.issues.flatMap((issue) => details(issue, body)) ?? [])]
  return refuse('validation-names-places', 'validation', { errors })
}

/** A text that is not empty and holds no control characters. */
export function text(max: number): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !/\p{Cc}/u.test(value), 'format')
}

/** A time in RFC 3339 with its offset. */
export const timestamp: z.ZodType<string> = z.iso.datetime({ offset: true })

/** An exact decimal number, as text. */
export const decimal: z.ZodType<string> = z.string().regex(/^-?(0|[1-9]\d{0,27})(\.\d{1,20})?$/)

/** An ISO 4217 code in upper case. */
export const currency: z.ZodType<string> = z.string().regex(/^[A-Z]{3}$/)

/** The version of the source a snapshot was made from: an integer that only grows. */
export const sourceVersion: z.ZodType<number> = z.int().min(0)
