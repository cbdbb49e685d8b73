import type { ContractDocs } from './contract-docs.ts'

/** The tables of a contract's documents. */
export type ContractSheet = 'mapping' | 'dictionary' | 'processing'

/** The names of the sheets, in the order in which they are written. */
export const contractSheets: readonly ContractSheet[] = ['mapping', 'dictionary', 'processing']

interface Table {
  title: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

const yes = (value: boolean): string => (value ? 'yes' : '')

const tableOf = (docs: ContractDocs, sheet: ContractSheet): Table => {
  switch (sheet) {
    case 'mapping':
      return {
        title: 'Mapping sheet',
        head: ['Object', 'Field', 'Source', 'Transform', 'Type', 'Owner', 'Blank', 'Consent rule', 'Purpose', 'Example'],
        rows: [
          ...docs.mapping.map((row) => [
            row.object,
            row.field,
            row.sources.join(', '),
            row.rule === row.sources[0] ? '' : row.rule,
            row.type,
            row.owner,
            row.blank,
            row.consent,
            row.purpose,
            row.example,
          ]),
          ...docs.memberships.map(({ kind, name, rule }) => [kind, name, '', rule, 'membership', 'source', '', '', '', '']),
        ],
      }
    case 'dictionary':
      return {
        title: 'Property dictionary',
        head: ['Object', 'Field', 'Label', 'Type', 'Options', 'Required', 'Purpose'],
        rows: docs.mapping
          .filter(({ own }) => own)
          .map((row) => [row.object, row.field, row.label, row.type, row.options.join(', '), yes(row.required), row.purpose]),
      }
    case 'processing':
      return {
        title: 'Record of processing',
        head: ['Object', 'People', 'Purpose', 'Data', 'Recipient', 'Consent and legal basis', 'Selection', 'Deletion at the source'],
        rows: docs.processing.map((row) => [
          row.object,
          row.people,
          row.purpose,
          row.fields.join(', '),
          row.recipient,
          row.basis,
          row.selection,
          row.deletion,
        ]),
      }
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

/** All sheets as one Markdown document. */
export const contractMarkdown = (docs: ContractDocs): string => {
  const sections = contractSheets.map((sheet) => {
    const { title, head, rows } = tableOf(docs, sheet)
    const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
    return [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), ''].join('\n')
  })
  return [`# Contract of ${docs.connection} (${docs.destination}, version ${docs.hash})`, '', ...sections].join('\n')
}

/** A spreadsheet runs a cell that begins like this, so it gets an apostrophe in front. */
const formula = /^[=+\-@\t\r]/

const csvCell = (text: string): string => {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One sheet as CSV (RFC 4180). */
export const contractCsv = (docs: ContractDocs, sheet: ContractSheet): string => {
  const { head, rows } = tableOf(docs, sheet)
  return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
}
