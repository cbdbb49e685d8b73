import type { StatusReport } from '@millrace/core'
import { number, table } from '../table.ts'

const kept: readonly [keyof StatusReport['retention'], string][] = [
  ['journalDays', 'what became of each delivery'],
  ['exchangeDays', 'what was said to vendors'],
  ['runDays', 'passes'],
  ['eventDays', 'what events said, once they are told'],
  ['visitorDays', 'what visitors did whom nobody knows'],
]

/** For how long history is kept, and what is kept without end. */
export const retentionText = ({ retention }: StatusReport): string => {
  const rows = kept.map(([setting, what]) => [what, `${number(retention[setting])} days`, `retention.${setting}`])
  return `${table([{ title: 'history' }, { title: 'kept for', align: 'right' }, { title: 'setting' }], rows)}
Records, links to the objects of vendors, dead letters and the audit log are kept until their person is erased or their record is removed.
`
}
