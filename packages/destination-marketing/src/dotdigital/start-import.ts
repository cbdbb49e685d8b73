import { isMillraceError, MillraceError } from '@millrace/core'
import type { Account } from './account.ts'
import { callError } from './errors.ts'
import { asId, member } from './json.ts'
import type { Area, Slots } from './slots.ts'

/** Bytes of one import; the vendor takes 50 MB. */
const maxBytes = 40 * 1024 * 1024

/** Rows that fit into one import each, in order. */
export const fitting = <Row>(rows: readonly Row[], bytesOf: (row: Row) => number): Row[][] => {
  const parts: Row[][] = []
  let room = 0
  for (const row of rows) {
    const bytes = bytesOf(row)
    const last = parts.at(-1)
    if (last === undefined || bytes > room) {
      parts.push([row])
      room = maxBytes - bytes
    } else {
      last.push(row)
      room -= bytes
    }
  }
  return parts
}

/**
 * Hands in an import and gives its id. Never repeated within the call: a lost answer may have started one, whose rows come back as uncertain. Throws MillraceError
 * `import_slots_full`, or what the answer means; `unexpected_response` for an acceptance without an id.
 */
export const startImport = async (area: Area, body: object, account: Account, slots: Slots): Promise<string> => {
  await slots.need()
  const call = area === 'contacts' ? 'import of contacts' : 'import of insight data'
  const reply = await account.send({
    method: 'PUT',
    path: `/${area === 'contacts' ? 'contacts' : 'insightData'}/v3/import`,
    body,
    call,
    tier: 'low',
  })
  const id = reply.status === 202 ? asId(member(reply.body, 'importId')) : undefined
  if (id !== undefined) {
    slots.taken(id)
    return id
  }
  if (reply.status < 300) {
    throw new MillraceError({
      code: 'unexpected_response',
      retryable: true,
      scope: 'batch',
      message: `Dotdigital answered the ${call} without naming it, so nobody can ask what became of it. The records are sent again under the same keys.`,
      context: { status: reply.status, applied: 'unknown' },
    })
  }
  throw callError(reply, call, account.ctx.clock.now())
}

/** What stops everything at once, and is thrown on; anything else costs the records in hand. */
export const stopsAll = (error: unknown): boolean => !isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted'
