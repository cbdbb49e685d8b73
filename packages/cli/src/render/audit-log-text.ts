import type { AuditLogEntry } from '@millrace/core'
import { number, table } from '../table.ts'

const detailText = (detail: AuditLogEntry['detail']): string =>
  Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

/** Who did what. */
export const auditLogText = (entries: readonly AuditLogEntry[]): string =>
  entries.length === 0
    ? 'Nothing was done by anybody yet.\n'
    : table(
        [
          { title: 'at' },
          { title: 'who' },
          { title: 'what' },
          { title: 'connection' },
          { title: 'count', align: 'right' },
          { title: 'detail' },
        ],
        entries.map(({ at, actor, action, connection, count, detail }) => [
          at,
          actor,
          action,
          connection ?? '',
          count === null ? '' : number(count),
          detailText(detail),
        ]),
      )
