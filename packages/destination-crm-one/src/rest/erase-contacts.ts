import { randomUUID } from 'node:crypto'
import { isMillraceError, type DestinationContext, type ErasureOutcome, type ErasureTarget } from '@millrace/core'
import { operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { identityOf } from '../identity.ts'
import type { Answer } from '../transport.ts'
import { readSurvivor } from './contact.ts'

/** What the contract of CRM One keeps after an erasure, in words. */
const remains = ['Orders and deals keep their amounts, without the person.']

/** Erases people one by one. Orders, activities and memberships go with the contact; every write about the person is refused from then on. */
export async function* eraseContacts(
  api: Api,
  people: readonly ErasureTarget[],
  ctx: DestinationContext,
): AsyncGenerator<ErasureOutcome[]> {
  for (const target of people) {
    try {
      yield [await eraseOne(api, target, ctx)]
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination') throw error
      yield [{ unit: target.unit, remains: [], result: 'failed', error }]
    }
  }
}

// A key of its own for every call: a person who comes back and is erased again must not get the answer of the first erasure.
const remove = (api: Api, key: string, ctx: DestinationContext): Promise<Answer> =>
  api.transport.send(
    {
      operation: operationOf(api, 'contact', 'erase'),
      values: { ...identityOf(key, ctx.contract.prefix) },
      what: 'erasure of a contact',
      idempotencyKey: randomUUID(),
      urgent: true,
    },
    ctx,
  )

const eraseOne = async (api: Api, { unit, key, remoteId }: ErasureTarget, ctx: DestinationContext): Promise<ErasureOutcome> => {
  const answer = await remove(api, key, ctx)
  const meaning = answer.ok ? undefined : classOf(api.dialect, answer)
  if (answer.ok) return { unit, remains, result: answer.status === 202 ? 'requested' : 'erased' }
  if (meaning === 'erased') return { unit, remains, result: 'erased' }
  if (meaning === 'not-found' && remoteId === undefined) return { unit, remains: [], result: 'absent' }
  if (meaning !== 'merged' && meaning !== 'not-found')
    return { unit, remains: [], result: 'failed', error: refusal(api, answer, 'erasure of a contact', ctx) }
  return eraseElsewhere(api, { unit, key, remoteId }, answer, ctx)
}

/** The contact was merged, or carries our key no more: the one that holds the person now is erased, unless it is another person's of ours. */
const eraseElsewhere = async (
  api: Api,
  { unit, key, remoteId }: Pick<ErasureTarget, 'unit' | 'key'> & { remoteId: string | undefined },
  answer: Answer,
  ctx: DestinationContext,
): Promise<ErasureOutcome> => {
  const operation = operationOf(api, 'contact', 'addIdentity')
  const body = identityOf(key, ctx.contract.prefix)
  const found = classOf(api.dialect, answer) === 'merged' ? await readSurvivor(api, answer, key, ctx) : undefined
  const id = found !== undefined && 'contact' in found ? found.contact.id : remoteId
  if (id === undefined) return { unit, remains: [], result: 'absent' }
  const others = found !== undefined && 'contact' in found ? found.contact.keys.filter((one) => one !== key) : []
  if (others.length > 0) {
    const text = `The contact was merged there into ${id}, which is another person of ours. Erase it there, or separate them first.`
    return { unit, remains: [text], result: 'failed', error: refusal(api, answer, 'erasure of a contact', ctx) }
  }
  const attached = await api.transport.send(
    { operation, values: { remoteId: id, body }, what: 'identity of a contact', idempotencyKey: randomUUID() },
    ctx,
  )
  if (!attached.ok) {
    const gone = ['not-found', 'erased'].includes(classOf(api.dialect, attached) ?? '')
    return gone
      ? { unit, remains, result: 'absent' }
      : { unit, remains: [], result: 'failed', error: refusal(api, attached, 'erasure of a contact', ctx) }
  }
  const again = await remove(api, key, ctx)
  return again.ok
    ? { unit, remains, result: again.status === 202 ? 'requested' : 'erased' }
    : { unit, remains: [], result: 'failed', error: refusal(api, again, 'erasure of a contact', ctx) }
}
