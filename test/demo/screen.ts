import type { Millrace, RunReport } from '@millrace/core'

/** What the demo prints: headings, facts and tables, nothing else. */
export const heading = (text: string): void => console.log(`\n== ${text}`)
export const say = (text: string): void => console.log(`   ${text}`)

/** Rows under headings, columns as wide as their widest cell; numbers to the right. */
export const table = (headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void => {
  const cells = [headings, ...rows].map((row) => row.map(String))
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  const isNumber = (text: string): boolean => /^-?[\d,.]+$/.test(text)
  for (const row of cells)
    say(row.map((cell, column) => (isNumber(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  '))
}

/** Prints how far a pass is, at most a few lines a phase, so that it reads well in a log too. Returns how to stop. */
export const showProgress = (millrace: Millrace): (() => void) => {
  const shown = new Map<string, number>()
  return millrace.on('progress', ({ phase, source, entity, connection, done }) => {
    const what = phase === 'read' ? `read ${source} ${entity}` : `delivered to ${connection}`
    const step = phase === 'read' ? 1000 : 2000
    const before = shown.get(what) ?? 0
    if (Math.floor(done / step) > Math.floor(before / step)) say(`${what}: ${done.toLocaleString('en')}`)
    shown.set(what, done)
  })
}

/** One line about a pass. */
export const sayRun = ({ run, sources, connections, problems }: RunReport): void => {
  const read = Object.values(sources).flatMap((source) => Object.values(source))
  const sum = (key: 'read' | 'changed' | 'rejected'): string => read.reduce((total, row) => total + row[key], 0).toLocaleString('en')
  say(`${run.status}: ${sum('read')} records read, ${sum('changed')} changed, ${sum('rejected')} put aside as unreadable`)
  for (const [name, totals] of Object.entries(connections)) {
    const { created, updated, unchanged, skipped, parked, deadLettered, requests } = totals
    say(
      `${name}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${skipped} skipped, ${parked} waiting, ${deadLettered} dead letters, ${requests} requests`,
    )
  }
  for (const problem of problems) say(`${problem.code}: ${problem.message}`)
}
