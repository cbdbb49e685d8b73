import type { HttpReply } from '../http/message.ts'
import type { Target } from './endpoints.ts'
import { platformError } from './errors.ts'
import { expandPaths, type Resolve } from './expand.ts'
import { expandListLines } from './expand-list-lines.ts'
import { isInStore } from './in-store.ts'
import type { ListQuery } from './list-query.ts'
import { prepareWhere, type Where } from './predicate/index.ts'
import { copy, type Resource } from './resource.ts'
import type { ShopStorage } from './storage.ts'

/**
 * Answers lists and reads of one resource, or of the project, straight from the storage. The mock's own routes drop `sort`, copy the whole collection for each page,
 * do not fence stores, refuse to expand a dangling reference and never return from a cycle of categories. Undefined for what is left to the
 * mock: product projections (they are computed), writes, searches, and types it knows but this fake does not.
 */
export function answerRead(
  storage: ShopStorage,
  target: Target,
  query: URLSearchParams,
  list: ListQuery | undefined,
): HttpReply | undefined {
  const { endpoint, storeKey, segment } = target
  if (segment === '' && storeKey === undefined) return { status: 200, body: storage.project }
  if (endpoint === undefined || OTHERS.has(endpoint.type) || (storeKey !== undefined && !IN_STORE.has(endpoint.type))) return undefined
  if (list !== undefined) return listPage(storage, target, endpoint.type, list)
  const [name = '', ...deeper] = target.rest
  const byKey = name.startsWith('key=')
  if (deeper.length > 0 || (!byKey && name.includes('='))) return undefined
  const rows = storage.collection(endpoint.type)
  const found = byKey ? rows.getByKey(name.slice('key='.length)) : rows.get(name)
  if (found !== undefined && (storeKey === undefined || isInStore(endpoint.type, found, storeKey))) {
    return { status: 200, body: render(storage, endpoint.type, found, query.getAll('expand')) }
  }
  const [kind, value] = byKey ? ['key', name.slice('key='.length)] : ['ID', name]
  return platformError(404, 'ResourceNotFound', `The Resource with ${kind} '${value}' was not found.`)
}

const OTHERS = new Set(['product-projection', 'message'])
const IN_STORE = new Set([
  'business-unit',
  'cart',
  'cart-discount',
  'customer',
  'discount-code',
  'order',
  'product',
  'quote',
  'shipping-method',
  'shopping-list',
])

function listPage(storage: ShopStorage, target: Target, resourceType: string, list: ListQuery): HttpReply {
  const { limit, offset, withTotal } = list
  const where = prepareWhere(list.where, list.variables)
  const { storeKey } = target
  const [container] = target.rest
  const page: string[] = []
  let total = 0
  const rows = storage.collection(resourceType).sorted(list.sort)
  for (let index = firstCandidate(rows, list.sort, where); index < rows.length; index += 1) {
    const row = rows[index]
    if (row === undefined) break
    if (storeKey !== undefined && !isInStore(resourceType, row, storeKey)) continue
    if ((container !== undefined && row['container'] !== container) || !where.matches(row)) continue
    if (total >= offset && page.length < limit) page.push(render(storage, resourceType, row, list.expand))
    total += 1
    // Without a total nothing behind the page is of interest: what keeps large collections fast.
    if (!withTotal && page.length === limit) break
  }
  const head = JSON.stringify({ limit, offset, count: page.length, ...(withTotal ? { total } : {}) })
  return { status: 200, body: `${head.slice(0, -1)},"results":[${page.join(',')}]}` }
}

/** Where a keyset read goes on: rows sorted by id or time that lie before what the predicates ask for are not looked at. */
function firstCandidate(rows: readonly Resource[], [sort = '']: readonly string[], where: Where): number {
  const [, field] = /^(id|lastModifiedAt|createdAt)(?: asc)?$/u.exec(sort) ?? []
  if (field !== 'id' && field !== 'lastModifiedAt' && field !== 'createdAt') return 0
  const bound = where.lowerBound(field)
  if (bound === undefined) return 0
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle]?.[field] ?? '') < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** A row as text. It is copied only where something is put into it. */
function render(storage: ShopStorage, resourceType: string, row: Resource, expand: readonly string[]): string {
  if (expand.length === 0 && resourceType !== 'category') return JSON.stringify(row)
  const shown = copy(row)
  const resolve: Resolve = (reference) => {
    const found = storage.find(reference)
    return found === undefined ? undefined : copy(found)
  }
  if (resourceType === 'category') shown['ancestors'] = ancestorsOf(storage, row)
  expandPaths(shown, expand, resolve)
  if (resourceType === 'shopping-list') expandListLines(shown, expand, resolve)
  return JSON.stringify(shown)
}

/** From the root to the parent. A missing parent ends the walk, and so does a cycle. */
function ancestorsOf(storage: ShopStorage, category: Resource): { typeId: 'category'; id: string }[] {
  const ids: string[] = []
  let parent = category['parent']
  while (isReference(parent) && !ids.includes(parent.id) && parent.id !== category.id) {
    ids.unshift(parent.id)
    parent = storage.collection('category').get(parent.id)?.['parent']
  }
  return ids.map((id) => ({ typeId: 'category', id }))
}

function isReference(value: unknown): value is { typeId: string; id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
}
