import { isJsonObject, type HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { refuse } from '../errors.ts'
import { ok, type Route, type RouteContext } from '../route.ts'
import { createContact, ownerOfIdentifiers, replaceContact, updateContact, type MergeOption } from './apply.ts'
import type { Contact } from './contact.ts'
import { errorCodeOf } from './fault.ts'
import { barred, isIdentifier, readIdentifier } from './identifiers.ts'
import { importStatus, startImport } from './import.ts'
import { listContacts } from './list.ts'
import { readContactBody, type ContactWrite } from './read-body.ts'
import { fullView } from './view.ts'

const mergeOptions: Readonly<Record<string, MergeOption>> = {
  overwrite: 'overwrite',
  'overwrite-if-not-empty': 'overwriteIfNotEmpty',
  'overwrite-if-empty': 'overwriteIfEmpty',
}

/** The identifier of a path. @throws Refusal when it is none */
export function readPathIdentifier(context: Pick<RouteContext, 'account' | 'param'>): { readonly name: string; readonly value: string } {
  const name = context.param('identifier')
  const read = readIdentifier(context.account, name, context.param('value'))
  if ('value' in read) return { name, value: read.value }
  return refuse(
    'path-identifier',
    400,
    errorCodeOf(read.fault),
    `The id value '${context.param('value')}' is invalid for the identifier '${name}'`,
  )
}

function contactOfPath(context: RouteContext): Contact {
  const { name, value } = readPathIdentifier(context)
  const contact = context.account.contacts.find(name, value)
  if (contact !== undefined) return contact
  return refuse('contact-not-found', 404, 'contacts:contactNotFound', 'The following contacts could not be found', [
    { item: value, description: `Not found using the identifier '${name}'` },
  ])
}

/** Reads the body of a single write: the first fault refuses it as a whole. */
function readWrite(context: RouteContext): ContactWrite {
  if (!isJsonObject(context.body)) return refuse('body-shape', 400, 'contacts:badJson', 'The request JSON is badly formed')
  const { matchIdentifier } = context.body
  if (typeof matchIdentifier !== 'string')
    return refuse('contact-match-identifier', 400, errorCodeOf('ApiSchemaViolation'), "'matchIdentifier' is required")
  if (!isIdentifier(context.account, matchIdentifier)) {
    const description = `Unrecognized matchIdentifier '${matchIdentifier}'`
    return refuse('contact-match-identifier', 400, errorCodeOf('InvalidMatchIdentifier'), description)
  }
  const { write, faults, partFaults } = readContactBody(context.account, context.body)
  const [fault] = [...faults, ...partFaults]
  if (fault !== undefined) refuse(fault.rule, 400, errorCodeOf(fault.code), fault.description)
  return write
}

function refuseTaken(account: Account, write: ContactWrite, self: Contact | undefined): void {
  const taken = ownerOfIdentifiers(account, write.identifiers, self)
  if (taken === undefined) return
  const { identifier, value } = taken
  const description = `The id value '${value}' for the identifier '${identifier}' already exists. All identifiers must be unique!`
  refuse('identifier-taken', 409, errorCodeOf('Duplicate'), description)
}

function refuseBarred(account: Account, email: string | undefined): void {
  const code = barred(account, email)
  if (code !== undefined) refuse('contact-barred', 400, errorCodeOf(code), `The email address '${email}' cannot be contacted`)
}

function refuseForeignContactId(write: ContactWrite, self: Contact | undefined): void {
  const { contactId } = write.identifiers
  if (contactId !== undefined && contactId !== String(self?.id)) {
    refuse('contact-id-immutable', 400, 'contacts:invalidId', `The id value '${contactId}' is invalid for the identifier 'contactId'`)
  }
}

/** POST: 201, or 409 when an identifier is taken. */
function create(context: RouteContext): HttpReply {
  const { account } = context
  const write = readWrite(context)
  refuseForeignContactId(write, undefined)
  if (Object.keys(write.identifiers).length === 0) {
    refuse('contact-needs-identifier', 400, errorCodeOf('NoValidIdentifiers'), 'No valid identifiers were passed')
  }
  refuseTaken(account, write, undefined)
  refuseBarred(account, write.identifiers['email'])
  return { status: 201, body: fullView(account, createContact(account, write)) }
}

/** Whether null clears in a single write is not documented, so here it does not. */
function withoutNulls(write: ContactWrite): ContactWrite {
  return { ...write, dataFields: Object.fromEntries(Object.entries(write.dataFields).filter(([, value]) => value !== null)) }
}

/** PATCH: 200 for a contact that was there, 201 for a new one. */
function upsert(context: RouteContext): HttpReply {
  const { account, query } = context
  const option = mergeOptions[query.get('merge-option') ?? 'overwrite']
  if (option === undefined) {
    return refuse('merge-option-spelling', 400, 'contacts:invalidMergeOption', `'${query.get('merge-option')}' is no merge option`)
  }
  const { name, value } = readPathIdentifier(context)
  const contact = account.contacts.find(name, value)
  const write = readWrite(context)
  refuseForeignContactId(write, contact)
  refuseTaken(account, write, contact)
  refuseBarred(account, write.identifiers['email'] ?? contact?.identifiers['email'] ?? (name === 'email' ? value : undefined))
  if (contact !== undefined) {
    updateContact(account, contact, withoutNulls(write), option)
    return ok(fullView(account, contact))
  }
  if (name === 'contactId') {
    return refuse('contact-id-immutable', 400, 'contacts:invalidId', `The id value '${value}' is invalid for the identifier 'contactId'`)
  }
  const created = createContact(account, { ...write, identifiers: { [name]: value, ...write.identifiers } })
  return { status: 201, body: fullView(account, created) }
}

/** PUT: 200 and everything the body does not name is gone; 404 when there is no such contact. */
function replace(context: RouteContext): HttpReply {
  const { account } = context
  const contact = contactOfPath(context)
  const write = readWrite(context)
  refuseForeignContactId(write, contact)
  if (Object.keys(write.identifiers).every((name) => name === 'contactId')) {
    refuse('contact-needs-identifier', 400, errorCodeOf('NoValidIdentifiers'), "'identifiers' is required")
  }
  refuseTaken(account, write, contact)
  refuseBarred(account, write.identifiers['email'])
  replaceContact(account, contact, write)
  return ok(fullView(account, contact))
}

/** DELETE: 200 with the id. */
function remove(context: RouteContext): HttpReply {
  const { account } = context
  const contact = contactOfPath(context)
  account.contacts.delete(contact)
  if (account.settings.deleteCascades) {
    for (const collection of account.collections.values()) collection.deleteOwner(contact.id)
  }
  return ok({ contactId: contact.id })
}

const one = 'contacts/v3/:identifier/:value'

/** Endpoints of contacts in version 3. */
export const contactRoutes: readonly Route[] = [
  { method: 'POST', path: 'contacts/v3', tier: 'medium', handle: create },
  { method: 'GET', path: 'contacts/v3', tier: 'low', handle: listContacts },
  { method: 'GET', path: one, tier: 'high', handle: (context) => ok(fullView(context.account, contactOfPath(context))) },
  { method: 'PATCH', path: one, tier: 'medium', handle: upsert },
  { method: 'PUT', path: one, tier: 'medium', handle: replace },
  { method: 'DELETE', path: one, tier: 'medium', handle: remove },
  { method: 'PUT', path: 'contacts/v3/import', tier: 'low', handle: startImport },
  { method: 'GET', path: 'contacts/v3/import/:id', tier: 'unlimited', handle: importStatus },
]
