import type { TraceReport } from '@millrace/core'
import { printable, sections, table } from '../table.ts'

const instant = (at: number): string => new Date(at).toISOString()

/** The story in words, then where each delivery stands, then every transition. */
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
    table(
      [
        { title: 'at' },
        { title: 'connection' },
        { title: 'object' },
        { title: 'revision', align: 'right' },
        { title: 'event' },
        { title: 'problem' },
      ],
      report.journal.map(({ at, connection, object, revision, event, problem }) => [
        instant(at),
        connection,
        object,
        String(revision),
        event,
        problem?.code ?? '',
      ]),
    ),
  )
