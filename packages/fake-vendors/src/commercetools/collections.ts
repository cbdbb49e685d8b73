import type { Resource } from './resource.ts'

/** The rows of one resource type, with the sorted views that list requests ask for kept until the next write. */
export interface Collection {
  get(id: string): Resource | undefined
  getByKey(key: string): Resource | undefined
  set(resource: Resource): void
  delete(id: string): boolean
  clear(): void
  size(): number
  /** All rows in the order of the sort clauses (`field` or `field asc|desc`, dots descend); insertion order when there are none. Not copies. */
  sorted(clauses: readonly string[]): readonly Resource[]
}

/** Makes an empty collection. */
export function createCollection(): Collection {
  const rows = new Map<string, Resource>()
  const views = new Map<string, readonly Resource[]>()

  return {
    get: (id) => rows.get(id),
    getByKey: (key) => rows.values().find((row) => row['key'] === key),
    set(resource) {
      rows.set(resource.id, resource)
      views.clear()
    },
    delete(id) {
      views.clear()
      return rows.delete(id)
    },
    clear() {
      rows.clear()
      views.clear()
    },
    size: () => rows.size,
    sorted(clauses) {
      const name = clauses.join(',')
      const known = views.get(name)
      if (known !== undefined) return known
      const view = sortRows([...rows.values()], clauses)
      views.set(name, view)
      return view
    },
  }
}

function sortRows(rows: Resource[], clauses: readonly string[]): Resource[] {
  const orders = clauses.map((clause) => {
    const [path = '', direction] = clause.trim().split(/\s+/u)
    return { path: path.split('.'), sign: direction?.toLowerCase() === 'desc' ? -1 : 1 }
  })
  if (orders.length === 0) return rows
  return rows.toSorted((left, right) => {
    for (const { path, sign } of orders) {
      const difference = compare(follow(left, path), follow(right, path))
      if (difference !== 0) return difference * sign
    }
    return 0
  })
}

function follow(row: unknown, path: readonly string[]): unknown {
  let value: unknown = row
  for (const step of path) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined
  return value
}

/** Text is compared by code units, as predicates do: a cursor and a sort that disagree lose rows. A missing value is the largest. */
function compare(left: unknown, right: unknown): number {
  if (left === undefined || left === null) return right === undefined || right === null ? 0 : 1
  if (right === undefined || right === null) return -1
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const a = textOf(left)
  const b = textOf(right)
  if (a === b) return 0
  return a < b ? -1 : 1
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
