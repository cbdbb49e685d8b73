import { bisect, chunk } from '@millrace/adapter-kit'
import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { encodeFields } from '../encode.ts'
import { archiveUnsupported, capabilityMissing } from '../errors.ts'
import { conflicting, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { encodeLists } from './encode-lists.ts'
import { codeOf, fieldsToRead, nativeId, readIds, rowFor, searchKeys, type Row } from './rows.ts'

/** Reads before a write that others changed meanwhile. */
const attempts = 3

/** For CRMs without an upsert: search by our key, then create or change. The CRM's unique key refuses a second create, which is then found. */
export async function* deliverSearched(
  api: Api,
  object: string,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const { archive = [], upsert = [] } = Object.groupBy(inputs, (input) => input.operation)
  for (const input of archive) yield [await archiveOne(api, object, input, ctx)]
  const { batch } = api.dialect
  const size = batch.kind === 'atomic' ? batch.size : 1
  for (const part of chunk(upsert, size, ({ key }) => key)) yield* deliverPart(api, object, part, ctx)
}

async function* deliverPart(api: Api, object: string, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const unsupported = inputs.filter(({ memberships }) => memberships.length > 0)
  if (unsupported.length > 0) yield unsupported.map((input) => failed(input, capabilityMissing(api.dialect, 'keep lists')))
  const wanted = inputs.filter((input) => !unsupported.includes(input))
  const rows = await look(api, object, wanted, ctx)
  const fresh: Input[] = []
  for (const input of wanted) {
    const row = rowFor(input, rows)
    if (row === undefined) fresh.push(input)
    else yield [await change(api, object, input, row, ctx)]
  }
  yield* create(api, object, fresh, ctx)
}

const look = async (api: Api, object: string, inputs: readonly Input[], ctx: DestinationContext): Promise<Row[]> => {
  const fields = fieldsToRead(objectOf(api, object))
  const keys = new Set(inputs.flatMap(({ key, remoteKey }) => (remoteKey === undefined ? [key] : [key, remoteKey])))
  const byKey = await searchKeys(api, object, [...keys], fields, ctx)
  const missing = inputs.flatMap((input) => (input.remoteId !== undefined && rowFor(input, byKey) === undefined ? [input.remoteId] : []))
  // One by one: a single id that is gone refuses the whole read.
  const byId: Row[] = []
  for (const remoteId of missing) byId.push(...(await readPresent(api, object, remoteId, fields, ctx)))
  return [...byKey, ...byId]
}

const readPresent = async (
  api: Api,
  object: string,
  remoteId: string,
  fields: readonly string[],
  ctx: DestinationContext,
): Promise<Row[]> => {
  const answer = await api.transport.send(
    { operation: operationOf(api, object, 'read'), values: { remoteIds: [nativeId(api, remoteId)], fields }, what: `read of ${object}` },
    ctx,
  )
  if (!answer.ok && classOf(api.dialect, answer) === 'not-found') return []
  if (!answer.ok) throw refusal(api, answer, `read of ${object}`, ctx)
  return readIds(api, object, [remoteId], fields, ctx)
}

const bodyOf = (api: Api, object: string, input: Input, row: Row | undefined, ctx: DestinationContext): Record<string, unknown> => {
  const spec = objectOf(api, object)
  const known = row !== undefined && input.remoteKey === input.key && !input.uncertain
  const scalars = Object.fromEntries(Object.entries(input.fields).filter(([name]) => spec.fields[name]?.item === undefined))
  return {
    ...encodeFields(spec, scalars, known ? { names: input.changedFields } : {}).body,
    ...encodeLists(spec, input.fields, row, row?.key === input.key || row?.key === input.remoteKey),
    [spec.keyField]: codeOf(input.key, ctx.contract.prefix),
  }
}

/** Changes an object that is there, unless it carries the key of somebody else of ours. */
const change = async (api: Api, object: string, input: Input, row: Row, ctx: DestinationContext, attempt = 1): Promise<Outcome> => {
  if (row.key !== '' && row.key !== input.key && row.key !== input.remoteKey)
    return conflicting(input, [{ remoteId: row.remoteId, key: row.key }])
  const what = `change of ${object}`
  const answer = await api.transport.send(
    {
      operation: operationOf(api, object, 'update'),
      values: { remoteId: nativeId(api, row.remoteId), body: bodyOf(api, object, input, row, ctx), version: row.version ?? null },
      what,
      idempotencyKey: input.key,
    },
    ctx,
  )
  if (answer.ok) return { unit: input.unit, result: 'delivered', created: false, remoteId: row.remoteId }
  const meaning = classOf(api.dialect, answer)
  if (meaning === 'changed' && attempt < attempts) {
    const again = (await look(api, object, [{ ...input, remoteId: row.remoteId }], ctx)).find(({ remoteId }) => remoteId === row.remoteId)
    if (again !== undefined) return change(api, object, input, again, ctx, attempt + 1)
  }
  if (meaning === 'conflict') return conflictOf(api, object, input, ctx)
  return failed(input, refusal(api, answer, what, ctx), { remoteId: row.remoteId })
}

/** Who holds our key, as the CRM's own unique key says. */
const conflictOf = async (api: Api, object: string, input: Input, ctx: DestinationContext): Promise<Outcome> => {
  const holders = await searchKeys(api, object, [input.key], fieldsToRead(objectOf(api, object)), ctx)
  return conflicting(
    input,
    holders.map(({ remoteId, key }) => ({ remoteId, key })),
  )
}

async function* create(api: Api, object: string, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const what = `creation of ${object}`
  const send = (items: readonly Input[]): Promise<Answer> =>
    api.transport.send(
      {
        operation: operationOf(api, object, 'create'),
        values: { records: items.map((input) => bodyOf(api, object, input, undefined, ctx)) },
        what,
        idempotencyKey: items.map(({ key }) => key).join(),
      },
      ctx,
    )
  const isRejection = (answer: Answer): boolean =>
    ['conflict', 'refused', 'unknown-field', 'too-large', 'not-found'].includes(classOf(api.dialect, answer) ?? '')
  for await (const { items, reply: answer, rejected } of bisect(inputs, send, { isBatchRejection: (one) => !one.ok && isRejection(one) })) {
    const [only] = items
    if (rejected && only !== undefined) yield [await refused(api, object, only, answer, ctx)]
    else if (answer.ok) yield await confirmed(api, object, items, answer, ctx)
    else throw refusal(api, answer, what, ctx)
  }
}

/** Ids come in an order of their own right; our keys say whose they are, so they are read back. */
const confirmed = async (
  api: Api,
  object: string,
  items: readonly Input[],
  answer: Answer,
  ctx: DestinationContext,
): Promise<Outcome[]> => {
  if (!Array.isArray(answer.value) || answer.value.length !== items.length) return []
  const ids = new Set(answer.value.map(String))
  const rows = await searchKeys(
    api,
    object,
    items.map(({ key }) => key),
    fieldsToRead(objectOf(api, object)),
    ctx,
  )
  return items.flatMap((input): Outcome[] => {
    const row = rows.find(({ key }) => key === input.key)
    return row === undefined || !ids.has(row.remoteId)
      ? []
      : [{ unit: input.unit, result: 'delivered', created: !input.uncertain, remoteId: row.remoteId }]
  })
}

const refused = async (api: Api, object: string, input: Input, answer: Answer, ctx: DestinationContext): Promise<Outcome> => {
  if (classOf(api.dialect, answer) !== 'conflict') return failed(input, refusal(api, answer, `creation of ${object}`, ctx))
  const row = rowFor(input, await look(api, object, [input], ctx))
  return row === undefined ? failed(input, refusal(api, answer, `creation of ${object}`, ctx)) : change(api, object, input, row, ctx)
}

const archiveOne = async (api: Api, object: string, input: Input, ctx: DestinationContext): Promise<Outcome> => {
  const operation = objectOf(api, object).operations.archive
  const { remoteId } = input
  if (operation === undefined) return failed(input, archiveUnsupported(api.dialect, object))
  // What was never linked is not there as far as is known.
  if (remoteId === undefined) return { unit: input.unit, result: 'delivered', created: false }
  const what = `archiving of ${object}`
  const answer = await api.transport.send(
    { operation, values: { remoteId: nativeId(api, remoteId) }, what, idempotencyKey: input.key },
    ctx,
  )
  const gone = !answer.ok && classOf(api.dialect, answer) === 'not-found'
  return answer.ok || gone
    ? { unit: input.unit, result: 'delivered', created: false, remoteId }
    : failed(input, refusal(api, answer, what, ctx), { remoteId })
}
