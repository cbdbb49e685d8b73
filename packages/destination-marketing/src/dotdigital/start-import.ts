import { bisect, type HttpReply, type ImportSlots, pack } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError } from '@millrace/core'
import type { Account } from './account.ts'
import { callError, errorWord, isUsageExceeded, recordError } from './errors.ts'
import { asId, member } from './json.ts'
import type { Area } from './slots.ts'

/** Bytes of one import; the vendor takes 50 MB. */
const maxBytes = 40 * 1024 * 1024

/** Rows that fit into one import each, in order. */
export const fitting = <Row>(rows: readonly Row[], bytesOf: (row: Row) => number): Row[][] => pack(rows, { maxBytes, bytesOf })

/** What became of rows that were handed in: the import that took them, or why the one row was refused. */
export type HandedIn<Row> = { rows: readonly Row[]; importId: string } | { rows: readonly Row[]; error: MillraceError }

/**
 * Hands in rows as an import; when it is refused whole, in halves, until the refused rows stand alone. Never repeated within the call: a lost answer may have
 * started one, whose rows come back as uncertain. Throws MillraceError `import_slots_full`, or what the answer means; `unexpected_response` for an acceptance
 * without an id.
 */
export async function* startImports<Row>(
  area: Area,
  rows: readonly Row[],
  bodyOf: (rows: readonly Row[]) => object,
  account: Account,
  slots: ImportSlots,
): AsyncGenerator<HandedIn<Row>> {
  const call = area === 'contacts' ? 'import of contacts' : 'import of insight data'
  const path = `/${area === 'contacts' ? 'contacts' : 'insightData'}/v3/import`
  const send = async (part: readonly Row[]): Promise<HttpReply> => {
    await slots.need()
    return account.send({ method: 'PUT', path, body: bodyOf(part), call, tier: 'low' })
  }
  for await (const { items, reply, rejected } of bisect(rows, send, { isBatchRejection: isRefusal })) {
    if (rejected) {
      yield { rows: items, error: recordError(errorWord(reply.body), reply.status) }
      continue
    }
    const importId = reply.status === 202 ? asId(member(reply.body, 'importId')) : undefined
    if (importId === undefined) throw reply.status < 300 ? nameless(call, reply.status) : callError(reply, call, account.ctx.clock.now())
    slots.taken(importId)
    yield { rows: items, importId }
  }
}

/** Something in it is wrong, and nothing was accepted. */
const isRefusal = (reply: HttpReply): boolean => [400, 409, 413, 422].includes(reply.status) && !isUsageExceeded(reply)

const nameless = (call: string, status: number): MillraceError =>
  new MillraceError({
    code: 'unexpected_response',
    retryable: true,
    scope: 'batch',
    message: `Dotdigital answered the ${call} without naming it, so nobody can ask what became of it. The records are sent again under the same keys.`,
    context: { status, applied: 'unknown' },
  })

/** What stops everything at once, and is thrown on; anything else costs the records in hand. */
export const stopsAll = (error: unknown): boolean => !isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted'
