import type { HttpReply } from '@millrace/adapter-kit'
import { member } from './json.ts'
import type { Portal } from './portal.ts'

/** The results of a read. Throws MillraceError for a success without them: it does not say that there is nothing. */
export const resultsOf = (portal: Pick<Portal, 'error'>, reply: HttpReply, call: string): unknown[] => {
  const results = member(reply.body, 'results')
  if (Array.isArray(results)) return results
  throw portal.error(reply, call)
}
