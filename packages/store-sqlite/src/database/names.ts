import type { Connection } from './connection.ts'

/** Interned text: short names that repeat in many rows. */
export interface Names {
  /** The number of a name, made when it is new. */
  put(text: string): number
  /** The number of a name, if it was ever used. */
  find(text: string): number | undefined
  text(id: number): string
  /** Forgets what was read, after a transaction was undone. */
  reset(): void
}

/** Every pass has a name, so the ones in memory are bounded. */
const mostKept = 10_000

/** Names of one database, kept in memory once they were read. */
export const namesOf = (connection: Pick<Connection, 'prepare'>): Names => {
  const byText = new Map<string, number>()
  const byId = new Map<number, string>()
  const reset = (): void => {
    byText.clear()
    byId.clear()
  }
  const keep = (id: number, text: string): number => {
    if (byId.size >= mostKept) reset()
    byText.set(text, id)
    byId.set(id, text)
    return id
  }
  const find = (text: string): number | undefined => {
    const cached = byText.get(text)
    if (cached !== undefined) return cached
    const row = connection.prepare<[string], { id: number }>('SELECT id FROM name WHERE text = ?').get(text)
    return row && keep(row.id, text)
  }
  return {
    find,
    put: (text) => find(text) ?? keep(Number(connection.prepare('INSERT INTO name (text) VALUES (?)').run(text).lastInsertRowid), text),
    text: (id) => {
      const cached = byId.get(id)
      if (cached !== undefined) return cached
      const row = connection.prepare<[number], { text: string }>('SELECT text FROM name WHERE id = ?').get(id)
      if (row === undefined) throw new Error(`The name ${id} is missing`)
      keep(id, row.text)
      return row.text
    },
    reset,
  }
}
