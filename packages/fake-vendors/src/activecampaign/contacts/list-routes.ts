import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { foldEmail } from '../account.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import { filtered, listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, text, type Route, type RouteContext } from '../route.ts'
import { contactListView, contactView, listView } from './views.ts'
import { setListStatus } from './write.ts'

function createList(context: RouteContext): HttpReply {
  const body = envelope(context, 'list')
  const name = requiredText(body, 'name')
  const stringid = text(body, 'stringid') ?? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return created({ list: listView(context.account.lists.insert({ name, stringid })) })
}

function lists({ account, query }: RouteContext): HttpReply {
  const rows = filtered(query, account.lists.all(), { name: (row) => row.name })
  return listReply(query, 'lists', rows, listView)
}

function list({ account, params }: RouteContext): HttpReply {
  const id = params['id'] ?? ''
  return ok({ list: listView(account.lists.get(id) ?? notFound('List', id)) })
}

function write(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'contactList')
  const listId = requiredText(body, 'list')
  const contactId = requiredText(body, 'contact')
  const status = requiredText(body, 'status')
  if (account.lists.get(listId) === undefined) notFound('List', listId)
  const contact = account.contacts.get(contactId) ?? notFound('Subscriber', contactId)
  if (status !== '1' && status !== '2') return invalid('list-status-writable', 'The status is invalid.', 'field_invalid', 'status')
  const sourceid = text(body, 'sourceid')
  const { row, isNew } = setListStatus(account, {
    contact: contactId,
    list: listId,
    status,
    ...(sourceid !== undefined && { sourceid }),
  })
  const answer = { contacts: [contactView(contact)], contactList: contactListView(row) }
  return isNew ? created(answer) : ok(answer)
}

function exclusions({ account, query }: RouteContext): HttpReply {
  return listReply(query, 'exclusions', [...account.exclusions], (email) => ({ email }))
}

function exclude({ account, body }: RouteContext): HttpReply {
  const given = isJsonObject(body) ? body['exclusions'] : undefined
  if (!Array.isArray(given)) return refuse('body-shape', 400, {})
  for (const entry of given) {
    const email = isJsonObject(entry) ? text(entry, 'email') : undefined
    if (email === undefined) return refuse('body-shape', 400, {})
    account.exclusions.add(foldEmail(email))
  }
  return ok({ exclusions: [...account.exclusions].map((email) => ({ email })) })
}

/** Endpoints of lists, list statuses and exclusions. */
export const listRoutes: readonly Route[] = [
  { method: 'POST', path: 'lists', handle: createList },
  { method: 'GET', path: 'lists', handle: lists },
  { method: 'GET', path: 'lists/:id', handle: list },
  { method: 'POST', path: 'contactLists', handle: write },
  { method: 'GET', path: 'lists/exclusions', handle: exclusions },
  { method: 'PUT', path: 'lists/exclusions', handle: exclude },
]
