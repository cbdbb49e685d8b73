import { bisect, chunk, mapConcurrent, type HttpReply } from '@millrace/adapter-kit'
import { isVendorBody, recordError } from './errors.ts'
import { asList, asText, isObject, member } from './json.ts'
import type { Portal } from './portal.ts'
import { resultsOf } from './results.ts'
import { sdk, sdkRequest } from './sdk.ts'
import { maxRows, parallel } from './write-rows.ts'

/** An object of the portal. Blank properties are left out. */
export interface PortalObject {
  id: string
  properties: Readonly<Record<string, string>>
  /** When each property got the value that it has, epoch ms; only of what was asked with its history. */
  times: Readonly<Record<string, number>>
}

/** Time of the newest entry of each history. */
const timesOf = (histories: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries(isObject(histories) ? histories : {}).flatMap(([name, entries]) => {
      const times = asList(entries).map((entry) => Date.parse(asText(member(entry, 'timestamp')) ?? ''))
      const known = times.filter((at) => !Number.isNaN(at))
      return known.length === 0 ? [] : [[name, Math.max(...known)] as const]
    }),
  )

const toObject = (value: unknown): PortalObject[] => {
  const id = asText(member(value, 'id'))
  const properties = member(value, 'properties')
  if (id === undefined) return []
  const filled = Object.entries(isObject(properties) ? properties : {}).flatMap(([name, text]) =>
    typeof text === 'string' && text !== '' ? [[name, text] as const] : [],
  )
  return [{ id, properties: Object.fromEntries(filled), times: timesOf(member(value, 'propertiesWithHistory')) }]
}

/** What to read: objects by record id, or by a unique property. */
export interface ReadQuery {
  type: string
  ids: readonly string[]
  idProperty?: string
  properties: readonly string[]
  /** Reads when the properties were changed, too. */
  times?: boolean
}

/** HubSpot takes half as many rows when it reads histories (field report). */
const maxRowsWithHistory = 50

// HubSpot may refuse a batch for one of its ids, or for two that are one object; alone each is read, or named.
const isRefusal = ({ status, body }: HttpReply): boolean => [400, 404, 409].includes(status) && isVendorBody(body)

/** Whether HubSpot refused a single id because nothing can be there. */
const isNobody = ({ body }: HttpReply): boolean => ['email_invalid', 'not_found'].includes(recordError(body, {}).code)

/**
 * Reads objects in batches. Unknown ids are simply not among the results, nor are addresses that HubSpot takes for none; two ids of one object give one result,
 * with its current id. A batch that is refused whole is halved, so that one id does not hide the others.
 */
export const readObjects = async (
  portal: Portal,
  { type, ids, idProperty, properties, times = false }: ReadQuery,
  signal: AbortSignal,
): Promise<PortalObject[]> => {
  const found = new Map<string, PortalObject>()
  const distinct = [...new Set(ids)].filter((id) => id !== '')
  const call = `batch read of ${type}`
  const send = async (batch: readonly string[]): Promise<HttpReply> => {
    const body = {
      inputs: batch.map((id) => ({ id })),
      properties: [...properties],
      propertiesWithHistory: times ? [...properties] : [],
      ...(idProperty === undefined ? {} : { idProperty }),
    }
    const reply = await portal.send(sdkRequest(sdk.batch.read(type, body)), { call, signal, idempotent: true })
    if (isRefusal(reply) || (reply.status >= 200 && reply.status < 300)) return reply
    throw portal.error(reply, call)
  }
  async function* read(batch: readonly string[]): AsyncGenerator<PortalObject[]> {
    for await (const { reply, rejected } of bisect(batch, send, { isBatchRejection: isRefusal })) {
      if (!rejected) yield resultsOf(portal, reply, call).flatMap(toObject)
      else if (!isNobody(reply)) throw portal.error(reply, call)
    }
  }
  for await (const objects of mapConcurrent(chunk(distinct, times ? maxRowsWithHistory : maxRows), parallel, read, signal))
    for (const object of objects) found.set(object.id, object)
  return [...found.values()]
}

/** Every object of a type, page by page, in HubSpot's own order. */
export async function* listObjects(
  portal: Portal,
  type: string,
  properties: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<PortalObject[]> {
  let after: string | undefined
  do {
    const call = `list of ${type}`
    const reply = await portal.require(sdkRequest(sdk.objects.getPage(type, maxRows, after, [...properties])), { call, signal })
    yield resultsOf(portal, reply, call).flatMap(toObject)
    after = asText(member(member(member(reply.body, 'paging'), 'next'), 'after'))
  } while (after !== undefined)
}

/** Moves objects to HubSpot's recycle bin. Ids that are gone already are fine. Throws MillraceError when a batch is refused. */
export const archiveObjects = async (portal: Portal, type: string, ids: readonly string[], signal: AbortSignal): Promise<void> => {
  for (const batch of chunk([...new Set(ids)], maxRows)) {
    await portal.require(sdkRequest(sdk.batch.archive(type, { inputs: batch.map((id) => ({ id })) })), {
      call: `batch archive of ${type}`,
      signal,
      idempotent: true,
    })
  }
}
