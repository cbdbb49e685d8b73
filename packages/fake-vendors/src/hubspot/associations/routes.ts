import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { inputsOf, malformed, requiredString } from '../body.ts'
import { batchError, invalid, notFound, Refusal } from '../errors.ts'
import { batchReply, withDetails } from '../objects/batch.ts'
import { findRecord } from '../objects/store.ts'
import { iso, noContent, ok, type Route, type RouteContext } from '../route.ts'
import { link } from './link.ts'
import { typesBetween, type AssociationType } from './types.ts'

const createCap = 2000
const readCap = 1000
const pageSize = 500

function idOf(value: unknown, name: string): string {
  return isJsonObject(value) ? requiredString(value, 'id') : malformed(`"${name}" must be an object with an id`)
}

function supported(context: Pick<RouteContext, 'type' | 'to'>): readonly AssociationType[] {
  const types = typesBetween(context.type.name, context.to.name)
  if (types.length > 0) return types
  return invalid('association-type-direction', `No association types exist between ${context.type.singular} and ${context.to.singular}.`)
}

function specOf(type: AssociationType): object {
  return { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: type.typeId }
}

/** Runs inputs one by one: each may fail alone, none takes the others with it. */
function each(
  context: RouteContext,
  inputs: readonly Record<string, unknown>[],
  run: (input: Record<string, unknown>) => object[],
): { results: object[]; errors: object[] } {
  const results: object[] = []
  const errors: object[] = []
  for (const input of inputs) {
    try {
      results.push(...run(input))
    } catch (error) {
      if (!(error instanceof Refusal) || error.content.rule === 'body-shape') throw error
      errors.push(batchError(error.content, undefined, withDetails(context.portal)))
    }
  }
  return { results, errors }
}

/** POST batch/associate/default: 200, also when some inputs failed; those stand in `errors` and are missing in `results`. */
function associateDefault(context: RouteContext): HttpReply {
  const { portal } = context
  const startedAt = portal.settings.now()
  const [type] = supported(context)
  if (type === undefined) return malformed('no association type')
  const { results, errors } = each(context, inputsOf(context, createCap, 'association-create-cap-2000'), (input) => {
    const ends = link(portal, type, idOf(input['from'], 'from'), idOf(input['to'], 'to'))
    const there = { from: { id: ends.fromId }, to: { id: ends.toId }, associationSpec: specOf(type) }
    const back = {
      from: { id: ends.toId },
      to: { id: ends.fromId },
      associationSpec: { ...specOf(type), associationTypeId: type.reverseId },
    }
    return [there, back]
  })
  const reply = batchReply(portal, startedAt, 200, results, errors)
  return { ...reply, status: 200 }
}

/** POST batch/create with explicit types: 201, or 207. */
function createTyped(context: RouteContext): HttpReply {
  const { portal } = context
  const startedAt = portal.settings.now()
  const types = supported(context)
  const { results, errors } = each(context, inputsOf(context, createCap, 'association-create-cap-2000'), (input) => {
    const specs = input['types']
    if (!Array.isArray(specs) || specs.length === 0) return malformed('"types" must be a list')
    const chosen = specs.map((spec: unknown) => typeOf(types, spec))
    const linked = chosen.map((one) => link(portal, one, idOf(input['from'], 'from'), idOf(input['to'], 'to')))
    const [ends] = linked
    return [labelled(context, ends, chosen)]
  })
  return batchReply(portal, startedAt, 201, results, errors)
}

function typeOf(types: readonly AssociationType[], spec: unknown): AssociationType {
  if (!isJsonObject(spec)) return malformed('an association type must be an object')
  const found = types.find((type) => type.typeId === spec['associationTypeId'] && spec['associationCategory'] === 'HUBSPOT_DEFINED')
  const shown = `${String(spec['associationCategory'])}-${String(spec['associationTypeId'])}`
  return found ?? invalid('association-type-direction', `Association type ${shown} is not valid in this direction.`)
}

/** POST batch/read: 200, or 207: records that do not exist and records without associations both stand in `errors`. */
function read(context: RouteContext): HttpReply {
  const { portal, type, to } = context
  const startedAt = portal.settings.now()
  supported(context)
  const { results, errors } = each(context, inputsOf(context, readCap, 'association-read-cap-1000'), (input) => {
    const id = requiredString(input, 'id')
    const after = input['after']
    const record = findRecord(portal.stores[type.name], id)
    const linked = record === undefined ? [] : [...portal.associations.linked(type.name, record.id, to.name)]
    if (linked.length === 0) {
      throw new Refusal({
        rule: 'association-read-none',
        status: 404,
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
        message: `No ${to.singular} is associated with ${type.singular} ${id}.`,
        context: { fromObjectId: [id], fromObjectType: [type.singular], toObjectType: [to.singular] },
      })
    }
    const page = pageOf(context, linked, typeof after === 'string' ? after : undefined)
    return [{ from: { id }, ...page }]
  })
  return batchReply(portal, startedAt, 200, results, errors)
}

function pageOf(
  context: Pick<RouteContext, 'type' | 'to'>,
  linked: readonly (readonly [string, ReadonlySet<number>])[],
  after: string | undefined,
): { readonly to: readonly object[]; readonly paging?: object } {
  const start = after === undefined ? 0 : linked.findIndex(([id]) => id === after) + 1
  const page = linked.slice(start, start + pageSize)
  const last = linked.length > start + pageSize ? page.at(-1) : undefined
  const known = new Map(typesBetween(context.type.name, context.to.name).map((type) => [type.typeId, type.label]))
  return {
    to: page.map(([toObjectId, typeIds]) => ({
      toObjectId,
      associationTypes: [...typeIds].map((typeId) => ({ category: 'HUBSPOT_DEFINED', typeId, label: known.get(typeId) ?? null })),
    })),
    ...(last !== undefined && { paging: { next: { after: last[0], link: `?after=${last[0]}` } } }),
  }
}

/** POST batch/archive: 204, whether or not the links exist. */
function archive(context: RouteContext): HttpReply {
  const { portal, type, to } = context
  for (const input of inputsOf(context, createCap, 'association-create-cap-2000')) {
    const targets = Array.isArray(input['to']) ? input['to'] : malformed('"to" must be a list')
    const from = findRecord(portal.stores[type.name], idOf(input['from'], 'from'))
    for (const target of targets) {
      const other = findRecord(portal.stores[to.name], idOf(target, 'to'))
      if (from !== undefined && other !== undefined) portal.associations.remove(type.name, from.id, to.name, other.id)
    }
  }
  return noContent
}

/** POST batch/labels/archive: 204. Takes single types away; the pair stays while another type links it. */
function archiveLabels(context: RouteContext): HttpReply {
  const { portal, type, to } = context
  const types = supported(context)
  for (const input of inputsOf(context, createCap, 'association-create-cap-2000')) {
    const specs = Array.isArray(input['types']) ? input['types'] : malformed('"types" must be a list')
    const typeIds = specs.map((spec: unknown) => typeOf(types, spec).typeId)
    const from = findRecord(portal.stores[type.name], idOf(input['from'], 'from'))
    const other = findRecord(portal.stores[to.name], idOf(input['to'], 'to'))
    if (from !== undefined && other !== undefined) portal.associations.remove(type.name, from.id, to.name, other.id, typeIds)
  }
  return noContent
}

/** GET labels: the association types of a direction. */
function labels(context: RouteContext): HttpReply {
  return ok({ results: supported(context).map(({ typeId, label }) => ({ category: 'HUBSPOT_DEFINED', typeId, label })) })
}

/** GET the associations of one record. An existing record without any gives an empty page. */
function readOne(context: RouteContext): HttpReply {
  const { portal, type, to, params, query } = context
  supported(context)
  const record = findRecord(portal.stores[type.name], params['id'] ?? '')
  if (record === undefined) return notFound('object-not-found', 'resource not found')
  const { to: results, ...paging } = pageOf(
    context,
    [...portal.associations.linked(type.name, record.id, to.name)],
    query.get('after') ?? undefined,
  )
  return ok({ results, ...paging })
}

/** PUT one default association: 200. */
function putDefault(context: RouteContext): HttpReply {
  const [type] = supported(context)
  if (type === undefined) return malformed('no association type')
  const at = iso(context.portal.settings.now())
  const ends = link(context.portal, type, context.params['id'] ?? '', context.params['toId'] ?? '')
  return ok({
    status: 'COMPLETE',
    startedAt: at,
    completedAt: at,
    results: [{ from: { id: ends.fromId }, to: { id: ends.toId }, associationSpec: specOf(type) }],
  })
}

/** PUT one association with explicit types: 201. */
function putTyped(context: RouteContext): HttpReply {
  const { portal, params, body } = context
  const types = supported(context)
  const specs = Array.isArray(body) && body.length > 0 ? body : malformed('the body must be a list of association types')
  const chosen = specs.map((spec: unknown) => typeOf(types, spec))
  const [ends] = chosen.map((one) => link(portal, one, params['id'] ?? '', params['toId'] ?? ''))
  return { status: 201, body: labelled(context, ends, chosen) }
}

/** A typed link in a reply. */
function labelled(
  { type, to }: Pick<RouteContext, 'type' | 'to'>,
  ends: { fromId: string; toId: string } | undefined,
  chosen: readonly AssociationType[],
): object {
  const names = chosen.flatMap((one) => (one.label === null ? [] : [one.label]))
  return { fromObjectTypeId: type.typeId, fromObjectId: ends?.fromId, toObjectTypeId: to.typeId, toObjectId: ends?.toId, labels: names }
}

/** DELETE every association of one pair: 204. */
function deleteOne({ portal, type, to, params }: RouteContext): HttpReply {
  const from = findRecord(portal.stores[type.name], params['id'] ?? '')
  const other = findRecord(portal.stores[to.name], params['toId'] ?? '')
  if (from !== undefined && other !== undefined) portal.associations.remove(type.name, from.id, to.name, other.id)
  return noContent
}

const readScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => type.scopes.read
const writeScopes = ({ type }: Pick<RouteContext, 'type'>): readonly string[] => type.scopes.write
const shared = { legacy: 'v4', bucket: 'associations' } as const

/** Endpoints of associations. They draw from a budget of their own. */
export const associationRoutes: readonly Route[] = [
  { ...shared, method: 'POST', path: 'crm/associations/:type/:to/batch/associate/default', scopes: writeScopes, handle: associateDefault },
  { ...shared, method: 'POST', path: 'crm/associations/:type/:to/batch/create', scopes: writeScopes, handle: createTyped },
  { ...shared, method: 'POST', path: 'crm/associations/:type/:to/batch/read', scopes: readScopes, handle: read },
  { ...shared, method: 'POST', path: 'crm/associations/:type/:to/batch/archive', scopes: writeScopes, handle: archive },
  { ...shared, method: 'POST', path: 'crm/associations/:type/:to/batch/labels/archive', scopes: writeScopes, handle: archiveLabels },
  { ...shared, method: 'GET', path: 'crm/associations/:type/:to/labels', scopes: readScopes, handle: labels },
  { ...shared, method: 'GET', path: 'crm/objects/:type/:id/associations/:to', scopes: readScopes, handle: readOne },
  { ...shared, method: 'PUT', path: 'crm/objects/:type/:id/associations/default/:to/:toId', scopes: writeScopes, handle: putDefault },
  { ...shared, method: 'PUT', path: 'crm/objects/:type/:id/associations/:to/:toId', scopes: writeScopes, handle: putTyped },
  { ...shared, method: 'DELETE', path: 'crm/objects/:type/:id/associations/:to/:toId', scopes: writeScopes, handle: deleteOne },
]
