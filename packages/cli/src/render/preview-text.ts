import type { DeadLetterPreview } from '@millrace/core'
import { number, sections, table } from '../table.ts'

const goes: readonly string[] = ['create', 'update', 'archive']

const detail = ({ outcome, fields, children, problem }: DeadLetterPreview): string => {
  if (problem !== null) return `${problem.message} (${problem.code})`
  if (!goes.includes(outcome)) return ''
  return [...fields, ...(children === 0 ? [] : [`${number(children)} line${children === 1 ? '' : 's'}`])].join(', ')
}

/** What a replay would do with each dead letter. */
export const previewText = (previews: readonly DeadLetterPreview[]): string => {
  if (previews.length === 0) return 'There are no such dead letters.\n'
  const sent = previews.filter(({ outcome }) => goes.includes(outcome)).length
  return sections(
    table(
      [
        { title: 'id', align: 'right' },
        { title: 'connection' },
        { title: 'object' },
        { title: 'died of' },
        { title: 'now' },
        { title: 'what differs, or stands in the way' },
      ],
      previews.map((preview) => [String(preview.id), preview.connection, preview.object, preview.code, preview.outcome, detail(preview)]),
    ),
    `Nothing was sent. A replay would send ${number(sent)} of ${number(previews.length)}.\n`,
  )
}
