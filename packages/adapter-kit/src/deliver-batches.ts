import { type Clock, type Input, isMillraceError, type MillraceError, type Outcome } from '@millrace/core'
import { bisect } from './bisect.ts'
import { chunk } from './chunk.ts'
import { classify } from './classify.ts'
import type { HttpReply } from './http/reply.ts'
import { settleByKey } from './settle-by-key.ts'

/** What {@link deliverBatches} needs to know of a vendor's batch call. */
export interface DeliverBatchesOptions<Row> {
  /** The vendor, for people: `Acme`. */
  vendor: string
  /** What is called, for people: `upsert of subscribers`. */
  call: string
  /** Inputs per vendor call. */
  size: number
  clock: Clock
  /** The setting that holds the credential, for messages. */
  setting?: string
  /** Makes the vendor call. */
  send: (batch: readonly Input[]) => Promise<HttpReply>
  /** The rows of an answer that accepted the batch, refused ones included. An answer in an unknown shape has none. */
  rows: (reply: HttpReply) => Iterable<Row>
  /** The key a row speaks of. */
  rowKey: (row: Row) => string | undefined
  /** The key an input is sent under; default its own key. No call holds the same key twice. */
  inputKey?: (input: Input) => string
  outcome: (input: Input, row: Row) => Outcome
  /** An answer that says "one of these is bad, none was applied". Default: status 400, 404, 409, 413, 414 and 422. */
  isBatchRejection?: (reply: HttpReply) => boolean
  /** What a record that is refused alone becomes; default the error of {@link classify} with scope `record`. */
  rejected?: (input: Input, reply: HttpReply) => Outcome
}

const rejections = new Set([400, 404, 409, 413, 414, 422])

/**
 * A whole `deliver` for a vendor with one batch call: chunks without repeated keys, one call each, bisected when rejected whole, settled by key. Yields as
 * soon as something is known; inputs that no row confirms get no outcome. An answer or fault that concerns the destination is thrown, others fail the batch.
 */
export async function* deliverBatches<Row>(
  inputs: readonly Input[],
  options: DeliverBatchesOptions<Row>,
): AsyncGenerator<Outcome[], void, undefined> {
  const {
    send,
    clock,
    isBatchRejection = (reply: HttpReply) => rejections.has(reply.status),
    inputKey = (input: Input) => input.key,
  } = options
  const errorOf = (reply: HttpReply, scope: 'record' | 'batch'): MillraceError => classify(reply, { ...options, now: clock.now(), scope })
  const refuse = options.rejected ?? ((input: Input, reply: HttpReply): Outcome => failed(input, errorOf(reply, 'record')))

  for (const batch of chunk(inputs, options.size, inputKey)) {
    const open = new Set(batch)
    try {
      for await (const { items, reply, rejected } of bisect(batch, send, { isBatchRejection })) {
        if (rejected) yield items.map((input) => refuse(input, reply))
        else if (isSuccess(reply))
          yield settleByKey(items, options.rows(reply), { inputKey, rowKey: options.rowKey, outcome: options.outcome }).outcomes
        else throw errorOf(reply, 'batch')
        for (const input of items) open.delete(input)
      }
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
      yield [...open].map((input) => failed(input, error))
    }
  }
}

const isSuccess = ({ status, contentType }: HttpReply): boolean => status >= 200 && status < 300 && !contentType.includes('html')
const failed = ({ unit }: Input, error: MillraceError): Outcome => ({ unit, result: 'failed', error })
