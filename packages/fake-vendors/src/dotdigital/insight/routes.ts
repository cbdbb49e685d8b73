import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { readPathIdentifier } from '../contacts/routes.ts'
import { readSince } from '../contacts/list.ts'
import { refuse } from '../errors.ts'
import { seekPage } from '../paging.ts'
import { iso, noContent, ok, type Route, type RouteContext } from '../route.ts'
import type { InsightRecord } from './collection.ts'
import { collectionOfPath, create, list, schema } from './collections.ts'
import { importStatus, startImport } from './import.ts'
import { findOwner, writeRecord } from './write.ts'

const maxDelete = 5000
const maxPage = 1000

function view(record: InsightRecord): object {
  const { key, json, createdAt, updatedAt, owner } = record
  return { key, json, created: iso(createdAt), updated: iso(updatedAt), ...(owner !== undefined && { ownerContactId: owner }) }
}

function ownerOfPath(context: RouteContext): number {
  const { name, value } = readPathIdentifier(context)
  const found = findOwner(context.account, { identifier: name, value })
  if ('owner' in found) return found.owner
  return refuse('insight-contact-must-exist', 404, 'insightData:contactNotFound', 'The following contacts could not be found', [
    { item: value, description: `Not found using the identifier '${name}'` },
  ])
}

/** Handlers of one scope: `owner` reads the contact from the path, or gives undefined for collections of the account. */
function recordHandlers(
  scope: 'account' | 'contact',
  owner: (context: RouteContext) => number | undefined,
): Record<'get' | 'put' | 'remove' | 'page' | 'bulk', (context: RouteContext) => HttpReply> {
  const notFound = (context: RouteContext): never =>
    refuse('record-not-found', 404, 'insightData:recordNotFound', 'The Insight data record could not be found', [
      { item: context.param('record'), description: `Not found in the collection '${context.param('collection')}'` },
    ])
  return {
    get(context) {
      const ownerId = owner(context)
      const record = collectionOfPath(context, scope).get(ownerId, context.param('record'))
      return record === undefined ? notFound(context) : ok(view(record))
    },
    put(context) {
      const ownerId = owner(context)
      const collection = collectionOfPath(context, scope)
      const result = writeRecord(context.account, collection, ownerId, context.param('record'), context.body)
      if ('created' in result) return { status: result.created ? 201 : 204 }
      const description = `The record could not be written: ${result.failureReason}`
      const details = result.details.map((detail) => ({ item: context.param('record'), description: detail }))
      return refuse('insight-single-put', 400, `insightData:${result.failureReason}`, description, details)
    },
    remove(context) {
      const ownerId = owner(context)
      return collectionOfPath(context, scope).delete(ownerId, context.param('record')) ? noContent : notFound(context)
    },
    page(context) {
      const ownerId = owner(context)
      const since = readSince(context.query.get('~modified'), 'insightData')
      const rows = collectionOfPath(context, scope)
        .records()
        .filter((record) => record.owner === ownerId && (since === undefined || record.updatedAt >= since))
      return ok(seekPage(context, 'insightData', maxPage, rows, { position: (record) => record.position, show: view }))
    },
    bulk(context) {
      const ownerId = owner(context)
      const collection = collectionOfPath(context, scope)
      const keys = isJsonObject(context.body) ? context.body['keys'] : undefined
      if (!Array.isArray(keys) || keys.length < 1 || keys.length > maxDelete || !keys.every((key) => typeof key === 'string')) {
        const description = `You must specify 1 to ${maxDelete} keys for the records to be deleted from the collection.`
        return refuse('insight-bulk-delete', 400, 'insightData:noRecordsSpecified', description)
      }
      context.countInputs(keys.length)
      const missing = keys.filter((key) => !collection.delete(ownerId, key))
      const summary = { totalRecords: keys.length, totalDeleted: keys.length - missing.length, totalNotFound: missing.length }
      return ok({ summary, notFound: missing })
    },
  }
}

/** GET all records of a contact collection, of every contact: also of contacts that are gone. */
function pageOfContacts(context: RouteContext): HttpReply {
  const since = readSince(context.query.get('~modified'), 'insightData')
  const rows = collectionOfPath(context, 'contact')
    .records()
    .filter((record) => since === undefined || record.updatedAt >= since)
  return ok(seekPage(context, 'insightData', maxPage, rows, { position: (record) => record.position, show: view }))
}

const ofAccount = recordHandlers('account', () => undefined)
const ofContact = recordHandlers('contact', ownerOfPath)
const base = 'insightData/v3'
const contact = `${base}/contacts/:identifier/:value/:collection`

/** Endpoints of insight data in version 3. */
export const insightRoutes: readonly Route[] = [
  { method: 'PUT', path: `${base}/import`, tier: 'low', handle: startImport },
  { method: 'GET', path: `${base}/import/:id`, tier: 'unlimited', handle: importStatus },
  { method: 'GET', path: `${base}/collections`, tier: 'high', handle: list },
  { method: 'POST', path: `${base}/collections/:collection`, tier: 'medium', handle: create },
  { method: 'GET', path: `${base}/collections/:collection/schema`, tier: 'high', handle: schema },
  { method: 'GET', path: `${base}/account/:collection`, tier: 'low', handle: ofAccount.page },
  { method: 'GET', path: `${base}/account/:collection/:record`, tier: 'high', handle: ofAccount.get },
  { method: 'PUT', path: `${base}/account/:collection/:record`, tier: 'medium', handle: ofAccount.put },
  { method: 'DELETE', path: `${base}/account/:collection/:record`, tier: 'medium', handle: ofAccount.remove },
  { method: 'DELETE', path: `${base}/accounts/:collection/deleteRecords`, tier: 'low', handle: ofAccount.bulk },
  { method: 'GET', path: `${base}/contacts/:collection`, tier: 'low', handle: pageOfContacts },
  { method: 'GET', path: contact, tier: 'low', handle: ofContact.page },
  { method: 'DELETE', path: `${contact}/deleteRecords`, tier: 'low', handle: ofContact.bulk },
  { method: 'GET', path: `${contact}/:record`, tier: 'high', handle: ofContact.get },
  { method: 'PUT', path: `${contact}/:record`, tier: 'medium', handle: ofContact.put },
  { method: 'DELETE', path: `${contact}/:record`, tier: 'medium', handle: ofContact.remove },
]
