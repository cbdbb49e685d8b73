import { deliverEach } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { abandonedAt, cartInput } from './cart-input.ts'
import { findCart } from './cart-rows.ts'
import { isSuccess } from './client.ts'
import { externalIdOf } from './connections.ts'
import { customerId } from './ecom-customers.ts'
import { connectionGone, isDuplicate, recordError } from './errors.ts'
import { member, textOf } from './json.ts'

const notIdle = (ms: number): MillraceError =>
  new MillraceError({
    code: 'cart_not_idle',
    retryable: true,
    retryAfterMs: ms,
    message: 'The cart was touched a short while ago, so it is not abandoned yet. It is looked at again when it has rested.',
    context: { applied: 'no' },
  })

const write = async (
  { client }: Account,
  input: Input,
  target: { id: string | undefined; body: Record<string, unknown> },
  signal: AbortSignal,
): Promise<{ id: string; created: boolean } | 'duplicate' | 'gone' | undefined> => {
  const call = 'abandoned cart'
  const { id, body } = target
  const reply = await client.send({
    method: id === undefined ? 'POST' : 'PUT',
    path: id === undefined ? 'ecomOrders' : `ecomOrders/${encodeURIComponent(id)}`,
    body: { ecomOrder: body },
    call,
    signal,
    ...(id === undefined ? {} : { idempotent: true }),
  })
  if (id !== undefined && reply.status === 404) return 'gone'
  if (id === undefined && isDuplicate(reply.body)) return 'duplicate'
  if (reply.status === 400 || reply.status === 422) throw recordError(reply, call, sentValues(input))
  if (!isSuccess(reply)) throw client.error(reply, call, 'record')
  const found = textOf(member(reply.body, 'ecomOrder'), 'id')
  return found === undefined ? undefined : { id: found, created: id === undefined }
}

const sentValues = ({ fields, children }: Input): unknown[] => [
  ...Object.values(fields),
  ...children.flatMap((child) => Object.values(child.fields)),
]

const upsert = async (account: Account, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { signal, contract } = ctx
  const shop = input.fields['connection']
  const connection = await account.connections.idOf(externalIdOf(contract.prefix, typeof shop === 'string' ? shop : undefined), signal)
  const [buyer] = input.parents
  const addresses = await account.addresses.of(buyer === undefined ? [] : [buyer.remoteId], signal)
  const email = addresses.get(buyer?.remoteId ?? '') ?? String(input.fields['email'])
  const customer = await customerId(
    account,
    { connection, key: buyer?.key === undefined || buyer.key === '' ? email : buyer.key, email },
    signal,
  )
  const body = cartInput(input, { connection, customer, email }, account.settings)
  // The API has no upsert: it is looked up, and its own constraint refuses a second one.
  const known = input.remoteId ?? (await findCart(account.client, { connection, key: input.key }, signal))
  let written = await write(account, input, { id: known, body }, signal)
  if (written === 'gone') written = await write(account, input, { id: undefined, body }, signal)
  if (written === 'duplicate') {
    const id = await findCart(account.client, { connection, key: input.key }, signal)
    if (id !== undefined) written = await write(account, input, { id, body }, signal)
  }
  if (typeof written !== 'object') return undefined
  const objects = Object.fromEntries(input.children.map(({ key }) => [key, key]))
  return { unit: input.unit, result: 'delivered', created: written.created && !input.uncertain, remoteId: written.id, objects }
}

const isOfConnection = (error: unknown): boolean => isMillraceError(error) && /^connection(?:id)?$/.test(error.field ?? '')

/** One cart. Those that are being filled wait; those that were bought or merged are the order's, which names its cart. */
const deliverCart = async (account: Account, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const state = input.fields['state']
  if (state !== undefined && state !== 'active')
    return {
      unit: input.unit,
      result: 'delivered',
      created: false,
      objects: input.objects,
      ...(input.remoteId === undefined ? {} : { remoteId: input.remoteId }),
    }
  const restsUntil = abandonedAt(input) + account.settings.cartIdleMs
  const now = ctx.clock.now()
  if (restsUntil > now) throw notIdle(restsUntil - now)
  return upsert(account, input, ctx).catch((error: unknown) => {
    if (!isOfConnection(error)) throw error
    account.connections.forget()
    throw connectionGone()
  })
}

/** Delivers abandoned carts, one by one: the REST API takes no lists. */
export async function* deliverCarts(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  yield* deliverEach(inputs, { concurrency: 1, signal: ctx.signal, deliver: (input) => deliverCart(account, input, ctx) })
}
