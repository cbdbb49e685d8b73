import type { PlanChange, PlanReport, RoutedCounts } from '@millrace/core'
import { number, printable, sections, table } from '../table.ts'

const signs: Readonly<Record<PlanChange['action'], string>> = { create: '+', update: '~', drift: '!' }

const valueText = (value: unknown): string => (value === undefined ? 'nothing' : printable(JSON.stringify(value)))

/** What is made stands on one line; what is changed, field by field. */
const differencesText = ({ action, differences }: PlanChange): string[] =>
  action === 'create'
    ? [`      ${differences.map(({ path, want }) => `${printable(path)} ${valueText(want)}`).join(', ')}`]
    : differences.map(({ path, have, want }) => `      ${printable(path)}: ${valueText(have)} -> ${valueText(want)}`)

const changeText = (change: PlanChange): string =>
  [
    `  ${signs[change.action]} ${change.action} ${printable(change.target)}${change.destructive ? ' (destructive: needs --allow-destructive)' : ''}`,
    ...differencesText(change),
    '',
  ].join('\n')

const routedText = (objects: Readonly<Record<string, RoutedCounts>>): string =>
  table(
    [
      { title: 'object' },
      ...['taken', 'outside the route', 'not included', 'leaving'].map((title) => ({ title, align: 'right' as const })),
    ],
    Object.entries(objects).map(([object, { taken, outsideRoute, notIncluded, leaving }]) => [
      printable(object),
      ...[taken, outsideRoute, notIncluded, leaving].map(number),
    ]),
  )

/** Changes by connection with their field-level differences. */
export const planText = (report: PlanReport, stage: 'planned' | 'applied'): string => {
  const sides = [['source', report.sources] as const, ['connection', report.connections] as const]
  const groups = sides.flatMap(([side, entries]) =>
    Object.entries(entries)
      .filter(([, { changes }]) => changes.length > 0)
      .map(([name, { changes }]) => `${side} ${printable(name)}\n${changes.map(changeText).join('')}`),
  )
  const routed = Object.entries(report.connections).flatMap(([name, { routed: objects }]) =>
    objects === undefined ? [] : [`connection ${printable(name)} takes\n${routedText(objects)}`],
  )
  const some = `${number(report.total)} change${report.total === 1 ? '' : 's'} ${stage}.${stage === 'planned' ? ' `millrace apply` makes them.' : ''}\n`
  const none =
    stage === 'planned' ? 'Nothing to provision: the destinations have what the contracts need.\n' : 'Nothing had to be changed.\n'
  return sections(...groups, ...routed, report.total === 0 ? none : some)
}
