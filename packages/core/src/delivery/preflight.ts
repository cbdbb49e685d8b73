import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'

/**
 * Asks the destination whether it can take what the contract wants, before the first write. Throws MillraceError `preflight_failed` naming every error and its
 * cure.
 */
export const preflight = async (engine: Engine, connection: Connection, depth: 'quick' | 'full', signal: AbortSignal): Promise<void> => {
  const findings = (await connection.destination.check?.(destinationContext(engine, connection, signal), depth)) ?? []
  const errors = findings.filter((finding) => finding.level === 'error')
  if (errors.length === 0) return
  const lines = errors.map(
    ({ message, setting, cure }) => `- ${setting === undefined ? '' : `${setting}: `}${message}${cure === undefined ? '' : ` ${cure}`}`,
  )
  throw new MillraceError({
    code: 'preflight_failed',
    message: `Nothing was written to ${connection.name}:\n${lines.join('\n')}`,
    scope: 'destination',
    context: { codes: errors.map((finding) => finding.code).join(',') },
  })
}
