import { isMillraceError, MillraceError } from '@millrace/core'
import { paragraph, printable } from './table.ts'

/** Anything thrown as a Millrace error: a call that a signal ended is `interrupted`, anything foreign `unexpected`. */
export const asMillraceError = (error: unknown): MillraceError => {
  if (isMillraceError(error)) return error
  if (error instanceof Error && error.name === 'AbortError')
    return new MillraceError({
      code: 'interrupted',
      scope: 'destination',
      message: 'Stopped by a signal before it was done. Run the command again.',
    })
  return new MillraceError({
    code: 'unexpected',
    scope: 'destination',
    message: error instanceof Error ? error.message : String(error),
    cause: error,
  })
}

/** An error for people: what, where, what to do. The stack is added when `verbose`. */
export const errorText = (error: MillraceError, verbose: boolean): string => {
  const unexpected = error.code === 'unexpected'
  const context = Object.entries(error.context).map(([key, value]) => `${key} ${value}`)
  return [
    `error: ${paragraph(error.message)}`,
    ...(error.field === undefined ? [] : [`  where: ${printable(error.field)}`]),
    ...(context.length === 0 ? [] : [`  details: ${printable(context.join(', '))}`]),
    `  code: ${error.code} (${unexpected ? 'a fault of Millrace or of an adapter: run it again with --log-level debug and report the output' : 'docs/errors.md lists its cure'})`,
    ...(verbose ? [String((error.cause instanceof Error ? error.cause : error).stack)] : []),
    '',
  ].join('\n')
}
