import { randomUUID } from 'node:crypto'
import { foldEmail } from '@millrace/adapter-kit'
import { isMillraceError, type DestinationContext, type ErasureOutcome, type ErasureTarget } from '@millrace/core'
import { operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { identityOf } from '../identity.ts'
import { asList, asText, member } from '../json.ts'
import type { Answer } from '../transport.ts'
import { readSurvivor, type Contact } from './contact.ts'
import { listContacts } from './list-contacts.ts'

/** What the contract of CRM One keeps after an erasure, in words. */
const remains = ['Orders and deals keep their amounts, without the person.']

/**
 * Erases people one by one. Orders, activities and memberships go with the contact; every write about the person is refused from then on. Somebody who is found
 * neither by key nor by id may be there all the same, made by hand: the contract has no search by e-mail, so its list is read to the end.
 */
export async function* eraseContacts(
  api: Api,
  people: readonly ErasureTarget[],
  ctx: DestinationContext,
): AsyncGenerator<ErasureOutcome[]> {
  for (const target of people) {
    try {
      const outcome = await eraseOne(api, target, ctx)
      yield [outcome.result === 'absent' ? await eraseByEmail(api, target, ctx) : outcome]
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
  // Nobody of ours: only an address is known.
  if (key === '' && remoteId === undefined) return { unit, remains: [], result: 'absent' }
  const answer = await remove(api, key, ctx)
  const meaning = answer.ok ? undefined : classOf(api.dialect, answer)
  if (answer.ok) return { unit, remains, result: answer.status === 202 ? 'requested' : 'erased' }
  if (meaning === 'erased') return { unit, remains, result: 'erased' }
  if (meaning === 'not-found' && remoteId === undefined) return { unit, remains: [], result: 'absent' }
  if (meaning !== 'merged' && meaning !== 'not-found')
    return { unit, remains: [], result: 'failed', error: refusal(api, answer, 'erasure of a contact', ctx) }
  return eraseElsewhere(api, { unit, key, remoteId }, answer, ctx)
}

/** Contacts that others made with an address of the person. One that carries a key of ours is another person's of ours, and is not touched. */
const eraseByEmail = async (api: Api, { unit, emails }: ErasureTarget, ctx: DestinationContext): Promise<ErasureOutcome> => {
  if (emails.length === 0) return { unit, remains: [], result: 'absent' }
  if (api.dialect.reconcile === undefined)
    return { unit, remains: ['Contacts that others made with the same address: this CRM cannot be asked for them.'], result: 'absent' }
  const wanted = new Set(emails.map(foldEmail))
  const holds = ({ body }: Contact): boolean =>
    asList(member(body, 'emails')).some((email) => wanted.has(foldEmail(asText(member(email, 'value')) ?? '')))
  const ids = new Set<string>()
  for await (const page of listContacts(api, undefined, ctx))
    for (const contact of page) if (contact.keys.length === 0 && holds(contact)) ids.add(contact.id)
  // Contacts are erased by an identity only, so each gets one first.
  let last: ErasureOutcome = { unit, remains: [], result: 'absent' }
  for (const remoteId of ids) {
    last = await eraseById(api, { unit, key: `erasure-${randomUUID()}`, remoteId }, ctx)
    if (last.result === 'failed') return last
  }
  return last
}

/** The contact was merged, or carries our key no more: the one that holds the person now is erased, unless it is another person's of ours. */
const eraseElsewhere = async (
  api: Api,
  { unit, key, remoteId }: Pick<ErasureTarget, 'unit' | 'key'> & { remoteId: string | undefined },
  answer: Answer,
  ctx: DestinationContext,
): Promise<ErasureOutcome> => {
  const found = classOf(api.dialect, answer) === 'merged' ? await readSurvivor(api, answer, key, ctx) : undefined
  const id = found !== undefined && 'contact' in found ? found.contact.id : remoteId
  if (id === undefined) return { unit, remains: [], result: 'absent' }
  const others = found !== undefined && 'contact' in found ? found.contact.keys.filter((one) => one !== key) : []
  if (others.length > 0) {
    const text = `The contact was merged there into ${id}, which is another person of ours. Erase it there, or separate them first.`
    return { unit, remains: [text], result: 'failed', error: refusal(api, answer, 'erasure of a contact', ctx) }
  }
  return eraseById(api, { unit, key, remoteId: id }, ctx)
}

/** Gives a contact our key and erases it by that. */
const eraseById = async (
  api: Api,
  { unit, key, remoteId }: { unit: string; key: string; remoteId: string },
  ctx: DestinationContext,
): Promise<ErasureOutcome> => {
  const operation = operationOf(api, 'contact', 'addIdentity')
  const body = identityOf(key, ctx.contract.prefix)
  const attached = await api.transport.send(
    { operation, values: { remoteId, body }, what: 'identity of a contact', idempotencyKey: randomUUID() },
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
