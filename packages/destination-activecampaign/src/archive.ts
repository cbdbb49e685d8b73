import { deliverEach } from '@millrace/adapter-kit'
import { MillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'

/** Where objects that can be deleted stand. */
const paths: Readonly<Record<string, string>> = { contact: 'contacts', cart: 'ecomOrders' }

const refused = (object: string): MillraceError =>
  new MillraceError({
    code: 'archive_unsupported',
    message: `ActiveCampaign has no call that takes away an ${object}. Set the removal policy of the contract to keep-and-flag or ignore.`,
  })

const archiveOne = async ({ client, addresses }: Account, input: Input, ctx: DestinationContext): Promise<Outcome> => {
  const at = paths[input.object]
  if (at === undefined) throw refused(input.object)
  const call = `deletion of a ${input.object}`
  if (input.remoteId !== undefined) {
    addresses.forget(input.remoteId)
    const path = `${at}/${encodeURIComponent(input.remoteId)}`
    const reply = await client.send({ method: 'DELETE', path, call, signal: ctx.signal, idempotent: true })
    if (reply.status !== 404 && reply.status !== 204 && !isSuccess(reply)) throw client.error(reply, call, 'record')
  }
  return { unit: input.unit, result: 'delivered', created: false }
}

/** Deletes what the contract's removal policy gives up. What is gone already is done. */
export async function* archiveInputs(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  yield* deliverEach(inputs, { concurrency: 1, signal: ctx.signal, deliver: (input) => archiveOne(account, input, ctx) })
}
