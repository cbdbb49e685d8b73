import type { KpiReport, Share } from '@millrace/core'
import { number, sections, table } from '../table.ts'

const percent = (value: number | null): string => (value === null ? '' : `${value} %`)
const shareCells = ({ count, of, percent: share }: Share): string[] => [number(count), number(of), percent(share)]
const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' })

/** The figures as tables. */
export const kpiText = ({
  from,
  to,
  timeZone,
  cartRecovery,
  repeatPurchase,
  timeToFirstPurchase,
  returnsByCategory,
  dataQuality,
}: KpiReport): string =>
  sections(
    `${from} to ${to} (${timeZone})\n`,
    table(
      [{ title: 'carts that were left' }, { title: 'customer group' }, right('left'), right('recovered'), right('share')],
      cartRecovery.map((row) => [
        row.store ?? 'no store',
        row.customerGroup ?? '',
        number(row.left),
        number(row.recovered),
        percent(row.percent),
      ]),
    ),
    table(
      [{ title: 'ordered again within' }, right('people'), right('of'), right('share')],
      Object.entries(repeatPurchase).map(([days, share]) => [`${days} days`, ...shareCells(share)]),
    ),
    `First purchase after ${timeToFirstPurchase.medianDays ?? '?'} days (median of ${number(timeToFirstPurchase.people)} people; on average ${timeToFirstPurchase.averageDays ?? '?'}).\n`,
    table(
      [{ title: 'returned pieces of' }, right('returned'), right('sold'), right('share')],
      returnsByCategory.map(({ category, ...share }) => [category ?? 'no category', ...shareCells(share)]),
    ),
    table(
      [{ title: `data quality: ${dataQuality.score ?? '?'}` }, right('complete'), right('of'), right('share')],
      Object.entries(dataQuality.parts).map(([name, share]) => [name, ...shareCells(share)]),
    ),
  )
