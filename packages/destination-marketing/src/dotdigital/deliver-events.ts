import { bisect, chunk } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type Outcome } from '@millrace/core'
import type { EventWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { callError, errorWord, recordError } from './errors.ts'
import { stopsAll } from './start-import.ts'

/** Events of one call (vendor notes, "Events v3"). */
const perCall = 5_000
const maxSummary = 160

const bodyOf = ({ id, type, occurredAt, owner, data }: EventWrite): object => ({
  contactIdentity: { identifier: 'contactId', value: owner },
  type,
  id,
  eventTimestamp: occurredAt,
  timelineDetails: { summary: type.slice(0, maxSummary) },
  eventData: data,
})

/** Delivers events. Accepted is all there is to know of them: there is no report. Their ids make a repeated one the same record. */
export async function* deliverEvents(account: Account, writes: readonly EventWrite[]): AsyncGenerator<Outcome[]> {
  const call = 'import of events'
  const send = (batch: readonly EventWrite[]) =>
    account.send({ method: 'POST', path: '/events/v3/import', body: batch.map(bodyOf), call, tier: 'low', idempotent: true, passes: [403] })
  for (const batch of chunk(writes, perCall, ({ id }) => id)) {
    const open = new Set(batch)
    try {
      for await (const { items, reply, rejected } of bisect(batch, send, {
        isBatchRejection: ({ status }) => status === 400 || status === 413,
      })) {
        if (rejected)
          yield items.map(({ unit }): Outcome => ({ unit, result: 'failed', error: recordError(errorWord(reply.body), reply.status) }))
        else if (reply.status === 202)
          yield items.map(({ unit, id }): Outcome => ({ unit, remoteId: id, result: 'delivered', created: true }))
        else if (reply.status === 403) throw notInPackage()
        else if (reply.status >= 300) throw callError(reply, call, account.ctx.clock.now())
        for (const item of items) open.delete(item)
      }
    } catch (error) {
      if (!isMillraceError(error) || stopsAll(error)) throw error
      yield [...open].map(({ unit }): Outcome => ({ unit, result: 'failed', error }))
    }
  }
}

/** Not of the destination: contacts and orders go on. */
const notInPackage = (): MillraceError =>
  new MillraceError({
    code: 'events_not_available',
    message:
      "The account's package does not include the events API. Extend it, or switch the events off in the contract (events: { '<type>': false }).",
    context: { status: 403 },
  })
