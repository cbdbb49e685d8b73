import { isMillraceError, type Candidate, type DestinationContext } from '@millrace/core'
import type { Api } from '../api.ts'
import type { Answer } from '../transport.ts'
import { readById } from './contact.ts'

/** Who stands in the way, with the key of ours that each carries, so that core can tell whose it is. A key that cannot be read is left out. */
export const candidatesOf = async (api: Api, { candidates = [] }: Answer, ctx: DestinationContext): Promise<Candidate[]> => {
  const found: Candidate[] = []
  for (const remoteId of candidates) {
    try {
      const one = await readById(api, remoteId, ctx)
      if ('contact' in one) found.push({ remoteId: one.contact.id, key: one.contact.keys[0] ?? '' })
      else if (one.gone === 'absent') found.push({ remoteId })
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination') throw error
      found.push({ remoteId })
    }
  }
  return found
}
