import type { HttpReply } from '../../http/index.ts'
import type { Account, ContactList } from '../account.ts'
import type { Contact } from '../contacts/contact.ts'
import { viewV2 } from '../contacts/view.ts'
import { refuseV2 } from '../errors.ts'
import { noContent, ok, type Route, type RouteContext } from '../route.ts'
import { objectBody, selectPage } from './read.ts'

const maxName = 128

function members(account: Account, id: number): Contact[] {
  return account.contacts
    .all()
    .filter((contact) => contact.lists.has(id))
    .toArray()
}

function view(account: Account, list: ContactList): object {
  return { id: list.id, name: list.name, visibility: list.visibility, contacts: members(account, list.id).length }
}

function listOfPath({ account, param }: RouteContext): ContactList {
  return account.lists.get(Number(param('id'))) ?? refuseV2('list-not-found', 404, 'ERROR_ADDRESSBOOK_NOT_FOUND')
}

function readList(context: RouteContext, self: ContactList | undefined): Pick<ContactList, 'name' | 'visibility'> {
  const { name, visibility = 'Private' } = objectBody(context)
  if (typeof name !== 'string' || name === '' || name.length > maxName) return refuseV2('list-name', 400, 'ERROR_ADDRESSBOOK_INVALID')
  if (visibility !== 'Private' && visibility !== 'Public') return refuseV2('list-name', 400, 'ERROR_ADDRESSBOOK_INVALID')
  const twin = [...context.account.lists.values()].some((list) => list !== self && list.name.toLowerCase() === name.toLowerCase())
  return twin ? refuseV2('list-name', 400, 'ERROR_ADDRESSBOOK_DUPLICATE') : { name, visibility }
}

function create(context: RouteContext): HttpReply {
  const { account } = context
  const list: ContactList = { id: account.newListId(), ...readList(context, undefined) }
  account.lists.set(list.id, list)
  return ok(view(account, list))
}

function change(context: RouteContext): HttpReply {
  const list = listOfPath(context)
  Object.assign(list, readList(context, list))
  return ok(view(context.account, list))
}

function remove(context: RouteContext): HttpReply {
  const { account } = context
  const { id } = listOfPath(context)
  for (const contact of members(account, id)) contact.lists.delete(id)
  account.lists.delete(id)
  return noContent
}

/** DELETE a member: the only way out of a list, writes of contacts only add. */
function removeMember(context: RouteContext): HttpReply {
  const { account, param } = context
  const list = listOfPath(context)
  const contact = account.contacts.get(Number(param('contactId')))
  if (contact === undefined || !contact.lists.delete(list.id)) return refuseV2('list-not-found', 404, 'ERROR_CONTACT_NOT_FOUND')
  contact.updatedAt = account.settings.now()
  return noContent
}

const base = 'v2/address-books'

/** Endpoints of lists, which version 2 calls address books. */
export const listRoutes: readonly Route[] = [
  { method: 'POST', path: base, tier: 'medium', handle: create },
  {
    method: 'GET',
    path: base,
    tier: 'medium',
    handle: (context) => ok(selectPage(context, [...context.account.lists.values()]).map((list) => view(context.account, list))),
  },
  { method: 'GET', path: `${base}/:id`, tier: 'high', handle: (context) => ok(view(context.account, listOfPath(context))) },
  { method: 'PUT', path: `${base}/:id`, tier: 'medium', handle: change },
  { method: 'DELETE', path: `${base}/:id`, tier: 'medium', handle: remove },
  {
    method: 'GET',
    path: `${base}/:id/contacts`,
    tier: 'low',
    handle: (context) => ok(selectPage(context, members(context.account, listOfPath(context).id)).map(viewV2)),
  },
  { method: 'DELETE', path: `${base}/:id/contacts/:contactId`, tier: 'medium', handle: removeMember },
]
