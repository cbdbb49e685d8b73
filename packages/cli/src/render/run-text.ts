import type { ConnectionTotals, RunReport } from '@millrace/core'
import { number, paragraph, printable, sections, table } from '../table.ts'

type Total = Exclude<keyof ConnectionTotals, 'observed'>

const labels: Readonly<Record<Total, string>> = {
  delivered: 'delivered',
  created: '  created',
  updated: '  updated',
  unchanged: 'unchanged',
  skipped: 'skipped',
  superseded: 'superseded',
  parked: 'parked',
  pending: 'pending at the vendor',
  unconfirmed: 'unconfirmed',
  deadLettered: 'dead letters',
  held: 'held removals',
  retries: 'retries',
  requests: 'vendor requests',
  rateLimited: 'rate limited',
}
const always: readonly string[] = ['delivered', 'unchanged', 'requests']

const isTotal = (key: string): key is Total => key in labels

const sourcesText = (report: RunReport): string =>
  table(
    [
      { title: 'source' },
      { title: 'records' },
      { title: 'read', align: 'right' },
      { title: 'changed', align: 'right' },
      { title: 'rejected', align: 'right' },
    ],
    Object.entries(report.sources).flatMap(([source, byEntity]) =>
      Object.entries(byEntity).map(([entity, { read, changed, rejected }]) => [
        source,
        entity,
        number(read),
        number(changed),
        number(rejected),
      ]),
    ),
  )

/** One column for each connection; lines that are zero everywhere are left out, but for the most asked ones. */
const connectionsText = (report: RunReport): string => {
  const names = Object.keys(report.connections)
  if (names.length === 0) return ''
  const totals = Object.values(report.connections)
  const lines = Object.keys(labels)
    .filter(isTotal)
    .filter((key) => always.includes(key) || totals.some((total) => total[key] > 0))
  return table(
    [{ title: 'connection' }, ...names.map((title) => ({ title: printable(title), align: 'right' as const }))],
    lines.map((key) => [labels[key], ...totals.map((total) => number(total[key]))]),
  )
}

/** What connections that only observe would have written. */
const observedText = (report: RunReport): string =>
  Object.entries(report.connections)
    .flatMap(([name, { observed }]) => {
      if (observed === undefined) return []
      const { create, update, archive, fields } = observed
      const byObject = Object.entries(fields).map(([object, counts]) => {
        const most = Object.entries(counts).toSorted(([, a], [, b]) => b - a)
        return `  ${printable(object)}: ${most.map(([field, count]) => `${printable(field)} ${number(count)}`).join(', ')}\n`
      })
      return [
        `${printable(name)} only observes. Live, it would create ${number(create)}, update ${number(update)} and archive ${number(archive)}.\n`,
        ...byObject,
      ]
    })
    .join('')

const problemsText = (report: RunReport): string =>
  report.problems
    .map(
      ({ code, message, source, connection }) =>
        `! ${printable([source, connection].filter(Boolean).join(' ') || 'run')}: ${paragraph(message)} (${code})\n`,
    )
    .join('')

const endings: Readonly<Record<RunReport['run']['status'], string>> = {
  completed: 'everything is settled.',
  attention: 'settled, but some of it needs a person.',
  incomplete: 'not finished: work is left. Run it again; it goes on where it stopped.',
  failed: 'failed. Run it again when the cause is gone; it goes on where it stopped.',
  stopped: 'stopped. Run it again; it goes on where it stopped.',
}

const hints = (report: RunReport): string => {
  const held = Object.entries(report.connections).filter(([, total]) => total.held > 0)
  return [
    ...(report.run.status === 'attention' ? ['Look at: millrace status, millrace dead-letters list\n'] : []),
    ...held.map(([name, total]) => `Held removals: millrace accept-removals ${printable(name)} ${total.held}\n`),
  ].join('')
}

/** What a pass read and delivered, what hindered it, and what to do next. */
export const runText = (report: RunReport): string => {
  const { kind, startedAt, finishedAt, status, id } = report.run
  const seconds = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  const ending = `${kind} ${id} (${number(Math.round(seconds * 10) / 10)} s): ${endings[status]}\n`
  return sections(sourcesText(report), connectionsText(report), observedText(report), problemsText(report), ending + hints(report))
}
