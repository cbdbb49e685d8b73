import type { FreshnessReport } from '@millrace/core'
import { number, table } from '../table.ts'

const seconds = (ms: number): string => `${number(Math.round(ms / 100) / 10)} s`
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** How fast changes were, by connection and class. */
export const freshnessText = ({ connections, goal, reconciliation }: FreshnessReport): string => {
  const rows = Object.entries(connections).flatMap(([connection, classes]) =>
    Object.entries(classes).map(([name, { count, targetMs, inTime, met, p50Ms, p95Ms, p99Ms, maxMs }]) => [
      connection,
      name,
      number(count),
      `${number(targetMs / 60_000)} min`,
      `${percent(inTime)} of ${percent(goal)}`,
      met ? 'met' : 'MISSED',
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(seconds),
    ]),
  )
  const compared =
    reconciliation === null
      ? 'Totals were never compared.'
      : `Totals were last compared at ${reconciliation.lastAt}${reconciliation.met ? '' : ', which is more than 24 hours ago'}.`
  const measured = table(
    [
      { title: 'connection' },
      { title: 'class' },
      { title: 'changes', align: 'right' },
      { title: 'target', align: 'right' },
      { title: 'in time' },
      { title: '' },
      { title: 'median', align: 'right' },
      { title: '95 %', align: 'right' },
      { title: '99 %', align: 'right' },
      { title: 'longest', align: 'right' },
    ],
    rows,
  )
  return `${measured === '' ? 'No change was measured yet.\n' : measured}${compared}\n`
}
