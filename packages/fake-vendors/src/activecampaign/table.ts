/** What a table holds: every ActiveCampaign id is a string of digits. */
export interface Row {
  readonly id: string
}

/** Rows of one resource by id and, where it has one, by a unique key. */
export interface Table<T extends Row> {
  /** Adds a row under a fresh id. */
  insert(row: Omit<T, 'id'>): T
  get(id: string): T | undefined
  /** The row with this key. */
  byKey(key: string): T | undefined
  /** Replaces a row; its key may change. */
  replace(row: T): T
  delete(id: string): void
  /** All rows in the order of their ids. */
  all(): T[]
  readonly size: number
}

/**
 * Creates a table.
 * @param firstId id of the first row
 * @param keyOf the unique key of a row, undefined for none
 */
export function createTable<T extends Row>(firstId: number, keyOf: (row: T) => string | undefined = () => undefined): Table<T> {
  const rows = new Map<string, T>()
  const keys = new Map<string, string>()
  let nextId = firstId

  function put(row: T): T {
    const before = rows.get(row.id)
    const oldKey = before === undefined ? undefined : keyOf(before)
    const key = keyOf(row)
    if (oldKey !== undefined && oldKey !== key && keys.get(oldKey) === row.id) keys.delete(oldKey)
    if (key !== undefined) keys.set(key, row.id)
    rows.set(row.id, row)
    return row
  }

  return {
    insert(row) {
      const id = String(nextId)
      nextId += 1
      // The rest of T is what the caller gave.
      return put({ ...row, id } as T)
    },
    get: (id) => rows.get(id),
    byKey(key) {
      const id = keys.get(key)
      return id === undefined ? undefined : rows.get(id)
    },
    replace: put,
    delete(id) {
      const row = rows.get(id)
      if (row === undefined) return
      const key = keyOf(row)
      if (key !== undefined && keys.get(key) === id) keys.delete(key)
      rows.delete(id)
    },
    all: () => [...rows.values()],
    get size() {
      return rows.size
    },
  }
}
