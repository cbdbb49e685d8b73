import type { TraceReport } from '@millrace/core'
import { printable, sections, table } from '../table.ts'

/** Where it stands in words and as a table, then what happened. */
export const traceText = (report: TraceReport): string =>
  sections(
    `${printable(report.ref)}\n${report.summary.map((line) => `  ${printable(line)}\n`).join('')}${report.found ? '' : '  Nothing is known of this record.\n'}`,
    table(
      [
        { title: 'connection' },
        { title: 'object' },
        { title: 'unit' },
        { title: 'state' },
        { title: 'result' },
        { title: 'remote id' },
        { title: 'problem' },
      ],
      report.deliveries.map(({ connection, object, unit, state, result, remoteId, problem }) => [
        connection,
        object,
        unit,
        state,
        result ?? '',
        remoteId ?? '',
        problem === null ? '' : `${problem.code}: ${problem.message}`,
      ]),
    ),
    report.story.length === 0 ? '' : `What happened\n${report.story.map((line) => `  ${printable(line)}\n`).join('')}`,
  )
