import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { isEmail } from '../contacts/write.ts'
import { text } from '../route.ts'
import type { ImportRow } from './model.ts'

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

function listIds(value: unknown): string[] {
  return objects(value).flatMap((entry) => text(entry, 'listid') ?? [])
}

/** One contact of a request, or the reason why the request is refused. */
export function parseRow(account: Account, item: unknown, excludeAutomations: boolean): ImportRow | string {
  if (!isJsonObject(item)) return 'The contact is not an object.'
  const email = text(item, 'email')
  if (email === undefined || email === '') return 'The contact has no email.'
  if (!isEmail(email)) return 'The email address is invalid.'
  const tags: unknown = item['tags'] ?? []
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) return 'The tags are not a list of strings.'
  const fields = objects(item['fields']).map((entry) => ({ id: text(entry, 'id') ?? '', value: text(entry, 'value') ?? '' }))
  const unknownField = fields.find(({ id }) => account.fields.get(id) === undefined)
  if (unknownField !== undefined) return `Field ${unknownField.id} does not exist.`
  const subscribe = listIds(item['subscribe'])
  const unsubscribe = listIds(item['unsubscribe'])
  const unknownList = [...subscribe, ...unsubscribe].find((id) => account.lists.get(id) === undefined)
  if (unknownList !== undefined) return `List ${unknownList} does not exist.`
  if (subscribe.some((id) => unsubscribe.includes(id))) return 'A list is subscribed to and unsubscribed from.'
  return {
    email: email.trim(),
    firstName: text(item, 'first_name'),
    lastName: text(item, 'last_name'),
    phone: text(item, 'phone'),
    tags,
    fields,
    subscribe,
    unsubscribe,
    excludeAutomations: excludeAutomations || item['exclude_automations'] === true,
  }
}
