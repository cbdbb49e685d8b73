import type { HttpReply } from '../http/index.ts'
import { isGranted } from './contacts/consent.ts'
import { contactOfPath, findContact, isContactKey } from './contacts/identity.ts'
import type { ListDefinition } from './crm-schema.ts'
import { refuse, refuseAt } from './problem.ts'
import { noContent, type Route, type RouteContext } from './route.ts'

function listOf({ crm, params }: RouteContext): ListDefinition {
  return crm.schema.lists.find(({ id }) => id === params['id']) ?? refuse('list-not-found', 'not_found')
}

function join(context: RouteContext): HttpReply {
  const { crm, params } = context
  const list = listOf(context)
  const key = params['contact'] ?? ''
  if (!isContactKey(key)) refuse('resource-not-found', 'not_found')
  if (findContact(crm, key).kind === 'unknown') refuseAt('contact-unknown', 'contact_unknown', 'path/contact', 'unknown')
  const contact = contactOfPath(crm, key, (id) => `/lists/${list.id}/members/${id}`)
  if (!isGranted(contact, list)) refuseAt('list-needs-consent', 'consent_required', 'path/contact', `${list.channel}/${list.purpose}`)
  const members = crm.members.get(list.id) ?? new Set()
  crm.members.set(list.id, members.add(contact.id))
  return noContent
}

function leave(context: RouteContext): HttpReply {
  const { crm, params } = context
  const list = listOf(context)
  const found = findContact(crm, params['contact'] ?? '')
  // Who is unknown or erased is no member: leaving is done. Who was merged is asked for under another id.
  if (found.kind === 'merged') refuse('merge-then-moved', 'merged', { location: `/lists/${list.id}/members/${found.survivor.id}` })
  if (found.kind === 'contact') crm.members.get(list.id)?.delete(found.contact.id)
  return noContent
}

/** `/lists`. */
export const listRoutes: readonly Route[] = [
  { method: 'PUT', path: '/lists/{id}/members/{contact}', scope: 'lists:write', handle: join },
  { method: 'DELETE', path: '/lists/{id}/members/{contact}', scope: 'lists:write', handle: leave },
]
