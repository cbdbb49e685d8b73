import { MillraceError } from '@millrace/core'
import type { z } from 'zod'

/** Checks the settings of a transport. Throws MillraceError `setting_invalid` naming all that is wrong. */
export const readSettings = <Schema extends z.ZodType>(name: string, schema: Schema, given: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const problems = issues.map(({ path, message }) => `${path.length === 0 ? 'settings' : path.join('.')}: ${message}`)
  throw new MillraceError({
    code: 'setting_invalid',
    scope: 'destination',
    field: issues[0]?.path.join('.') ?? '',
    message: `${name}({...}) cannot start. Correct these settings: ${problems.join('; ')}.`,
  })
}
