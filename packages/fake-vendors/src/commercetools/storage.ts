import { AbstractStorage } from '@labdigital/commercetools-mock'

import { type Collection, createCollection } from './collections.ts'
import { defaultProject } from './default-project.ts'
import { expandPaths } from './expand.ts'
import { isInStore } from './in-store.ts'
import type { ListQuery } from './list-query.ts'
import { matcherOf } from './predicate/index.ts'
import { takeListContext } from './request-context.ts'
import { copy, type Resource, timestamp } from './resource.ts'

type QueryParams = Parameters<AbstractStorage['query']>[2]

/** The mock's storage as this fake needs it, and direct access to what is in it. */
export interface ShopStorage extends AbstractStorage {
  collection(resourceType: string): Collection
  project: Record<string, unknown>
}

/**
 * A storage for the mock that sorts, fences in-store lists, compares dates as dates and copies only the page it returns. It extends the mock's
 * public `AbstractStorage`, so no private field is touched. `now` stamps what is written over HTTP.
 *
 * The mock types every resource; here they are plain JSON. `Promise<never>` is how a method says that its caller knows the type.
 */
export function createShopStorage(projectKey: string, now: () => number): ShopStorage {
  return new JsonStorage(projectKey, now)
}

class JsonStorage extends AbstractStorage implements ShopStorage {
  project: Record<string, unknown>
  readonly #collections = new Map<string, Collection>()
  readonly #now: () => number

  constructor(projectKey: string, now: () => number) {
    super()
    this.project = defaultProject(projectKey)
    this.#now = now
  }

  collection(resourceType: string): Collection {
    let collection = this.#collections.get(resourceType)
    if (collection === undefined) {
      collection = createCollection()
      this.#collections.set(resourceType, collection)
    }
    return collection
  }

  async clear(): Promise<void> {
    this.#collections.clear()
  }

  async all(_projectKey: string, resourceType: string): Promise<never> {
    return copy(this.collection(resourceType).sorted([])) as never
  }

  async count(_projectKey: string, resourceType: string): Promise<number> {
    return this.collection(resourceType).size()
  }

  /** Called by the mock for creations and updates over HTTP: the stamps become those of the injected clock. */
  async add(_projectKey: string, resourceType: string, resource: object, params: { expand?: string[] } = {}): Promise<never> {
    const stored = copy(resource) as Resource
    stored.lastModifiedAt = timestamp(this.#now())
    stored.createdAt = this.collection(resourceType).get(stored.id)?.createdAt ?? stored.lastModifiedAt
    this.collection(resourceType).set(stored)
    return this.#page([stored], params.expand)[0] as never
  }

  async get(_projectKey: string, resourceType: string, id: string, params: { expand?: string[] } = {}): Promise<never> {
    const found = this.collection(resourceType).get(id)
    return (found === undefined ? null : this.#page([found], params.expand)[0]) as never
  }

  async getByKey(_projectKey: string, resourceType: string, key: string, params: { expand?: string[] } = {}): Promise<never> {
    const found = this.collection(resourceType).getByKey(key)
    return (found === undefined ? null : this.#page([found], params.expand)[0]) as never
  }

  async getByContainerAndKey(_projectKey: string, container: string, key: string): Promise<never> {
    const rows = this.collection('key-value-document').sorted([])
    const found = rows.find((row) => row['container'] === container && row['key'] === key)
    return (found === undefined ? null : copy(found)) as never
  }

  async delete(_projectKey: string, resourceType: string, id: string): Promise<never> {
    const found = this.collection(resourceType).get(id)
    this.collection(resourceType).delete(id)
    return (found === undefined ? null : copy(found)) as never
  }

  async addProject(): Promise<never> {
    return copy(this.project) as never
  }

  async getProject(): Promise<never> {
    return copy(this.project) as never
  }

  async saveProject(project: object): Promise<never> {
    this.project = copy(project) as Record<string, unknown>
    return project as never
  }

  override async expand<T>(_projectKey: string, resource: T, clause: undefined | string | string[]): Promise<T> {
    expandPaths(resource, asList(clause), (reference) => this.#resolve(reference))
    return resource
  }

  async query(_projectKey: string, resourceType: string, params: QueryParams): Promise<never> {
    const context = takeListContext(resourceType)
    const { where, variables, sort, expand, limit, offset, withTotal } = context?.query ?? innerQuery(params)
    const matches = matcherOf(where, variables)
    const storeKey = context?.storeKey
    const page: Resource[] = []
    let total = 0
    for (const row of this.collection(resourceType).sorted(sort)) {
      if ((storeKey !== undefined && !isInStore(resourceType, row, storeKey)) || !matches(row)) continue
      if (total >= offset && page.length < limit) page.push(row)
      total += 1
      // Without a total nothing behind the page is of interest: what keeps large collections fast.
      if (!withTotal && page.length === limit) break
    }
    return { limit, offset, count: page.length, total, results: this.#page(page, expand) } as never
  }

  #page(rows: readonly Resource[], expand: undefined | readonly string[]): Resource[] {
    const page = copy(rows) as Resource[]
    for (const row of page) expandPaths(row, expand ?? [], (reference) => this.#resolve(reference))
    return page
  }

  #resolve(reference: { typeId: string; id?: string; key?: string }): Resource | undefined {
    const collection = this.collection(reference.typeId)
    const found = reference.id === undefined ? collection.getByKey(reference.key ?? '') : collection.get(reference.id)
    return found === undefined ? undefined : copy(found)
  }
}

/** A look-up of the mock itself, such as whether an e-mail is taken. */
function innerQuery(params: QueryParams): ListQuery {
  return {
    where: asList(params.where),
    variables: {},
    sort: asList(params.sort),
    expand: asList(params.expand),
    limit: params.limit ?? 20,
    offset: params.offset ?? 0,
    withTotal: true,
  }
}

function asList(value: undefined | string | readonly string[]): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
