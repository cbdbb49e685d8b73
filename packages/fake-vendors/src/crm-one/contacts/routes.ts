import { z } from 'zod'

import type { HttpReply } from '../../http/index.ts'
import { iso, type Crm } from '../crm.ts'
import { checkIfMatch, checkSourceVersion, identityOfPath } from '../precondition.ts'
import { refuse, refuseAt } from '../problem.ts'
import { externalId, identityKey } from '../reference.ts'
import { etag, noContent, written, type Route, type RouteContext, type WriteResult } from '../route.ts'
import { text, validate } from '../validate.ts'
import { readContactBody } from './body.ts'
import { touch, type StoredContact } from './contact.ts'
import { eraseContact } from './erase.ts'
import { attach, checkConflicts, contactOfBody, contactOfPath, findContact } from './identity.ts'
import { listContacts } from './list.ts'
import { mergeContacts } from './merge.ts'
import { viewContact } from './view.ts'
import { writeContact } from './write.ts'

function resultOf(contact: StoredContact, ignored: readonly string[] = []): WriteResult {
  return { id: contact.id, version: contact.version, lastModified: iso(contact.lastModified), ignored }
}

function read(crm: Crm, contact: StoredContact): HttpReply {
  return { status: 200, headers: { etag: etag(contact.version) }, body: viewContact(crm, contact) }
}

function put(context: RouteContext): HttpReply {
  const { crm } = context
  const identity = identityOfPath(context)
  const key = identityKey(identity)
  const before = findContact(crm, key).kind === 'unknown' ? undefined : contactOfPath(crm, key)
  checkIfMatch(context, before?.version)
  const body = readContactBody(context.body)
  checkSourceVersion(context, `contact:${key}`, body.sourceVersion)
  const { contact, created, ignored } = writeContact(crm, before, identity, body)
  crm.sourceVersions.set(`contact:${key}`, body.sourceVersion)
  return written(created, resultOf(contact, ignored))
}

function erase(context: RouteContext): HttpReply {
  const { crm } = context
  const key = identityKey(identityOfPath(context))
  const found = findContact(crm, key)
  // Asked twice, an erasure is done: only the first answer may have been lost.
  if (found.kind !== 'erased') {
    const contact = contactOfPath(crm, key)
    checkIfMatch(context, contact.version)
    eraseContact(crm, contact)
  }
  return crm.settings.erasure === 'done' ? noContent : { status: 202 }
}

function liftErasure(context: RouteContext): HttpReply {
  const key = identityKey(identityOfPath(context))
  if (findContact(context.crm, key).kind !== 'erased') return refuse('resource-not-found', 'not_found')
  context.crm.erased.delete(key)
  context.crm.merged.delete(key)
  return noContent
}

function addIdentity(context: RouteContext): HttpReply {
  const { crm, params } = context
  const contact = contactOfPath(crm, params['id'] ?? '', (id) => `/contacts/${id}/external-ids`)
  checkIfMatch(context, contact.version)
  const added = validate(externalId, context.body)
  const found = findContact(crm, identityKey(added))
  if (found.kind === 'contact' && found.contact === contact) return written(false, resultOf(contact))
  // An identity that was merged into this very contact becomes its own again.
  const isOwn = found.kind === 'merged' && found.survivor === contact
  if (!isOwn) checkConflicts(crm, contact.id, [{ externalId: added, pointer: '' }], [])
  attach(crm, contact, added)
  touch(contact, crm.now())
  return written(true, resultOf(contact))
}

const mergeBody: z.ZodType<{ readonly otherId: string }> = z.strictObject({ otherId: text(64) })

function merge(context: RouteContext): HttpReply {
  const { crm, params } = context
  const survivor = contactOfPath(crm, params['id'] ?? '', (id) => `/contacts/${id}/merge`)
  checkIfMatch(context, survivor.version)
  const { otherId } = validate(mergeBody, context.body)
  const found = findContact(crm, otherId)
  if (found.kind === 'merged' && found.survivor === survivor) return written(false, resultOf(survivor))
  const other = contactOfBody(crm, otherId, '/otherId')
  if (other === survivor) refuseAt('merge-two', 'validation', '/otherId', 'same')
  mergeContacts(crm, survivor, other)
  return written(false, resultOf(survivor))
}

/** `/contacts`. */
export const contactRoutes: readonly Route[] = [
  { method: 'GET', path: '/contacts', scope: 'contacts:read', handle: listContacts },
  {
    method: 'GET',
    path: '/contacts/{id}',
    scope: 'contacts:read',
    handle: ({ crm, params }) => read(crm, contactOfPath(crm, params['id'] ?? '')),
  },
  {
    method: 'GET',
    path: '/contacts/by-external-id/{source}/{externalId}',
    scope: 'contacts:read',
    handle: (context) => read(context.crm, contactOfPath(context.crm, identityKey(identityOfPath(context)))),
  },
  {
    method: 'PUT',
    path: '/contacts/by-external-id/{source}/{externalId}',
    scope: 'contacts:write',
    contentType: 'application/json',
    handle: put,
  },
  { method: 'DELETE', path: '/contacts/by-external-id/{source}/{externalId}', scope: 'contacts:erase', handle: erase },
  { method: 'DELETE', path: '/contacts/by-external-id/{source}/{externalId}/erasure', scope: 'contacts:erase', handle: liftErasure },
  { method: 'POST', path: '/contacts/{id}/external-ids', scope: 'contacts:write', contentType: 'application/json', handle: addIdentity },
  { method: 'POST', path: '/contacts/{id}/merge', scope: 'contacts:write', contentType: 'application/json', handle: merge },
]
