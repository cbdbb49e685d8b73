import type { BoundHttpClient, DestinationContext, Input, Outcome } from '@millrace/adapter-kit'
import { errorOf, rows, toOutcome } from './answers.ts'

/** Lodestar takes a purchase whole, lines included: what a PUT does not name is gone there. So there is nothing to resume and no line to forget. */
const toPurchase = ({ fields, children, parents }: Input) => ({
  ...fields,
  member: parents.find(({ object }) => object === 'member')?.remoteId,
  lines: children.map(({ key, fields: line }) => ({ ...line, key })),
})

/** One call for each purchase. */
export const putPurchase = async (api: BoundHttpClient, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const path = `/purchases/${encodeURIComponent(input.key)}`
  const reply = await api.request({ method: 'PUT', path, idempotent: true, budget: 'burst', body: toPurchase(input) })
  if (reply.status < 200 || reply.status >= 300) throw errorOf(reply, 'purchase', 'record', ctx)
  // A success that does not name the purchase confirms nothing: without an outcome it comes again.
  const row = rows(reply).find(({ key }) => key === input.key)
  return row === undefined ? undefined : toOutcome(input, row)
}
