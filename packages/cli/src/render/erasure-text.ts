import type { ErasureReport } from '@millrace/core'
import { number, printable, sections, table } from '../table.ts'

/** What became of the person where, and what remains. */
export const erasureText = (report: ErasureReport): string => {
  const rows = Object.entries(report.connections).map(([name, { result, ids, found, problem }]) => [
    name,
    result,
    number(ids.length),
    found === null ? 'not asked' : number(found),
    problem === null ? '' : `${problem.code}: ${problem.message}`,
  ])
  const places = table(
    [
      { title: 'connection' },
      { title: 'result' },
      { title: 'objects', align: 'right' },
      { title: 'found afterwards', align: 'right' },
      { title: 'problem' },
    ],
    rows,
  )
  const remains = Object.entries(report.connections).flatMap(([name, { remains: left }]) =>
    left.map((each) => `${printable(name)}: ${printable(each)}\n`),
  )
  const here = Object.entries(report.store ?? report.records).map(([what, count]) => `${number(count)} ${what}`)
  const end = report.dryRun
    ? 'Nothing was erased: this was a dry run.\n'
    : report.complete
      ? 'Erased. Nobody finds this person any more.\n'
      : 'NOT COMPLETE: erase again where it failed, and by hand where there is no call for it.\n'
  return sections(places, remains.join(''), `here: ${here.join(', ')}\n`, end)
}
