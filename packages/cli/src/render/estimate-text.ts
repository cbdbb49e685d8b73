import type { EstimateReport } from '@millrace/core'
import { number, sections, table } from '../table.ts'

/** `1234567` bytes as `1.2 MB`. */
const bytes = (value: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  return `${number(Math.round((value / 1000 ** power) * 10) / 10)} ${units[power]}`
}

const isPartial = (report: EstimateReport): boolean =>
  Object.values(report.sources).some((byEntity) => Object.values(byEntity).some(({ records }) => records === null))

/** What a backfill would read, send and take. */
export const estimateText = (report: EstimateReport): string => {
  const reads = Object.entries(report.sources).flatMap(([source, byEntity]) =>
    Object.entries(byEntity).map(([entity, { records }]) => [source, entity, records === null ? 'unknown' : number(records)]),
  )
  const writes = Object.entries(report.connections).flatMap(([connection, { objects }]) =>
    Object.entries(objects).map(([object, { records, calls }]) => [connection, object, number(records), number(calls)]),
  )
  const sums = Object.entries(report.connections).map(([connection, { calls, minutes, share }]) => [
    connection,
    number(calls),
    number(Math.ceil(minutes)),
    share === null ? 'unknown' : `${number(Math.round(share * 1000) / 10)} %`,
  ])
  return sections(
    table([{ title: 'source' }, { title: 'records' }, { title: 'count', align: 'right' }], reads),
    table([{ title: 'connection' }, { title: 'object' }, { title: 'records', align: 'right' }, { title: 'calls', align: 'right' }], writes),
    table(
      [
        { title: 'connection' },
        { title: 'calls', align: 'right' },
        { title: 'minutes', align: 'right' },
        { title: 'of the daily quota', align: 'right' },
      ],
      sums,
    ),
    `Disk: about ${bytes(report.diskBytes)}.\n${isPartial(report) ? 'A source cannot count everything: calls, minutes and disk are the least it will take.\n' : ''}`,
  )
}
