import { randomUUID } from 'node:crypto'
import { bisect, pack } from '@millrace/adapter-kit'
import type { DestinationContext } from '@millrace/core'
import { refusal, type Api } from '../api.ts'
import { fillPath, fillTemplate } from '../dialect/fill.ts'
import { asList, asText, member, parseJson } from '../json.ts'
import type { Answer, Call } from '../transport.ts'
import { answerOf } from './rest-transport.ts'

/** A write of one record, told apart from the others of a request by its idempotency key. */
export type Write = Call & { idempotencyKey: string }

/** A write and what the CRM said of it. */
export type Written<Item extends Write> = readonly [Item, Answer]

const lineOf = ({ operation, values, idempotencyKey }: Write): string => {
  const [op = '', path = ''] = operation.call.split(' ')
  const body = operation.body === undefined ? {} : { body: fillTemplate(operation.body, values) }
  return JSON.stringify({ op, path: fillPath(path, values), ...body, idempotencyKey })
}

/** Lines of the answer by key. What cannot be read confirms nothing. */
const linesOf = (value: unknown): unknown[] =>
  typeof value === 'string' ? value.split('\n').map((line) => parseJson(line)) : Array.isArray(value) ? [...asList(value)] : [value]

/** Answers that stop everything: nothing else would fare better now. */
const stops: ReadonlySet<number> = new Set([401, 403, 429, 503])

/**
 * Sends writes: one alone as a request of its own, several in bulks. Yields what is known of each; a write whose line is missing is not mentioned. Refusals of
 * a whole bulk are bisected. Throws what concerns the whole destination or the whole bulk.
 */
export async function* runWrites<Item extends Write>(
  api: Api,
  writes: readonly Item[],
  ctx: DestinationContext,
): AsyncGenerator<Written<Item>[]> {
  const { batch } = api.dialect
  const [most, bytes] = batch.kind === 'ndjson' ? [batch.operations, batch.bytes] : [1, Infinity]
  const send = async (items: readonly { item: Item; line: string }[]): Promise<Answer> => {
    const [first] = items
    if (batch.kind !== 'ndjson' || (items.length === 1 && first !== undefined)) return alone(first?.item)
    const lines = `${items.map(({ line }) => line).join('\n')}\n`
    const urgent = items.some(({ item }) => item.urgent === true)
    // A key for the request too: the lines have their own, so another attempt is another request.
    return api.transport.send({ operation: batch.operation, values: { lines }, what: 'a bulk', urgent, idempotencyKey: randomUUID() }, ctx)
  }
  const alone = async (item: Item | undefined): Promise<Answer> => {
    if (item === undefined) throw new RangeError('nothing to send')
    const answer = await api.transport.send(item, ctx)
    if (stops.has(answer.status)) throw refusal(api, answer, item.what, ctx)
    return answer
  }
  const isRejection = (answer: Answer): boolean => !answer.ok && [400, 413, 422].includes(answer.status)

  const lines = writes.map((item) => ({ item, line: lineOf(item) }))
  for (const part of pack(lines, { maxItems: most, maxBytes: bytes, bytesOf: ({ line }) => Buffer.byteLength(line) + 1 })) {
    for await (const { items, reply: answer } of bisect(part, send, { isBatchRejection: isRejection })) {
      const [only] = items
      if (items.length === 1 && only !== undefined) {
        if (!isSilent(answer)) yield [[only.item, answer]]
      } else if (answer.ok) yield settled(items, answer)
      else throw refusal(api, answer, 'a bulk', ctx)
    }
  }
}

/** A success without a body confirms only where none is due. */
const isSilent = ({ ok, value, status }: Answer): boolean => ok && value === undefined && status !== 204

const settled = <Item extends Write>(items: readonly { item: Item }[], answer: Answer): Written<Item>[] => {
  const byKey = new Map(items.map(({ item }) => [item.idempotencyKey, item]))
  return linesOf(answer.value).flatMap((line): Written<Item>[] => {
    const key = asText(member(line, 'idempotencyKey'))
    const status = member(line, 'status')
    const item = key === undefined ? undefined : byKey.get(key)
    if (item === undefined || key === undefined || typeof status !== 'number') return []
    // The first line of a key counts; a second one about the same write tells nothing new.
    byKey.delete(key)
    return [[item, answerOf(status, member(line, status >= 200 && status < 300 ? 'result' : 'problem'), answer.reply)]]
  })
}
