import { isMillraceError, type BoundHttpClient, type DestinationContext, type Input, type Outcome } from '@millrace/adapter-kit'
import { errorOf, rows, toOutcome } from './answers.ts'

/** Lodestar takes a purchase whole, lines included: what a PUT does not name is gone there. So there is nothing to resume and no line to forget. */
const toPurchase = ({ fields, children, parents }: Input) => ({
  ...fields,
  member: parents.find(({ object }) => object === 'member')?.remoteId,
  lines: children.map(({ key, fields: line }) => ({ ...line, key })),
})

async function deliverOne(api: BoundHttpClient, input: Input, ctx: DestinationContext): Promise<Outcome[]> {
  const path = `/purchases/${encodeURIComponent(input.key)}`
  const reply =
    input.operation === 'archive'
      ? await api.request({ method: 'DELETE', path, idempotent: true, budget: 'burst' })
      : await api.request({ method: 'PUT', path, idempotent: true, budget: 'burst', body: toPurchase(input) })
  const { unit } = input
  if (input.operation === 'archive' && (reply.status === 404 || reply.status === 204))
    return [{ unit, result: 'delivered', created: false }]
  if (reply.status < 200 || reply.status >= 300) throw errorOf(reply, 'purchase', 'record', ctx)
  // A success that does not name the purchase confirms nothing: without an outcome it comes again.
  const row = rows(reply).find(({ key }) => key === input.key)
  return row === undefined ? [] : [toOutcome(input, row)]
}

/** One call for each purchase: what fails, fails alone, unless it concerns everybody. */
export async function* deliverPurchase(api: BoundHttpClient, input: Input, ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  try {
    yield await deliverOne(api, input, ctx)
  } catch (error) {
    if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
    yield [{ unit: input.unit, result: 'failed', error }]
  }
}
