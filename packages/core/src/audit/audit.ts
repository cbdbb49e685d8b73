import type { AuditedConnection, AuditFinding, AuditOptions, AuditReport } from '../api/audit-report.ts'
import type { Connection } from '../engine/connection.ts'
import { connectionNamed } from '../engine/connection-named.ts'
import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { noteCompared } from '../operations/compared.ts'
import { auditObject } from './audit-object.ts'

const invalid = (message: string): MillraceError => new MillraceError({ code: 'option_invalid', message, scope: 'destination' })

/**
 * Compares a sample of people and orders at every destination with what should be there, field by field, with their lines, their links and their duplicates. Reads
 * only; works beside a running engine.
 *
 * @throws MillraceError `option_invalid` or `connection_unknown`, or what a destination throws when it cannot be read.
 */
export const audit = async (engine: Engine, options: AuditOptions, signal: AbortSignal): Promise<AuditReport> => {
  const { sample = 200, thresholdPercent = 0.25, seed = new Date(engine.clock.now()).toISOString().slice(0, 10) } = options
  if (!Number.isInteger(sample) || sample < 1) throw invalid('sample must be a whole number above 0.')
  if (!(thresholdPercent >= 0)) throw invalid('thresholdPercent must be 0 or more.')
  const names = options.connection === undefined ? [...engine.connections.keys()] : [options.connection].flat()
  const connections: AuditReport['connections'] = {}
  for (const name of names) {
    connections[name] = await auditConnection(engine, connectionNamed(engine, name), { seed, size: sample, thresholdPercent }, signal)
  }
  const verdicts = Object.entries(connections).flatMap(([connection, { status, findings }]) =>
    status === 'not-comparable' ? [] : [{ connection, message: status === 'agrees' ? null : differText(seed, findings) }],
  )
  await noteCompared(engine, 'audit', verdicts)
  return { seed, sample, thresholdPercent, ok: Object.values(connections).every(({ status }) => status !== 'differs'), connections }
}

const differText = (seed: string, findings: readonly AuditFinding[]): string => {
  const kinds = [...Map.groupBy(findings, ({ kind }) => kind)].map(([kind, group]) => `${kind} ${group.length}`).join(', ')
  return `More objects of a sample differ than the threshold allows (${kinds}). Look with \`millrace audit --seed ${seed}\`.`
}

const auditConnection = async (
  engine: Engine,
  connection: Connection,
  { thresholdPercent, ...sample }: { seed: string; size: number; thresholdPercent: number },
  signal: AbortSignal,
): Promise<AuditedConnection> => {
  const { destination } = connection
  const unchecked: AuditedConnection['unchecked'] = [
    ...(destination.parentsOf === undefined ? (['associations'] as const) : []),
    ...(destination.find === undefined ? (['duplicates'] as const) : []),
  ]
  const result: AuditedConnection = { status: 'agrees', objects: {}, findings: [], unchecked }
  for (const object of [...connection.objectsOf('person'), ...connection.objectsOf('order')]) {
    if (connection.spec(object).writeOnly === true) {
      unchecked.push(`objects of the kind ${object}`)
      continue
    }
    const audited = await auditObject({ engine, connection, object, signal }, sample)
    if (audited === undefined) return { ...result, status: 'not-comparable' }
    result.objects[object] = audited.totals
    result.findings.push(...audited.findings)
  }
  const [compared, agree] = [sum(result, 'compared'), sum(result, 'agree')]
  if (compared > 0 && ((compared - agree) / compared) * 100 > thresholdPercent) result.status = 'differs'
  return result
}

const sum = ({ objects }: AuditedConnection, part: 'compared' | 'agree'): number =>
  Object.values(objects).reduce((all, totals) => all + totals[part], 0)
