import type { HttpReply } from '../../http/index.ts'
import { invalid, notFound } from '../errors.ts'
import { listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, text, type Route, type RouteContext } from '../route.ts'
import { contactTagView, contactView, tagView } from './views.ts'
import { addTag, changeContact } from './write.ts'

function create(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'tag')
  const name = requiredText(body, 'tag')
  const tagType = requiredText(body, 'tagType')
  if (tagType !== 'contact' && tagType !== 'template') invalid('tag-type', 'The tag type is invalid.', 'field_invalid', 'tagType')
  if (account.tags.byKey(name.toLowerCase()) !== undefined) invalid('tag-duplicate', 'The tag already exists.', 'duplicate', 'tag')
  const row = account.tags.insert({ tag: name, tagType, description: text(body, 'description') ?? '', createdAt: account.settings.now() })
  return created({ tag: tagView(row) })
}

function list({ account, query }: RouteContext): HttpReply {
  const wanted = query.get('search')?.toLowerCase()
  const rows = account.tags.all().filter(({ tag }) => wanted === undefined || tag.toLowerCase().includes(wanted))
  return listReply(query, 'tags', rows, tagView)
}

function read({ account, params }: RouteContext): HttpReply {
  const id = params['id'] ?? ''
  return ok({ tag: tagView(account.tags.get(id) ?? notFound('Tag', id)) })
}

function remove({ account, params }: RouteContext): HttpReply {
  const { id } = account.tags.get(params['id'] ?? '') ?? notFound('Tag', params['id'] ?? '')
  account.tags.delete(id)
  for (const row of account.contactTags.all()) if (row.tag === id) account.contactTags.delete(row.id)
  return ok({})
}

function attach(context: RouteContext): HttpReply {
  const { account } = context
  const body = envelope(context, 'contactTag')
  const contactId = requiredText(body, 'contact')
  const tagId = requiredText(body, 'tag')
  const contact = account.contacts.get(contactId) ?? notFound('Subscriber', contactId)
  const tag = account.tags.get(tagId) ?? notFound('Tag', tagId)
  const row = account.contactTags.get(addTag(account, contactId, tag.id))
  changeContact(account, contact, {})
  return created({ contacts: [contactView(contact)], contactTag: row === undefined ? {} : contactTagView(row) })
}

function detach({ account, params }: RouteContext): HttpReply {
  const row = account.contactTags.get(params['id'] ?? '') ?? notFound('ContactTag', params['id'] ?? '')
  account.contactTags.delete(row.id)
  return ok({})
}

/** Endpoints of tags. */
export const tagRoutes: readonly Route[] = [
  { method: 'POST', path: 'tags', handle: create },
  { method: 'GET', path: 'tags', handle: list },
  { method: 'GET', path: 'tags/:id', handle: read },
  { method: 'DELETE', path: 'tags/:id', handle: remove },
  { method: 'POST', path: 'contactTags', handle: attach },
  { method: 'DELETE', path: 'contactTags/:id', handle: detach },
]
