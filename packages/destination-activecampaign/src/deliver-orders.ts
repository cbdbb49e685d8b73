import { chunk, redactText } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { externalIdOf } from './connections.ts'
import { connectionGone } from './errors.ts'
import { graphql, ordersPerCall, refusalOf, schemaError, type Refusal } from './graphql.ts'
import { member, rowsOf, textOf } from './json.ts'
import { needsBuyer, orderInput } from './order-input.ts'
import { failed } from './outcome.ts'

/** The name of the input type stands in no document of the vendor's that we know (vendor notes, "Unverified"). */
const mutation =
  'mutation BulkUpsertOrders($orders: [OrderInput!]!) { bulkUpsertOrders(orders: $orders) { id storeOrderId legacyConnectionId } }'
const call = 'bulk upsert of orders'

interface Prepared {
  input: Input
  connection: string
  order: Record<string, unknown>
}

const isOfConnection = (reason: string): boolean => /legacyConnectionId/i.test(reason)

const recordError = ({ input }: Prepared, reason: string): MillraceError => {
  if (isOfConnection(reason)) return connectionGone()
  const field = /^(?:lineItems\[\d+\]\.)?([A-Za-z]\w{1,40}):/.exec(reason)?.[1]
  const values = [...Object.values(input.fields), ...input.children.flatMap((child) => Object.values(child.fields))]
  return new MillraceError({
    code: 'value_rejected',
    ...(field === undefined ? {} : { field }),
    message: `ActiveCampaign refused the order${field === undefined ? '' : ` because of ${field}`}. Correct the value at the source or its mapping, then replay.`,
    context: { call, answer: redactText(reason, { values, maxLength: 300 }) },
  })
}

const storeOf = (input: Input): string | undefined => {
  const store = input.fields['connection']
  return typeof store === 'string' ? store : undefined
}

/** The error of a record or of its connection; what may pass, or concerns the whole account, is thrown on. */
const faultOf = (error: unknown): MillraceError => {
  if (!isMillraceError(error) || error.retryable || error.scope === 'destination') throw error
  return error
}

/** Orders ready to be sent. What is wrong with one, or for good with its connection, is the failure of that one. */
const prepare = async (
  account: Account,
  inputs: readonly Input[],
  { signal, contract }: DestinationContext,
): Promise<{ prepared: Prepared[]; refused: Outcome[] }> => {
  const buyers = inputs.filter(needsBuyer).flatMap(({ parents }) => parents[0]?.remoteId ?? [])
  const addresses = await account.addresses.of(buyers, signal)
  const prepared: Prepared[] = []
  const refused: Outcome[] = []
  for (const [store, group] of Map.groupBy(inputs, storeOf)) {
    try {
      const connection = await account.connections.idOf(externalIdOf(contract.prefix, store), signal)
      for (const input of group) {
        const buyerEmail = addresses.get(input.parents[0]?.remoteId ?? '')
        try {
          prepared.push({ input, connection, order: orderInput(input, { connection, buyerEmail }) })
        } catch (error) {
          refused.push(failed(input, faultOf(error)))
        }
      }
    } catch (error) {
      refused.push(...group.map((input) => failed(input, faultOf(error))))
    }
  }
  return { prepared, refused }
}

const delivered = ({ input }: Prepared, id: string): Outcome => ({
  unit: input.unit,
  result: 'delivered',
  created: input.remoteId === undefined && !input.uncertain,
  remoteId: id,
  // Lines are replaced as a whole and have no id; their keys only say that they are there.
  objects: Object.fromEntries(input.children.map(({ key }) => [key, key])),
})

/** Records that a refusal names, with what is wrong with each: by their own key, else by their place. */
const blamed = (batch: readonly Prepared[], { records }: Refusal): Map<Prepared, string> => {
  const byKey = new Map(batch.map((item) => [item.input.key, item]))
  return new Map(
    records.flatMap(({ place, key, reason }) => {
      const item = byKey.get(key) ?? batch[place]
      return item === undefined ? [] : [[item, reason] as const]
    }),
  )
}

/** Records that a refusal names fail; the others go again. One that names nobody is halved, since one record may be to blame. */
const afterRefusal = async function* (
  account: Account,
  batch: readonly Prepared[],
  refusal: Refusal,
  bad: ReadonlyMap<Prepared, string>,
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  if (bad.size > 0) {
    if ([...bad.values()].some(isOfConnection)) account.connections.forget()
    yield [...bad].map(([item, reason]) => failed(item.input, recordError(item, reason)))
    yield* writeOrders(
      account,
      batch.filter((item) => !bad.has(item)),
      ctx,
    )
    return
  }
  const [only] = batch
  if (refusal.isSchema) throw schemaError(call)
  if (batch.length === 1 && only !== undefined) {
    yield [failed(only.input, recordError(only, refusal.message))]
    return
  }
  const middle = Math.ceil(batch.length / 2)
  yield* writeOrders(account, batch.slice(0, middle), ctx)
  yield* writeOrders(account, batch.slice(middle), ctx)
}

async function* writeOrders(account: Account, batch: readonly Prepared[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  if (batch.length === 0) return
  const reply = await graphql(account.client, {
    query: mutation,
    variables: { orders: batch.map(({ order }) => order) },
    call,
    signal: ctx.signal,
  })
  const ids = new Map(
    rowsOf(member(reply.body, 'data'), 'bulkUpsertOrders').flatMap((row) => {
      const id = textOf(row, 'id')
      return id === undefined ? [] : [[`${textOf(row, 'legacyConnectionId') ?? ''} ${textOf(row, 'storeOrderId') ?? ''}`, id] as const]
    }),
  )
  const idOf = ({ connection, input }: Prepared): string | undefined => ids.get(`${connection} ${input.key}`)
  const refusal = refusalOf(reply)
  const bad = refusal === undefined ? new Map<Prepared, string>() : blamed(batch, refusal)
  if (refusal === undefined && !isSuccess(reply)) throw account.client.error(reply, call)
  // An answer may hold data beside errors: what is in it was written.
  const outcomes = batch.flatMap((item) => {
    const id = bad.has(item) ? undefined : idOf(item)
    return id === undefined ? [] : [delivered(item, id)]
  })
  if (outcomes.length > 0) yield outcomes
  if (refusal === undefined) return
  const written = new Set(outcomes.map(({ unit }) => unit))
  yield* afterRefusal(
    account,
    batch.filter(({ input }) => !written.has(input.unit)),
    refusal,
    bad,
    ctx,
  )
}

/** Upserts orders with their lines, a hundred per request, told apart by connection and our own key. */
export async function* deliverOrders(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const batch of chunk(inputs, ordersPerCall, ({ key }) => key)) {
    const open = new Map(batch.map((input) => [input.unit, input]))
    try {
      const { prepared, refused } = await prepare(account, batch, ctx)
      for (const { unit } of refused) open.delete(unit)
      if (refused.length > 0) yield refused
      for await (const outcomes of writeOrders(account, prepared, ctx)) {
        for (const { unit } of outcomes) open.delete(unit)
        yield outcomes
      }
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
      yield [...open.values()].map((input) => failed(input, error))
    }
  }
}
