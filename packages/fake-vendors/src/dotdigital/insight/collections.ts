import type { HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { refuse } from '../errors.ts'
import { ok, type RouteContext } from '../route.ts'
import { collectionTypes, createCollection, type Collection, type CollectionScope, type CollectionType } from './collection.ts'
import { schemaView } from './schema.ts'

const namePattern = /^[-A-Za-z_][-A-Za-z0-9_]{1,255}$/

/** What a request says about a collection. */
export interface CollectionClaim {
  readonly name: string
  readonly scope: CollectionScope
  readonly type: CollectionType
}

const scopeOfType: Partial<Record<CollectionType, CollectionScope>> = {
  cartInsight: 'contact',
  catalog: 'account',
  consentInsight: 'contact',
  orders: 'contact',
  productCategories: 'account',
}

/** Reads name, scope and type, and compares them with the collection if there is one already. @throws Refusal */
export function readClaim(account: Account, name: unknown, scope: unknown, type: unknown): CollectionClaim {
  if (typeof name !== 'string' || name.length > 255 || !namePattern.test(name)) {
    return refuse('collection-name', 400, 'insightData:invalidId', `The collectionName value '${String(name)}' is invalid`)
  }
  const knownType = collectionTypes.find((candidate) => candidate === type)
  if ((scope !== 'account' && scope !== 'contact') || knownType === undefined) {
    return refuse('collection-scope-and-type', 400, 'insightData:badJson', "'collectionScope' and 'collectionType' must be known ones")
  }
  if (knownType === 'catalog' && !name.startsWith('catalog_')) {
    refuse('collection-catalog-prefix', 400, 'insightData:invalidId', `The name of a catalog must start with 'catalog_': '${name}'`)
  }
  if ((scopeOfType[knownType] ?? scope) !== scope) {
    refuse('collection-scope-and-type', 400, 'insightData:badJson', `A collection of type ${knownType} cannot have the scope ${scope}`)
  }
  const existing = account.collections.get(name)
  if (existing !== undefined && (existing.scope !== scope || existing.type !== knownType)) {
    refuse('collection-fixed', 400, 'insightData:badJson', `The collection '${name}' exists with another scope or type`)
  }
  if (existing === undefined && account.collections.size >= account.settings.insightLimits.collections) {
    refuse('collection-cap', 412, 'insightData:collectionLimitExceeded', 'Insight data collection limit exceeded')
  }
  return { name, scope, type: knownType }
}

/** The collection of a claim, made if it does not exist. */
export function ensureCollection(account: Account, { name, scope, type }: CollectionClaim): Collection {
  const existing = account.collections.get(name)
  if (existing !== undefined) return existing
  const collection = createCollection(name, scope, type)
  account.collections.set(name, collection)
  return collection
}

/** The collection a path names. @throws Refusal with 404, also when it has another scope */
export function collectionOfPath({ account, param }: RouteContext, scope?: CollectionScope): Collection {
  const name = param('collection')
  if (!namePattern.test(name)) refuse('collection-name', 400, 'insightData:invalidId', `The collectionName value '${name}' is invalid`)
  const collection = account.collections.get(name)
  if (collection !== undefined && (scope === undefined || collection.scope === scope)) return collection
  return refuse('collection-not-found', 404, 'insightData:collectionNotFound', 'The collection could not be found', [
    { item: name, description: 'Not found' },
  ])
}

/** POST collection: 201, or 200 when it is there already. */
export function create({ account, param, query }: RouteContext): HttpReply {
  const claim = readClaim(account, param('collection'), query.get('collectionScope'), query.get('collectionType'))
  const existed = account.collections.has(claim.name)
  ensureCollection(account, claim)
  return { status: existed ? 200 : 201 }
}

/** GET collections: all of both scopes. */
export function list({ account }: RouteContext): HttpReply {
  return ok(
    [...account.collections.values()].map(({ name, type, scope, size }) => ({
      collectionName: name,
      collectionType: type,
      collectionScope: scope,
      recordCount: size,
    })),
  )
}

/** GET schema: the system columns and, under `json`, what the records taught. */
export function schema(context: RouteContext): HttpReply {
  const { name, type, schema: node } = collectionOfPath(context)
  const column = (field: string, mode: string, fieldType: string, fields: object[] = []): object => ({
    name: field,
    mode,
    type: fieldType,
    fields,
  })
  return ok({
    collectionName: name,
    collectionType: type,
    schema: [
      column('key', 'NULLABLE', 'STRING'),
      column('dateModified', 'REQUIRED', 'TIMESTAMP'),
      column('json', 'NULLABLE', 'RECORD', schemaView(node)),
    ],
  })
}
