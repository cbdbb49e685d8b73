import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { foldEmail, pairKey, type Account } from '../account.ts'
import { invalid, notFound } from '../errors.ts'
import { listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, text, type Route, type RouteContext } from '../route.ts'
import type { Contact } from './model.ts'
import { checkValue } from './values.ts'
import { contactListView, contactTagView, contactView, fieldValueView } from './views.ts'
import { changeContact, checkEmail, createContact, deleteContact, setFieldValue, upsertContact, type ContactChange } from './write.ts'

function contactOf({ account, params }: RouteContext): Contact {
  const id = params['id'] ?? ''
  return account.contacts.get(id) ?? notFound('Subscriber', id)
}

function changeOf(body: Record<string, unknown>): ContactChange {
  const given: Record<string, string> = {}
  for (const name of ['firstName', 'lastName', 'phone'] as const) {
    const value = text(body, name)
    if (value !== undefined) given[name] = value
  }
  return given
}

/** Values by the numeric id of their field; others are dropped without a word. */
function valuesOf(account: Account, body: Record<string, unknown>): { readonly field: string; readonly value: string }[] {
  const given = Array.isArray(body['fieldValues']) ? body['fieldValues'].filter(isJsonObject) : []
  return given.flatMap((entry) => {
    const field = text(entry, 'field')
    const value = entry['value'] === null ? '' : text(entry, 'value')
    return field === undefined || value === undefined || account.fields.get(field) === undefined ? [] : [{ field, value }]
  })
}

/** The values of a body, refused before anything is written when one has the wrong form. */
function checkedValues(account: Account, body: Record<string, unknown>): ReturnType<typeof valuesOf> {
  const values = valuesOf(account, body)
  for (const { field, value } of values) {
    const definition = account.fields.get(field)
    if (definition !== undefined) checkValue(definition, value)
  }
  return values
}

function writeValues(account: Account, contact: Contact, values: readonly { readonly field: string; readonly value: string }[]): void {
  for (const { field, value } of values) setFieldValue(account, contact.id, field, value)
}

function answer(account: Account, contact: Contact): object {
  const values = account.fields.all().flatMap(({ id }) => account.fieldValues.byKey(pairKey(contact.id, id)) ?? [])
  return { fieldValues: values.map(fieldValueView), contact: contactView(contact) }
}

function trigger(account: Account, contact: Contact): void {
  account.triggers.push({ at: account.settings.now(), kind: 'contact', id: contact.id })
}

function sync(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'contact')
  const email = checkEmail(account, requiredText(body, 'email'))
  const values = checkedValues(account, body)
  const { contact, isNew } = upsertContact(account, { ...changeOf(body), email })
  writeValues(account, contact, values)
  trigger(account, contact)
  return isNew ? created(answer(account, contact)) : ok(answer(account, contact))
}

function create(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'contact')
  const email = checkEmail(account, requiredText(body, 'email'))
  if (account.contacts.byKey(foldEmail(email)) !== undefined) duplicate()
  const values = checkedValues(account, body)
  const contact = createContact(account, { ...changeOf(body), email })
  writeValues(account, contact, values)
  trigger(account, contact)
  return created(answer(account, contact))
}

function change(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'contact')
  const before = contactOf(context)
  const given = text(body, 'email')
  const email = given === undefined || foldEmail(given) === foldEmail(before.email) ? before.email : checkEmail(account, given)
  const other = account.contacts.byKey(foldEmail(email))
  if (other !== undefined && other.id !== before.id) duplicate()
  const values = checkedValues(account, body)
  const contact = changeContact(account, before, { ...changeOf(body), email })
  writeValues(account, contact, values)
  trigger(account, contact)
  return ok(answer(account, contact))
}

function duplicate(): never {
  return invalid('contact-duplicate', 'Email address already exists in the system', 'duplicate', 'email')
}

function search({ account, query }: RouteContext): HttpReply {
  const email = query.get('email') ?? query.get('filters[email]')
  const like = query.get('email_like') ?? query.get('filters[email][like]')
  const after = query.get('id_greater')
  const list = query.get('listid')
  const status = query.get('status')
  const tag = query.get('tagid')
  const updatedAfter = timeOf(query.get('filters[updated_after]'))
  const createdAfter = timeOf(query.get('filters[created_after]'))

  function hit(contact: Contact): boolean {
    if (email !== null && foldEmail(email) !== foldEmail(contact.email)) return false
    if (like !== null && !foldEmail(contact.email).includes(foldEmail(like.replaceAll('%', '')))) return false
    if (after !== null && Number(contact.id) <= Number(after)) return false
    if (updatedAfter !== undefined && contact.updatedAt <= updatedAfter) return false
    if (createdAfter !== undefined && contact.createdAt <= createdAfter) return false
    if (tag !== null && account.contactTags.byKey(pairKey(contact.id, tag)) === undefined) return false
    if (list === null) return status === null || status === '-1' || statuses(account, contact).has(status)
    const row = account.contactLists.byKey(pairKey(contact.id, list))
    return row !== undefined && (status === null ? row.status === '1' : status === '-1' || row.status === status)
  }

  // One address is looked up, not searched: accounts are large.
  const candidates = email === null ? account.contacts.all() : [account.contacts.byKey(foldEmail(email)) ?? []].flat()
  const rows = candidates.filter(hit)
  if (query.get('orders[id]')?.toUpperCase() === 'DESC') rows.reverse()
  return listReply(query, 'contacts', rows, contactView)
}

function statuses(account: Account, contact: Contact): ReadonlySet<string> {
  return new Set(account.lists.all().flatMap(({ id }) => account.contactLists.byKey(pairKey(contact.id, id))?.status ?? []))
}

function timeOf(given: string | null): number | undefined {
  const at = given === null ? Number.NaN : Date.parse(given)
  return Number.isNaN(at) ? undefined : at
}

function read(context: RouteContext): HttpReply {
  const contact = contactOf(context)
  const lists = context.account.lists.all().flatMap(({ id }) => context.account.contactLists.byKey(pairKey(contact.id, id)) ?? [])
  return ok({ contactLists: lists.map(contactListView), ...answer(context.account, contact) })
}

function remove(context: RouteContext): HttpReply {
  deleteContact(context.account, contactOf(context).id)
  return ok({})
}

function related<T extends { readonly contact: string }>(
  name: string,
  rows: (account: Account) => readonly T[],
  view: (row: T) => object,
): Route {
  return {
    method: 'GET',
    path: `contacts/:id/${name}`,
    handle: (context) => {
      const { id } = contactOf(context)
      return listReply(
        context.query,
        name,
        rows(context.account).filter((row) => row.contact === id),
        view,
      )
    },
  }
}

/** Endpoints of contacts. */
export const contactRoutes: readonly Route[] = [
  { method: 'POST', path: 'contact/sync', handle: sync },
  { method: 'POST', path: 'contacts', handle: create },
  { method: 'GET', path: 'contacts', handle: search },
  { method: 'GET', path: 'contacts/:id', handle: read },
  { method: 'PUT', path: 'contacts/:id', handle: change },
  { method: 'DELETE', path: 'contacts/:id', handle: remove },
  related('contactLists', (account) => account.contactLists.all(), contactListView),
  related('contactTags', (account) => account.contactTags.all(), contactTagView),
  related('fieldValues', (account) => account.fieldValues.all(), fieldValueView),
]
