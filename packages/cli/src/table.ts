/** A column: its title, and whether it holds numbers. */
export interface Column {
  title: string
  align?: 'right'
}

/** Text from a vendor or a shop made safe for a terminal: control characters, which could move the cursor or recolour the screen, become dots. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·')

/** The same for messages of several lines: what follows the first line is indented, so that no line can pose as one of ours. */
export const paragraph = (text: string, indent = '    '): string => text.split(/\r?\n/).map(printable).join(`\n${indent}`)

/** `12345` as `12,345`. */
export const number = (value: number): string => value.toLocaleString('en-US')

/** Aligned columns under their titles, two spaces apart, each line ended. Empty without rows. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  if (rows.length === 0) return ''
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')))]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)))
  const format = (line: string[]): string =>
    line
      .map((cell, index) => (columns[index]?.align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${lines.map(format).join('\n')}\n`
}

/** Parts of an answer with an empty line between them; empty parts are left out. */
export const sections = (...parts: string[]): string => parts.filter((part) => part !== '').join('\n')
