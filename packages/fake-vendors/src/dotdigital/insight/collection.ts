import { emptySchema, type SchemaNode } from './schema.ts'

/** Types of collections a request can name. */
export const collectionTypes = [
  'cartInsight',
  'catalog',
  'consentInsight',
  'custom',
  'easyEditorExtensions',
  'nostoEmailCampaigns',
  'orders',
  'productCategories',
  'webInsight',
  'wishList',
] as const
/** What a collection holds; `event` belongs to the events API. */
export type CollectionType = (typeof collectionTypes)[number] | 'event'

/** Who owns the records of a collection. */
export type CollectionScope = 'account' | 'contact'

/** One insight data record. */
export interface InsightRecord {
  /** Counts up with every write: the order of pages. */
  readonly position: number
  readonly key: string
  /** Id of the contact; undefined in collections of the account. */
  readonly owner: number | undefined
  readonly json: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
}

/** A collection with its records. A key is unique per owner. */
export interface Collection {
  readonly name: string
  readonly scope: CollectionScope
  readonly type: CollectionType
  schema: SchemaNode
  readonly size: number
  /** Ascending by position. */
  records(): MapIterator<InsightRecord>
  get(owner: number | undefined, key: string): InsightRecord | undefined
  /** Writes a record; says whether it is new. */
  put(owner: number | undefined, key: string, json: Readonly<Record<string, unknown>>, at: number): boolean
  delete(owner: number | undefined, key: string): boolean
  /** Deletes every record of a contact. */
  deleteOwner(owner: number): void
}

/** Creates an empty collection. */
export function createCollection(name: string, scope: CollectionScope, type: CollectionType): Collection {
  const records = new Map<string, InsightRecord>()
  const slot = (owner: number | undefined, key: string): string => `${owner ?? ''}\n${key}`
  let writes = 0
  return {
    name,
    scope,
    type,
    schema: emptySchema,
    get size() {
      return records.size
    },
    records: () => records.values(),
    get: (owner, key) => records.get(slot(owner, key)),
    put(owner, key, json, at) {
      const before = records.get(slot(owner, key))
      writes += 1
      // Taken out first so that the map stays in the order of positions.
      records.delete(slot(owner, key))
      records.set(slot(owner, key), { position: writes, key, owner, json, createdAt: before?.createdAt ?? at, updatedAt: at })
      return before === undefined
    },
    delete: (owner, key) => records.delete(slot(owner, key)),
    deleteOwner(owner) {
      for (const [place, record] of records) if (record.owner === owner) records.delete(place)
    },
  }
}
