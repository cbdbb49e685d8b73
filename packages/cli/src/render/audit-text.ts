import type { AuditReport } from '@millrace/core'
import { number, sections, table } from '../table.ts'

/** How much was compared, and what does not agree. */
export const auditText = ({ connections, seed, ok, thresholdPercent }: AuditReport): string => {
  const rows = Object.entries(connections).flatMap(([name, { status, objects }]) =>
    status === 'not-comparable'
      ? [[name, 'cannot be read', '', '', '']]
      : Object.entries(objects).map(([object, { delivered, compared, agree }]) => [
          name,
          object,
          number(delivered),
          number(compared),
          number(agree),
        ]),
  )
  const findings = Object.entries(connections).flatMap(([name, connection]) =>
    connection.findings.map(({ kind, object, unit, remoteId, details }) => [name, kind, object, unit, remoteId, details.join(', ')]),
  )
  const unchecked = Object.entries(connections).flatMap(([name, connection]) =>
    connection.unchecked.map((what) => `${name} cannot be asked for ${what}.\n`),
  )
  return sections(
    table(
      [
        { title: 'connection' },
        { title: 'object' },
        { title: 'delivered', align: 'right' },
        { title: 'compared', align: 'right' },
        { title: 'agree', align: 'right' },
      ],
      rows,
    ),
    table(
      [{ title: 'connection' }, { title: 'finding' }, { title: 'object' }, { title: 'unit' }, { title: 'id' }, { title: 'what' }],
      findings,
    ),
    unchecked.join(''),
    `${ok ? 'Agrees' : `Beyond ${thresholdPercent} %`}. Seed: ${seed}\n`,
  )
}
