import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { idempotencyKey, identityOf } from '../identity.ts'
import { asText, member } from '../json.ts'
import { conflicting, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { candidatesOf } from './candidates.ts'
import { foreignKeys, readSurvivor } from './contact.ts'
import type { Write } from './run-writes.ts'

/** A write that gives a contact of the CRM our identity. */
export interface AttachWrite extends Write {
  input: Input
  remoteId: string
}

/** What became of it: the contact that has our identity now, nothing (the contact is gone, the write makes a new one), or the end of this attempt. */
export type Attached = { remoteId: string } | { gone: true } | { outcome: Outcome | undefined }

/** Whether the contact is known and does not carry our key yet: it is adopted, or its guest has registered. */
export const needsIdentity = ({ remoteId, remoteKey, key }: Input): boolean => remoteId !== undefined && remoteKey !== key

/** The write for an input. */
export const attachWrite = (api: Api, input: Input, remoteId: string, ctx: DestinationContext): AttachWrite => {
  const body = identityOf(input.key, ctx.contract.prefix)
  return {
    input,
    remoteId,
    operation: operationOf(api, 'contact', 'addIdentity'),
    values: { remoteId, body },
    what: 'identity of a contact',
    idempotencyKey: idempotencyKey('identity', remoteId, body, input.fence),
  }
}

/** Judges the answer. A contact that was merged meanwhile is followed to the one that remains, unless that one is somebody else's. */
export const attached = async (
  api: Api,
  write: AttachWrite,
  answer: Answer,
  ctx: DestinationContext,
  followed = false,
): Promise<Attached> => {
  const { input, remoteId } = write
  if (answer.ok) return asText(member(answer.value, 'id')) === undefined ? { outcome: undefined } : { remoteId }
  const meaning = classOf(api.dialect, answer)
  if (meaning === 'not-found') return { gone: true }
  if (meaning === 'conflict') return { outcome: conflicting(input, await candidatesOf(api, answer, ctx)) }
  if (meaning !== 'merged' || followed) return { outcome: failed(input, refusal(api, answer, write.what, ctx)) }
  const found = await readSurvivor(api, answer, input.key, ctx)
  if (!('contact' in found)) return { gone: true }
  const [other] = foreignKeys(found.contact, input)
  if (other !== undefined) return { outcome: conflicting(input, [{ remoteId: found.contact.id, key: other }]) }
  const again = attachWrite(api, input, found.contact.id, ctx)
  return attached(api, again, await api.transport.send(again, ctx), ctx, true)
}
