import type { BoundHttpClient, DestinationContext, Input, Outcome } from '@millrace/adapter-kit'
import { errorOf } from './answers.ts'

const placeOf = ({ object, key, remoteId = '' }: Input): string | undefined => {
  if (object === 'member') return `/members/${encodeURIComponent(remoteId)}`
  return object === 'purchase' ? `/purchases/${encodeURIComponent(key)}` : undefined
}

/** Lodestar has no archive, so what is archived is deleted. What is gone already is what was wanted; a moment has happened and stays. */
export const archiveOne = async (api: BoundHttpClient, input: Input, ctx: DestinationContext): Promise<Outcome> => {
  const path = placeOf(input)
  const reply = path === undefined ? undefined : await api.request({ method: 'DELETE', path, idempotent: true, budget: 'burst' })
  if (reply !== undefined && reply.status !== 204 && reply.status !== 404)
    throw errorOf(reply, `deletion of a ${input.object}`, 'record', ctx)
  return { unit: input.unit, result: 'delivered', created: false }
}
