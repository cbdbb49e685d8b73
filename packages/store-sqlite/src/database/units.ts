import type { Connection } from './connection.ts'

/** The number of a unit, if it was ever used. */
export const findUnit = (connection: Connection, name: string): number | undefined =>
  connection.prepare<[string], number>('SELECT id FROM unit WHERE name = ?').pluck().get(name)

/** The number of a unit, made when it is new. */
export const putUnit = (connection: Connection, name: string): number =>
  findUnit(connection, name) ?? Number(connection.prepare<[string]>('INSERT INTO unit (name) VALUES (?)').run(name).lastInsertRowid)

/** The name of a unit. */
export const unitName = (connection: Connection, id: number): string => {
  const name = connection.prepare<[number], string>('SELECT name FROM unit WHERE id = ?').pluck().get(id)
  if (name === undefined) throw new Error(`The unit ${id} is missing`)
  return name
}
