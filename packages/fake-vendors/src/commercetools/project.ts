import type { Collection } from './collections.ts'
import { copy, type Resource, type ResourceDraft, timestamp } from './resource.ts'
import type { ShopStorage } from './storage.ts'

/** What an edit may change: fields to set (undefined removes one), or a function that changes the copy it is given. */
export type Edit = Readonly<Record<string, unknown>> | ((resource: Resource) => void)

/** Direct access to what the shop holds, past HTTP and its rules. Everything given and returned is a copy. */
export interface ShopProject {
  /**
   * Adds or replaces a resource. Without own values: version 1, `createdAt` and `lastModifiedAt` are now. `handOver: true` stores the object itself,
   * for large seeds: the caller must not change it, or anything in it, any more.
   */
  add(type: string, resource: ResourceDraft, options?: { handOver?: boolean }): Resource
  /**
   * Changes a resource: version + 1, `lastModifiedAt` is now. `touch: false` changes neither, as the vendor does where a change does not count.
   * Throws when there is no such resource.
   */
  update(type: string, id: string, edit: Edit, options?: { touch?: boolean }): Resource
  /** Removes a resource without a trace, as the vendor does; false when there was none. */
  delete(type: string, id: string): boolean
  get(type: string, id: string): Resource | undefined
  /** All resources of a type in the order in which they were added. */
  all(type: string): Resource[]
  count(type: string): number
  /** Changes the project's own settings (currencies, countries, languages, `productCatalogModel`); version + 1. */
  configure(settings: Readonly<Record<string, unknown>>): void
  settings(): Record<string, unknown>
}

/** Direct access over a storage. Types are the vendor's reference types: `customer`, `order`, `inventory-entry`, `key-value-document`. */
export function createShopProject(storage: ShopStorage, now: () => number): ShopProject {
  const rows = (type: string): Collection => storage.collection(type)
  return {
    add(type, draft, options = {}) {
      const createdAt = draft.createdAt ?? timestamp(now())
      const resource: Resource = { version: 1, ...draft, createdAt, lastModifiedAt: draft.lastModifiedAt ?? createdAt }
      rows(type).set(options.handOver === true ? resource : copy(resource))
      return resource
    },
    update(type, id, edit, options = {}) {
      const found = rows(type).get(id)
      if (found === undefined) throw new Error(`There is no ${type} with id ${id}`)
      const changed = copy(found)
      if (typeof edit === 'function') edit(changed)
      else Object.assign(changed, edit)
      if (options.touch !== false) {
        changed.version = found.version + 1
        changed.lastModifiedAt = timestamp(now())
      }
      const stored = copy(changed)
      rows(type).set(stored)
      return copy(stored)
    },
    delete: (type, id) => rows(type).delete(id),
    get(type, id) {
      const found = rows(type).get(id)
      return found === undefined ? undefined : copy(found)
    },
    all: (type) => copy(rows(type).sorted([])) as Resource[],
    count: (type) => rows(type).size(),
    configure(settings) {
      storage.project = { ...storage.project, ...copy(settings), version: Number(storage.project['version']) + 1 }
    },
    settings: () => copy(storage.project),
  }
}
