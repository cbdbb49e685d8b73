/** What a table holds: every ActiveCampaign id is a string of digits. */
export interface Row {
  readonly id: string
}

/** Rows of one resource by id and, where it has them, by unique keys. */
export interface Table<T extends Row> {
  /** Adds a row under a fresh id. */
  insert(row: Omit<T, 'id'>): T
  get(id: string): T | undefined
  /** The row with this key. */
  byKey(key: string): T | undefined
  /** Replaces a row; its keys may change. */
  replace(row: T): T
  delete(id: string): void
  /** All rows in the order of their ids. */
  all(): T[]
  readonly size: number
}

/**
 * Creates a table.
 * @param firstId id of the first row
 * @param keysOf the unique keys of a row
 */
export function createTable<T extends Row>(firstId: number, keysOf: (row: T) => readonly string[] = () => []): Table<T> {
  const rows = new Map<string, T>()
  const keys = new Map<string, string>()
  let nextId = firstId

  function forget(id: string): void {
    const row = rows.get(id)
    for (const key of row === undefined ? [] : keysOf(row)) if (keys.get(key) === id) keys.delete(key)
  }

  function put(row: T): T {
    forget(row.id)
    for (const key of keysOf(row)) keys.set(key, row.id)
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
      forget(id)
      rows.delete(id)
    },
    all: () => [...rows.values()],
    get size() {
      return rows.size
    },
  }
}
