import type { CheckFinding, CheckReport } from '@millrace/core'
import { paragraph, printable, sections } from '../table.ts'

const marks: Readonly<Record<CheckFinding['level'], string>> = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' }

/** An adapter does not know the name it has in the config, so the place is put before its setting. */
const findingText = ({ level, code, message, setting, cure }: CheckFinding, place: string): string =>
  [
    `  ${marks[level]} ${paragraph(message, '          ')}${level === 'ok' ? '' : ` (${code})`}`,
    ...(setting === undefined ? [] : [`          where: ${printable(setting.startsWith(`${place}.`) ? setting : `${place}.${setting}`)}`]),
    ...(cure === undefined ? [] : [`          do: ${paragraph(cure, '              ')}`]),
    '',
  ].join('\n')

const group = (kind: 'source' | 'connection', findings: Readonly<Record<string, CheckFinding[]>>): string[] =>
  Object.entries(findings).map(
    ([name, found]) => `${kind} ${printable(name)}\n${found.map((finding) => findingText(finding, `${kind}s.${name}`)).join('')}`,
  )

/** All findings under the source or connection they belong to, and the verdict. */
export const checkText = (report: CheckReport): string => {
  const all = [...Object.values(report.sources), ...Object.values(report.connections)].flat()
  const count = (level: CheckFinding['level']): number => all.filter((finding) => finding.level === level).length
  const verdict = report.ok
    ? `Ready${count('warning') === 0 ? '' : `, with ${count('warning')} to look at`}.`
    : `Not ready: ${count('error')} to mend.`
  return sections(...group('source', report.sources), ...group('connection', report.connections), `${verdict}\n`)
}
