import type { DestinationContext } from '@millrace/core'
import { capabilityMissing } from '../errors.ts'
import { refusal, required, type Api } from '../api.ts'
import { asText, member } from '../json.ts'
import { contactOf, type Contact } from './contact.ts'

/** Contacts by the time of their last change, oldest first, in pages. One that changes while it is read comes again. */
export async function* listContacts(api: Api, since: string | undefined, ctx: DestinationContext): AsyncGenerator<Contact[]> {
  const { reconcile } = api.dialect
  if (reconcile === undefined) throw capabilityMissing(api.dialect, 'list its contacts')
  let cursor: string | undefined
  do {
    const query = { updatedSince: since, cursor, limit: reconcile.pageSize }
    const answer = await required(api, { operation: reconcile.operation, values: {}, query, what: 'list of contacts' }, ctx)
    const items = member(answer.value, 'items')
    // A success without the list does not say that there is nobody.
    if (!Array.isArray(items)) throw refusal(api, answer, 'list of contacts', ctx)
    yield items.flatMap((item) => contactOf(item, ctx.contract.prefix) ?? [])
    const next = asText(member(answer.value, 'next'))
    cursor = next === cursor ? undefined : next
  } while (cursor !== undefined)
}
