import type { DeadNotice } from '@millrace/core'
import { number, table } from '../table.ts'

/** Notifications that need a person. */
export const deadNoticesText = (dead: readonly DeadNotice[]): string =>
  dead.length === 0
    ? 'No notification needs a decision.\n'
    : table(
        [
          { title: 'source' },
          { title: 'what' },
          { title: 'reason' },
          { title: 'attempts', align: 'right' },
          { title: 'last seen' },
          { title: 'message' },
        ],
        dead.map(({ source, key, code, attempts, at, message }) => [source, key, code, number(attempts), at, message]),
      )
