import type { ContractDiff, ContractTestReport, ContractVersionReport } from '@millrace/core'
import { number, printable, sections, table } from '../table.ts'

const codesText = (codes: Readonly<Record<string, number>>): string =>
  Object.entries(codes)
    .map(([code, count]) => `${number(count)} ${code}`)
    .join(', ')

/** What would change, by object and field, with some of the records. */
export const diffText = ({ connection, from, to, objects, examples }: ContractDiff): string =>
  sections(
    `${printable(connection)}: contract ${from ?? 'none'} -> ${to}${from === to ? ' (the same)' : ''}\n`,
    table(
      [
        { title: 'object' },
        ...['records', 'changed', 'unchanged', 'archived'].map((title) => ({ title, align: 'right' as const })),
        { title: 'not sent' },
      ],
      Object.entries(objects).map(([object, { records, changed, unchanged, archived, notSent }]) => [
        object,
        ...[records, changed, unchanged, archived].map(number),
        codesText(notSent),
      ]),
    ),
    table(
      [{ title: 'object' }, { title: 'field' }, { title: 'records', align: 'right' }],
      Object.entries(objects).flatMap(([object, { fields }]) =>
        Object.entries(fields)
          .toSorted(([, a], [, b]) => b - a)
          .map(([field, count]) => [object, field, number(count)]),
      ),
    ),
    table(
      [{ title: 'for example' }, { title: 'fields' }],
      examples.map(({ unit, fields }) => [unit, fields.join(', ')]),
    ),
  )

/** Passed and failed examples by connection. */
export const testText = (reports: readonly ContractTestReport[]): string =>
  reports
    .map(({ connection, passed, failed }) => {
      const head = `${printable(connection)}: ${number(passed)} passed, ${number(failed.length)} failed\n`
      const lines = failed.flatMap(({ name, problems }) => [
        `  ${printable(name)}\n`,
        ...problems.map((problem) => `    ${printable(problem)}\n`),
      ])
      return head + lines.join('')
    })
    .join('')

/** Versions, the newest first. */
export const versionsText = (versions: readonly ContractVersionReport[]): string =>
  versions.length === 0
    ? 'No contract was used yet.\n'
    : table(
        [{ title: 'version' }, { title: 'since' }, { title: 'by' }, { title: '' }],
        versions.map(({ hash, since, actor, active }) => [hash, since, actor, active ? 'active' : '']),
      )
