import { AbstractStorage } from '@labdigital/commercetools-mock'

import { type Collection, createCollection } from './collections.ts'
import { defaultProject } from './default-project.ts'
import { expandPaths } from './expand.ts'
import { prepareWhere } from './predicate/index.ts'
import { copy, type Resource, timestamp } from './resource.ts'

type QueryParams = Parameters<AbstractStorage['query']>[2]

/** The mock's storage as this fake needs it, and direct access to what is in it. */
export interface ShopStorage extends AbstractStorage {
  collection(resourceType: string): Collection
  /** What a reference leads to; not a copy. */
  find(reference: Reference): Resource | undefined
  project: Record<string, unknown>
}

interface Reference {
  typeId: string
  id?: string
  key?: string
}

/**
 * A storage for the mock over plain collections. It extends the mock's public `AbstractStorage`, so no private field is touched. `now` stamps
 * what is written over HTTP.
 */
export function createShopStorage(projectKey: string, now: () => number): ShopStorage {
  return new JsonStorage(projectKey, now)
}

/** The mock types every resource; here they are plain JSON, and `never` is how a method says that its caller knows the type. */
function typed(value: unknown): never {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above: the one place where JSON meets the mock's types
  return value as never
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

  find(reference: Reference): Resource | undefined {
    const collection = this.collection(reference.typeId)
    return reference.id === undefined ? collection.getByKey(reference.key ?? '') : collection.get(reference.id)
  }

  async clear(): Promise<void> {
    this.#collections.clear()
  }

  async all(_projectKey: string, resourceType: string): Promise<never> {
    return typed(copy(this.collection(resourceType).sorted([])))
  }

  async count(_projectKey: string, resourceType: string): Promise<number> {
    return this.collection(resourceType).size()
  }

  /** Called by the mock for creations and updates over HTTP: the stamps become those of the injected clock. */
  async add(
    _projectKey: string,
    resourceType: string,
    resource: { id: string; version: number },
    params: { expand?: string[] } = {},
  ): Promise<never> {
    const lastModifiedAt = timestamp(this.#now())
    const createdAt = this.collection(resourceType).get(resource.id)?.createdAt ?? lastModifiedAt
    const stored: Resource = copy({ ...resource, createdAt, lastModifiedAt })
    this.collection(resourceType).set(stored)
    return this.#shown(stored, params.expand)
  }

  async get(_projectKey: string, resourceType: string, id: string, params: { expand?: string[] } = {}): Promise<never> {
    return this.#shown(this.collection(resourceType).get(id), params.expand)
  }

  async getByKey(_projectKey: string, resourceType: string, key: string, params: { expand?: string[] } = {}): Promise<never> {
    return this.#shown(this.collection(resourceType).getByKey(key), params.expand)
  }

  async getByContainerAndKey(_projectKey: string, container: string, key: string): Promise<never> {
    const rows = this.collection('key-value-document').sorted([])
    return this.#shown(rows.find((row) => row['container'] === container && row['key'] === key))
  }

  async delete(_projectKey: string, resourceType: string, id: string): Promise<never> {
    const found = this.collection(resourceType).get(id)
    this.collection(resourceType).delete(id)
    return this.#shown(found)
  }

  async addProject(): Promise<never> {
    return typed(copy(this.project))
  }

  async getProject(): Promise<never> {
    return typed(copy(this.project))
  }

  async saveProject(project: object): Promise<never> {
    this.project = { ...copy(project) }
    return typed(project)
  }

  override async expand<T>(_projectKey: string, resource: T, clause: undefined | string | string[]): Promise<T> {
    expandPaths(resource, asList(clause), (reference) => copy(this.find(reference)))
    return resource
  }

  /** A look-up of the mock itself, such as whether an e-mail is taken. Lists over HTTP do not come here. */
  async query(_projectKey: string, resourceType: string, params: QueryParams): Promise<never> {
    const { matches } = prepareWhere(asList(params.where), {})
    const rows = this.collection(resourceType)
      .sorted(asList(params.sort))
      .filter((row) => matches(row))
    const { offset = 0, limit = 20 } = params
    const results = copy(rows.slice(offset, offset + limit))
    return typed({ limit, offset, count: results.length, total: rows.length, results })
  }

  #shown(row: Resource | undefined, expand?: readonly string[]): never {
    if (row === undefined) return typed(null)
    const shown = copy(row)
    expandPaths(shown, expand ?? [], (reference) => copy(this.find(reference)))
    return typed(shown)
  }
}

function asList(value: undefined | string | string[]): string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
