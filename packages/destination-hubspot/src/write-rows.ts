import { bisect, chunk, mapConcurrent, type HttpReply } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError } from '@millrace/core'
import { isVendorBody, recordError, takenBy, type Taken } from './errors.ts'
import { asList, asText, member, texts } from './json.ts'
import type { Portal } from './portal.ts'
import { sdk, sdkRequest, type SdkRequest } from './sdk.ts'

/** One object of a batch write. */
export interface Row {
  /** Value of `idProperty`, or the record id when the property is left out. */
  id: string
  idProperty?: string
  properties: Record<string, string>
}

/** What became of a row. A row that HubSpot's answer does not speak of has none. */
export type RowResult =
  | { result: 'written'; remoteId: string; created: boolean }
  | { result: 'taken'; taken: Taken; error: MillraceError }
  | { result: 'failed'; error: MillraceError }

/** Rows in one request (vendor notes, "Batch writes"). */
export const maxRows = 100

/** Requests of one call that are under way together; the budgets decide how fast they go. */
export const parallel = 8

/** Where rows are written. `type` is the plural name of the object in paths. */
export interface WriteTarget {
  type: string
  operation: 'upsert' | 'update'
}

/**
 * Writes rows in batches and yields what became of them, batch by batch. Results are matched by trace id, else by the unique value, never by position. A batch
 * that is refused as a whole is halved until the bad rows stand alone. Rows must have distinct ids.
 */
export async function* writeRows(
  portal: Portal,
  target: WriteTarget,
  rows: readonly Row[],
  signal: AbortSignal,
): AsyncGenerator<Map<Row, RowResult>> {
  // One id property per request: mixing is not documented.
  const batches = [...Map.groupBy(rows, (row) => row.idProperty).values()].flatMap((group) => chunk(group, maxRows))
  yield* mapConcurrent(batches, parallel, (batch) => writeBatch(portal, target, batch, signal))
}

// The row may be at fault (400, 409), or the request too large (413, 414). A 404 names ids that are gone.
const isRowRefusal = ({ status, body }: HttpReply): boolean =>
  status === 413 || status === 414 || ((status === 400 || status === 404 || status === 409) && isVendorBody(body))

async function* writeBatch(
  portal: Portal,
  target: WriteTarget,
  batch: readonly Row[],
  signal: AbortSignal,
): AsyncGenerator<Map<Row, RowResult>> {
  const call = `batch ${target.operation} of ${target.type}`
  const open = new Set(batch)
  const send = async (rows: readonly Row[]): Promise<HttpReply> => {
    const reply = await portal.send(request(target, rows), { call, signal, idempotent: true })
    if (isRowRefusal(reply) || (reply.status >= 200 && reply.status < 300 && typeof reply.body === 'object')) return reply
    throw portal.error(reply, call)
  }
  try {
    for await (const { items, reply, rejected } of bisect(batch, send, { isBatchRejection: isRowRefusal })) {
      for (const row of items) open.delete(row)
      yield rejected ? refuseAll(items, reply) : readReply(target, items, reply)
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    yield new Map([...open].map((row) => [row, { result: 'failed', error }]))
  }
}

/** The trace id of a row is its number in the request: unique there, and nothing of the person is in it. */
const traceId = (index: number): string => `row-${index + 1}`

const request = ({ type, operation }: WriteTarget, rows: readonly Row[]): Promise<SdkRequest> => {
  const inputs = rows.map((row, index) => ({ ...row, objectWriteTraceId: traceId(index) }))
  return sdkRequest(operation === 'upsert' ? sdk.batch.upsert(type, { inputs }) : sdk.batch.update(type, { inputs }))
}

/** What HubSpot holds against a row. */
const refusal = (row: Row, body: unknown, more: { status?: number; correlationId?: string | undefined } = {}): RowResult => {
  const error = recordError(body, row.properties, more)
  const taken = takenBy(body)
  return taken === undefined ? { result: 'failed', error } : { result: 'taken', taken, error }
}

const refuseAll = (rows: readonly Row[], { body, status, correlationId }: HttpReply): Map<Row, RowResult> =>
  new Map(rows.map((row) => [row, refusal(row, body, { status, correlationId })]))

const readReply = ({ operation }: WriteTarget, rows: readonly Row[], { body, correlationId }: HttpReply): Map<Row, RowResult> => {
  const find = finder(rows)
  const results = new Map<Row, RowResult>()
  for (const entry of asList(member(body, 'results'))) {
    const row = find(entry)
    const remoteId = asText(member(entry, 'id'))
    if (row === undefined || remoteId === undefined) continue
    results.set(row, { result: 'written', remoteId, created: operation === 'upsert' && member(entry, 'new') === true })
  }
  // Errors last: a row that stands in both lists is not written.
  for (const error of asList(member(body, 'errors'))) {
    for (const row of findInError(rows, find, error)) results.set(row, refusal(row, error, { correlationId }))
  }
  return results
}

const folded = (value: string): string => value.trim().toLowerCase()

/** Finds the row that an entry of the answer speaks of: by trace id, else by its unique value or record id. */
const finder = (rows: readonly Row[]): ((entry: unknown) => Row | undefined) => {
  const byTrace = new Map(rows.map((row, index) => [traceId(index), row]))
  const byId = new Map(rows.map((row) => [row.id, row]))
  // HubSpot may fold what it hands back; keys that differ in case only are then nobody's.
  const byFolded = Map.groupBy(rows, (row) => folded(row.id))
  const [first] = rows
  return (entry) => {
    const [trace] = [...texts(member(entry, 'objectWriteTraceId')), ...texts(member(member(entry, 'context'), 'objectWriteTraceId'))]
    if (trace !== undefined) return byTrace.get(trace)
    const value = first?.idProperty === undefined ? member(entry, 'id') : member(member(entry, 'properties'), first.idProperty)
    if (typeof value !== 'string') return undefined
    const [row, ...others] = byFolded.get(folded(value)) ?? []
    return byId.get(value) ?? (others.length === 0 ? row : undefined)
  }
}

/** Unknown ids are listed together in one error without trace ids. */
const findInError = (rows: readonly Row[], find: (entry: unknown) => Row | undefined, error: unknown): Row[] => {
  const traced = find(error)
  if (traced !== undefined) return [traced]
  const ids = new Set(texts(member(member(error, 'context'), 'ids')))
  return rows.filter((row) => ids.has(row.id))
}
