import { isMillraceError, MillraceError } from '@millrace/core'
import { printable } from './table.ts'

/** Anything thrown as a Millrace error: a foreign one gets the code `unexpected`. */
export const asMillraceError = (error: unknown): MillraceError =>
  isMillraceError(error)
    ? error
    : new MillraceError({
        code: 'unexpected',
        scope: 'destination',
        message: error instanceof Error ? error.message : String(error),
        cause: error,
      })

/** An error for people: what, where, what to do. The stack is added when `verbose`. */
export const errorText = (error: MillraceError, verbose: boolean): string => {
  const unexpected = error.code === 'unexpected'
  const context = Object.entries(error.context).map(([key, value]) => `${key} ${value}`)
  return [
    `error: ${printable(error.message)}`,
    ...(error.field === undefined ? [] : [`  where: ${printable(error.field)}`]),
    ...(context.length === 0 ? [] : [`  details: ${printable(context.join(', '))}`]),
    `  code: ${error.code} (${unexpected ? 'a fault of Millrace or of an adapter: run it again with --log-level debug and report the output' : 'docs/errors.md lists its cure'})`,
    ...(verbose ? [String((error.cause instanceof Error ? error.cause : error).stack)] : []),
    '',
  ].join('\n')
}
