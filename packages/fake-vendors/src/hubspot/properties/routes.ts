import type { HttpReply } from '../../http/index.ts'
import { inputsOf, objectBody, requiredString } from '../body.ts'
import { batchError, invalid, notFound, refuse, Refusal } from '../errors.ts'
import { batchReply, withDetails } from '../objects/batch.ts'
import { optionsOf } from '../objects/prepare.ts'
import type { ObjectStore } from '../objects/store.ts'
import type { Portal } from '../portal.ts'
import { iso, noContent, ok, type Route, type RouteContext } from '../route.ts'
import { changeProperty, defineProperty } from './define.ts'
import type { PropertyDefinition, PropertyGroup } from './definition.ts'

const cap = 100

/** A property in a reply. */
function view(portal: Portal, store: ObjectStore, property: PropertyDefinition): object {
  const { readOnlyValue, enforcedUnique: _, createdAt, updatedAt, ...rest } = property
  return {
    ...rest,
    options: optionsOf(portal, store, property),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    archived: false,
    modificationMetadata: { archivable: !property.hubspotDefined, readOnlyDefinition: property.hubspotDefined, readOnlyValue },
  }
}

function storeOf(context: RouteContext): ObjectStore {
  return context.portal.stores[context.type.name]
}

function propertyOf(context: RouteContext): PropertyDefinition {
  const name = context.params['name'] ?? ''
  return storeOf(context).properties.get(name) ?? notFound('property-not-found', `Property "${name}" does not exist.`)
}

function create(context: RouteContext): HttpReply {
  const store = storeOf(context)
  const property = defineProperty(store, objectBody(context), context.portal.settings.now())
  return { status: 201, body: view(context.portal, store, property) }
}

/** POST batch/create: 201, or 207 naming each property that was refused. */
function batchCreate(context: RouteContext): HttpReply {
  const { portal } = context
  const store = storeOf(context)
  const at = portal.settings.now()
  const results: object[] = []
  const errors: object[] = []
  for (const input of inputsOf(context, cap, 'property-batch-cap-100')) {
    try {
      results.push(view(portal, store, defineProperty(store, input, at)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push(batchError({ ...error.content, context: { name: [String(input['name'])] } }, undefined, withDetails(portal)))
    }
  }
  return batchReply(portal, at, 201, results, errors)
}

function batchRead(context: RouteContext): HttpReply {
  const { portal } = context
  const store = storeOf(context)
  const results: object[] = []
  const errors: object[] = []
  for (const input of inputsOf(context, cap, 'property-batch-cap-100')) {
    const name = requiredString(input, 'name')
    const property = store.properties.get(name)
    if (property !== undefined) results.push(view(portal, store, property))
    else
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message: `Property "${name}" does not exist.`,
        context: { name: [name] },
      })
  }
  return batchReply(portal, portal.settings.now(), 200, results, errors)
}

function remove(store: ObjectStore, property: PropertyDefinition): void {
  if (property.hubspotDefined) invalid('property-own-definition-read-only', `"${property.name}" cannot be archived.`)
  store.properties.delete(property.name)
  store.unique.delete(property.name)
}

function batchArchive(context: RouteContext): HttpReply {
  const store = storeOf(context)
  for (const input of inputsOf(context, cap, 'property-batch-cap-100')) {
    const property = store.properties.get(requiredString(input, 'name'))
    if (property !== undefined) remove(store, property)
  }
  return noContent
}

function createGroup(context: RouteContext): HttpReply {
  const body = objectBody(context)
  const name = requiredString(body, 'name')
  const { groups } = storeOf(context)
  if (groups.has(name))
    refuse({
      rule: 'property-group-duplicate',
      status: 409,
      category: 'OBJECT_ALREADY_EXISTS',
      message: `Property group '${name}' already exists.`,
    })
  const displayOrder = body['displayOrder']
  const group: PropertyGroup = {
    name,
    label: requiredString(body, 'label'),
    displayOrder: typeof displayOrder === 'number' ? displayOrder : -1,
  }
  groups.set(name, group)
  return { status: 201, body: { ...group, archived: false } }
}

function groupOf(context: RouteContext): PropertyGroup {
  const name = context.params['name'] ?? ''
  return storeOf(context).groups.get(name) ?? notFound('property-not-found', `Property group "${name}" does not exist.`)
}

function changeGroup(context: RouteContext): HttpReply {
  const body = objectBody(context)
  const group = groupOf(context)
  const displayOrder = body['displayOrder']
  const changed = {
    ...group,
    ...(body['label'] !== undefined && { label: requiredString(body, 'label') }),
    ...(typeof displayOrder === 'number' && { displayOrder }),
  }
  storeOf(context).groups.set(group.name, changed)
  return ok({ ...changed, archived: false })
}

function deleteGroup(context: RouteContext): HttpReply {
  const group = groupOf(context)
  const store = storeOf(context)
  if ([...store.properties.values()].some((property) => property.groupName === group.name))
    invalid('property-group-in-use', `Property group "${group.name}" still holds properties.`)
  store.groups.delete(group.name)
  return noContent
}

const readScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => [...type.scopes.schema, ...type.scopes.read]
const writeScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => type.scopes.schema
const base = 'crm/properties/:type'

/** Endpoints of properties and their groups. */
export const propertyRoutes: readonly Route[] = [
  {
    legacy: 'v3',
    method: 'GET',
    path: `${base}/groups`,
    scopes: readScopes,
    handle: (context) => ok({ results: [...storeOf(context).groups.values()].map((group) => ({ ...group, archived: false })) }),
  },
  { legacy: 'v3', method: 'POST', path: `${base}/groups`, scopes: writeScopes, handle: createGroup },
  {
    legacy: 'v3',
    method: 'GET',
    path: `${base}/groups/:name`,
    scopes: readScopes,
    handle: (context) => ok({ ...groupOf(context), archived: false }),
  },
  { legacy: 'v3', method: 'PATCH', path: `${base}/groups/:name`, scopes: writeScopes, handle: changeGroup },
  { legacy: 'v3', method: 'DELETE', path: `${base}/groups/:name`, scopes: writeScopes, handle: deleteGroup },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/create`, scopes: writeScopes, handle: batchCreate },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/read`, scopes: readScopes, handle: batchRead },
  { legacy: 'v3', method: 'POST', path: `${base}/batch/archive`, scopes: writeScopes, handle: batchArchive },
  {
    legacy: 'v3',
    method: 'GET',
    path: base,
    scopes: readScopes,
    handle: (context) =>
      ok({ results: [...storeOf(context).properties.values()].map((property) => view(context.portal, storeOf(context), property)) }),
  },
  { legacy: 'v3', method: 'POST', path: base, scopes: writeScopes, handle: create },
  {
    legacy: 'v3',
    method: 'GET',
    path: `${base}/:name`,
    scopes: readScopes,
    handle: (context) => ok(view(context.portal, storeOf(context), propertyOf(context))),
  },
  {
    legacy: 'v3',
    method: 'PATCH',
    path: `${base}/:name`,
    scopes: writeScopes,
    handle: (context) =>
      ok(
        view(
          context.portal,
          storeOf(context),
          changeProperty(storeOf(context), propertyOf(context), objectBody(context), context.portal.settings.now()),
        ),
      ),
  },
  {
    legacy: 'v3',
    method: 'DELETE',
    path: `${base}/:name`,
    scopes: writeScopes,
    handle: (context) => {
      const property = storeOf(context).properties.get(context.params['name'] ?? '')
      if (property !== undefined) remove(storeOf(context), property)
      return noContent
    },
  },
]
