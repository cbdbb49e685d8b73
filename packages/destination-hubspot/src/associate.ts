import { bisect, chunk, mapConcurrent, type HttpReply } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError } from '@millrace/core'
import { isVendorBody, recordError } from './errors.ts'
import { asList, asText, member, texts } from './json.ts'
import type { Portal } from './portal.ts'
import { resultsOf } from './results.ts'
import { sdk, sdkRequest } from './sdk.ts'
import { parallel } from './write-rows.ts'

/** Two objects to be linked, by record id. */
export interface Pair {
  from: string
  to: string
}

/** Pairs in one request (vendor notes, "Batch writes"). */
export const maxPairs = 2_000

const isRefusal = ({ status, body }: HttpReply): boolean => [400, 404, 409, 413, 414].includes(status) && isVendorBody(body)

const unconfirmed = (call: string): MillraceError =>
  new MillraceError({
    code: 'association_unconfirmed',
    retryable: true,
    message: `HubSpot accepted ${call} without saying that this link exists. It is repeated, which changes nothing where it does.`,
  })

/**
 * Links pairs with HubSpot's default association of the two types; repeating it changes nothing. Gives the error of each pair that failed; a pair without one is
 * linked. Never throws a MillraceError: what concerns a whole call is the error of its pairs.
 */
export const associate = async (
  portal: Portal,
  from: string,
  to: string,
  pairs: readonly Pair[],
  signal: AbortSignal,
): Promise<Map<Pair, MillraceError>> => {
  const call = `associating ${from} with ${to}`
  const failed = new Map<Pair, MillraceError>()
  const send = async (batch: readonly Pair[]): Promise<HttpReply> => {
    const inputs = batch.map((pair) => ({ _from: { id: pair.from }, to: { id: pair.to } }))
    const reply = await portal.send(sdkRequest(sdk.associations.createDefault(from, to, { inputs })), {
      call,
      signal,
      bucket: 'associations',
      idempotent: true,
    })
    if (isRefusal(reply) || (reply.status >= 200 && reply.status < 300 && typeof reply.body === 'object')) return reply
    throw portal.error(reply, call)
  }
  async function* run(batch: readonly Pair[]): AsyncGenerator<[Pair, MillraceError][]> {
    const open = new Set(batch)
    try {
      for await (const { items, reply, rejected } of bisect(batch, send, { isBatchRejection: isRefusal })) {
        for (const pair of items) open.delete(pair)
        yield rejected ? items.map((pair) => [pair, refused(reply.body)]) : readReply(items, reply.body, call)
      }
    } catch (error) {
      if (!isMillraceError(error)) throw error
      yield [...open].map((pair) => [pair, error])
    }
  }
  for await (const errors of mapConcurrent(chunk(pairs, maxPairs), parallel, run)) {
    for (const [pair, error] of errors) failed.set(pair, error)
  }
  return failed
}

const refused = (body: unknown): MillraceError => {
  const { context } = recordError(body, {})
  return new MillraceError({
    code: 'association_refused',
    message:
      'HubSpot refused to link the object to its parent; its answer is in the context. One of the two may have been deleted there: replay it after its parent.',
    context,
  })
}

/** Which pairs the answer does not confirm. After a merge HubSpot answers with new ids, so one known end is enough where it can mean only one pair. */
const readReply = (pairs: readonly Pair[], body: unknown, call: string): [Pair, MillraceError][] => {
  const linked = new Set<string>()
  const ends = new Map<string, number>()
  for (const entry of asList(member(body, 'results'))) {
    const from = asText(member(member(entry, 'from'), 'id')) ?? ''
    linked.add(`${from}>${asText(member(member(entry, 'to'), 'id')) ?? ''}`)
    ends.set(from, (ends.get(from) ?? 0) + 1)
  }
  const wanted = Map.groupBy(pairs, (pair) => pair.from)
  const errors = asList(member(body, 'errors'))
  return pairs.flatMap((pair): [Pair, MillraceError][] => {
    if (linked.has(`${pair.from}>${pair.to}`)) return []
    const error = errors.find((candidate) => speaksOf(candidate, pair))
    if (error !== undefined) return [[pair, refused(error)]]
    const redirected = errors.length === 0 && (ends.get(pair.from) ?? 0) === wanted.get(pair.from)?.length
    return redirected ? [] : [[pair, unconfirmed(call)]]
  })
}

const speaksOf = (error: unknown, pair: Pair): boolean => {
  const context = member(error, 'context')
  return texts(member(context, 'fromObjectId')).includes(pair.from) && texts(member(context, 'toObjectId')).includes(pair.to)
}

/** Takes the links of pairs away; ones that do not exist are fine. Throws MillraceError when a batch is refused. */
export const dissociate = async (portal: Portal, from: string, to: string, pairs: readonly Pair[], signal: AbortSignal): Promise<void> => {
  for (const batch of chunk(pairs, maxPairs)) {
    const inputs = batch.map((pair) => ({ _from: { id: pair.from }, to: [{ id: pair.to }] }))
    await portal.require(sdkRequest(sdk.associations.archive(from, to, { inputs })), {
      call: `parting ${from} from ${to}`,
      signal,
      bucket: 'associations',
      idempotent: true,
    })
  }
}

/** Which objects of `to` are linked to each of the objects, by record id. Objects without any are left out. */
export const readAssociations = async (
  portal: Portal,
  from: string,
  to: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string[]>> => {
  const linked = new Map<string, string[]>()
  for (const batch of chunk([...new Set(ids)], 1_000)) {
    let open = batch.map((id): { id: string; after?: string } => ({ id }))
    while (open.length > 0) {
      const call = `associations of ${from} with ${to}`
      const reply = await portal.require(sdkRequest(sdk.associations.getPage(from, to, { inputs: open })), {
        call,
        signal,
        bucket: 'associations',
        idempotent: true,
      })
      // A 207 lists the objects without any among its errors; a 200 without results says nothing.
      const results = reply.status === 207 ? asList(member(reply.body, 'results')) : resultsOf(portal, reply, call)
      open = []
      for (const entry of results) {
        const id = asText(member(member(entry, 'from'), 'id')) ?? ''
        const targets = asList(member(entry, 'to')).flatMap((target) => idText(member(target, 'toObjectId')))
        linked.set(id, [...(linked.get(id) ?? []), ...targets])
        const after = asText(member(member(member(entry, 'paging'), 'next'), 'after'))
        if (after !== undefined) open.push({ id, after })
      }
    }
  }
  return linked
}

const idText = (value: unknown): string[] => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : [])
