import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { malformed, objectBody, optionalString, requiredString } from '../body.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import { findObjectType } from '../object-types.ts'
import { currentId, findRecord } from '../objects/store.ts'
import { iso, noContent, ok, type Route, type RouteContext } from '../route.ts'
import { featureScopes } from '../scopes.ts'
import { listNamed, type RecordList } from './list.ts'

const maxPage = 500

function view(list: RecordList): object {
  const { listId, name, objectTypeId, processingType, createdAt, members } = list
  return {
    listId,
    name,
    objectTypeId,
    processingType,
    processingStatus: 'COMPLETE',
    listVersion: 1,
    size: members.size,
    createdAt: iso(createdAt),
    updatedAt: iso(createdAt),
  }
}

function listOf({ portal, params }: RouteContext): RecordList {
  const id = params['listId'] ?? ''
  return portal.lists.get(id) ?? notFound('list-not-found', `List ${id} does not exist.`)
}

const processingTypes = ['MANUAL', 'SNAPSHOT', 'DYNAMIC'] as const

/** POST a list: 200 with the definition. Dynamic ones need filters. */
function create(context: RouteContext): HttpReply {
  const { portal } = context
  const body = objectBody(context)
  const name = requiredString(body, 'name')
  const objectTypeId = requiredString(body, 'objectTypeId')
  const processingType = processingTypes.find((type) => type === body['processingType'])
  if (processingType === undefined) return malformed('"processingType" must be MANUAL, SNAPSHOT or DYNAMIC')
  if (findObjectType(objectTypeId)?.typeId !== objectTypeId)
    invalid('object-type-unknown', `Unable to infer object type from: ${objectTypeId}`)
  if (processingType === 'DYNAMIC' && !isJsonObject(body['filterBranch']))
    invalid('list-dynamic-needs-filters', 'A dynamic list needs filters.')
  if (listNamed(portal.lists, name) !== undefined)
    refuse({ rule: 'list-name-unique', status: 400, category: 'VALIDATION_ERROR', message: 'The list name is already in use.' })
  const list: RecordList = {
    listId: portal.newId(),
    name,
    objectTypeId,
    processingType,
    createdAt: portal.settings.now(),
    members: new Set(),
  }
  portal.lists.set(list.listId, list)
  return ok({ list: view(list) })
}

/** POST a search: by a part of the name, or everything, in pages. */
function search(context: RouteContext): HttpReply {
  const body = objectBody(context)
  const query = (optionalString(body, 'query') ?? '').toLowerCase()
  const { offset = 0, count = 20 } = body
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) return malformed('"offset" must be an integer')
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > maxPage)
    return invalid('list-search-page', `count must be between 1 and ${maxPage}`)
  const { processingTypes: types } = body
  const wanted = Array.isArray(types) && types.length > 0 ? types : undefined
  const found = [...context.portal.lists.values()].filter(
    (list) => list.name.toLowerCase().includes(query) && (wanted === undefined || wanted.includes(list.processingType)),
  )
  const lists = found.slice(offset, offset + count)
  return ok({ lists: lists.map(view), total: found.length, offset: offset + lists.length, hasMore: offset + lists.length < found.length })
}

const ids = (value: unknown): string[] =>
  Array.isArray(value) && value.every((id) => typeof id === 'string') ? value : malformed('record ids must be a list of strings')

/** Adds and removes. Members stay members, strangers stay strangers, and records that do not exist are only named. */
function change(context: RouteContext, toAdd: readonly string[], toRemove: readonly string[]): HttpReply {
  const { portal } = context
  const list = listOf(context)
  if (list.processingType === 'DYNAMIC') invalid('list-members-manual-only', 'Members of a dynamic list cannot be changed.')
  const store = portal.stores[findObjectType(list.objectTypeId)?.name ?? 'contacts']
  const added: string[] = []
  const removed: string[] = []
  const missing: string[] = []
  for (const id of toAdd) {
    const record = findRecord(store, id)
    if (record === undefined) missing.push(id)
    else if (!list.members.has(record.id)) {
      list.members.add(record.id)
      added.push(id)
    }
  }
  for (const id of toRemove) {
    if (findRecord(store, id) === undefined) missing.push(id)
    else if (list.members.delete(currentId(store, id))) removed.push(id)
  }
  return ok({ recordsIdsAdded: added, recordIdsRemoved: removed, recordIdsMissing: missing })
}

function addAndRemove(context: RouteContext): HttpReply {
  const body = objectBody(context)
  return change(context, ids(body['recordIdsToAdd'] ?? []), ids(body['recordIdsToRemove'] ?? []))
}

function remove(context: RouteContext): HttpReply {
  context.portal.lists.delete(listOf(context).listId)
  return noContent
}

const read = (): readonly string[] => featureScopes.listsRead
const write = (): readonly string[] => featureScopes.listsWrite

/** Lists and their members, by record ids. */
export const listRoutes: readonly Route[] = [
  { method: 'POST', path: 'crm/lists', legacy: 'v3', scopes: write, handle: create },
  { method: 'POST', path: 'crm/lists/search', legacy: 'v3', scopes: read, handle: search },
  { method: 'GET', path: 'crm/lists/:listId', legacy: 'v3', scopes: read, handle: (context) => ok({ list: view(listOf(context)) }) },
  { method: 'DELETE', path: 'crm/lists/:listId', legacy: 'v3', scopes: write, handle: remove },
  {
    method: 'PUT',
    path: 'crm/lists/:listId/memberships/add',
    legacy: 'v3',
    scopes: write,
    handle: (context) => change(context, ids(context.body), []),
  },
  {
    method: 'PUT',
    path: 'crm/lists/:listId/memberships/remove',
    legacy: 'v3',
    scopes: write,
    handle: (context) => change(context, [], ids(context.body)),
  },
  { method: 'PUT', path: 'crm/lists/:listId/memberships/add-and-remove', legacy: 'v3', scopes: write, handle: addAndRemove },
]
