import type { OrderFinding, OrderSums, ReconciledConnection, ReconciledGroup, ReconcileReport } from '../api/reconcile-report.ts'

type Cell = string | number | null

/** A cell that begins like a formula would be run by a spreadsheet, and its text may be a customer's. Amounts below zero stay amounts. */
const harmless = (text: string): string => (/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text)

const csvCell = (cell: Cell): string => {
  const text = cell === null ? '' : harmless(String(cell))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as CSV (RFC 4180): comma, CRLF, quotes where needed. */
export const csv = (rows: readonly (readonly Cell[])[]): string => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

const markdownCell = (cell: Cell): string =>
  cell === null ? '' : String(cell).replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ')

/** Rows as a Markdown table; empty without rows. */
export const markdownTable = (titles: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  rows.length === 0 ? '' : [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.map(markdownCell).join(' | ')} |\n`).join('')

const measures = ['orders', 'amount', 'gross', 'net', 'refunds'] as const satisfies readonly (keyof OrderSums)[]
const sums = (end: OrderSums): Cell[] => measures.map((measure) => end[measure])
const place = ({ day, currency, store, customerGroup }: ReconciledGroup): Cell[] => [day, currency, store, customerGroup]
const differencesText = ({ differences }: OrderFinding): string =>
  differences
    .map(({ what, source, destination }) => `${what}: ${source ?? 'nothing'} at the source, ${destination ?? 'nothing'} at the destination`)
    .join('; ')
const finding = (found: OrderFinding): Cell[] => [
  found.kind,
  found.day,
  found.currency,
  found.amount,
  found.number,
  found.key,
  found.remoteIds.join(' '),
  found.state,
  differencesText(found),
]
const findingTitles = ['finding', 'day', 'currency', 'amount', 'number', 'key', 'objects', 'delivery', 'differences']

/**
 * A report as CSV, for a spreadsheet: one line per group (`days` of the shop, `utc` days) and per finding, told apart by the first two columns. Cells that
 * a spreadsheet would run as formulas are defused.
 */
export const reconcileCsv = (report: ReconcileReport): string => {
  const groupTitles = [
    'day',
    'currency',
    'store',
    'customer group',
    ...measures.map((name) => `source ${name}`),
    ...measures.map((name) => `destination ${name}`),
  ]
  const connections = Object.entries(report.connections)
  const groups = connections.flatMap(([name, { groups: days, utcGroups }]) => [
    ...days.map((group) => [name, 'days', ...place(group), ...sums(group.source), ...sums(group.destination)]),
    ...utcGroups.map((group) => [name, 'utc', ...place(group), ...sums(group.source), ...sums(group.destination)]),
  ])
  const findings = connections.flatMap(([name, { findings: found }]) => found.map((each) => [name, 'finding', ...finding(each)]))
  return csv([['connection', 'row', ...groupTitles], ...groups, [], ['connection', 'row', ...findingTitles], ...findings])
}

const connectionText = (
  name: string,
  { status, timeZone, groups, findings, beyond, inFlight, leftOut, repaired }: ReconciledConnection,
): string => {
  if (status === 'not-comparable') return `## ${name}\n\nCannot be compared: its destination does not list orders with their amounts.\n`
  const waiting = inFlight.map(
    ({ currency, orders, gross }) => `${orders} order${orders === 1 ? '' : 's'} of ${gross} ${currency} on their way`,
  )
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} left out (${reason})`)
  const notes = [...waiting, ...left, ...(repaired === 0 ? [] : [`${repaired} made ready to be sent again`])]
  return [
    `## ${name}: ${status === 'agrees' ? 'agrees' : 'differs'}`,
    ...(notes.length === 0 ? [] : [`${notes.join('; ')}.`]),
    markdownTable(
      ['day', 'currency', 'what is beyond the threshold', 'percent'],
      beyond.map(({ day, currency, what, deviationPercent }) => [day, currency, what, deviationPercent]),
    ),
    markdownTable(findingTitles, findings.map(finding)),
    `Days of ${timeZone}: orders, amount, gross, net and refunds at the source and at the destination.`,
    markdownTable(
      ['day', 'currency', 'store', 'group', ...measures, ...measures.map((measure) => `${measure} at the destination`)],
      groups.map((group) => [...place(group), ...sums(group.source), ...sums(group.destination)]),
    ),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n')
}

/** A report as Markdown, for people. */
export const reconcileMarkdown = (report: ReconcileReport): string =>
  [
    `# Reconciliation ${report.from} to ${report.to}, ${report.basis}: ${report.ok ? 'agrees' : `beyond ${report.thresholdPercent} %`}\n`,
    ...Object.entries(report.connections).map(([name, connection]) => connectionText(name, connection)),
  ].join('\n')
