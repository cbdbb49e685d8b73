import type { IngestPage, Member } from '@millrace/core'
import { roleCodes } from './codes.ts'
import type { Connection } from './connection.ts'
import { StoreFault } from './fault.ts'
import { recordOf } from './records.ts'
import { sortedBy } from './sorting.ts'
import { findUnit, putUnit } from './units.ts'

/** Who each key belongs to. */
export const aliases = (connection: Connection, identity: string, keys: readonly string[]): (string | undefined)[] => {
  const id = connection.names.find(identity)
  if (id === undefined) return keys.map(() => undefined)
  const statement = connection
    .prepare<[number, string], string>('SELECT unit.name FROM alias JOIN unit ON unit.id = alias.unit WHERE identity = ? AND key = ?')
    .pluck()
  return keys.map((key) => statement.get(id, key))
}

/** The keys of each unit, in bytewise order. */
export const aliasKeys = (connection: Connection, identity: string, units: readonly string[]): string[][] => {
  const id = connection.names.find(identity)
  const statement = connection
    .prepare<[number, number], string>('SELECT key FROM alias WHERE unit = ? AND identity = ? ORDER BY key')
    .pluck()
  return units.map((name) => {
    const unit = findUnit(connection, name)
    return id === undefined || unit === undefined ? [] : statement.all(unit, id)
  })
}

/** Sets and forgets aliases. */
export const storeAliases = (connection: Connection, entries: IngestPage['aliases']): void => {
  const put = connection.prepare<[number, string, number]>('INSERT OR REPLACE INTO alias (identity, key, unit) VALUES (?, ?, ?)')
  const forget = connection.prepare<[number, string]>('DELETE FROM alias WHERE identity = ? AND key = ?')
  for (const { identity, key, unit } of sortedBy(entries, (entry) => `${entry.identity}\0${entry.key}`)) {
    const id = connection.names.put(identity)
    if (unit === null) forget.run(id, key)
    else put.run(id, key, putUnit(connection, unit))
  }
}

/** Puts records under their units. Throws `store_unknown_record`. */
export const storeMembers = (connection: Connection, source: string, entries: IngestPage['members']): void => {
  const find = connection
    .prepare<[number, number, string], number>('SELECT rid FROM record WHERE source = ? AND entity = ? AND id = ?')
    .pluck()
  const put = connection.prepare<[number, number, number, number]>(
    'INSERT OR REPLACE INTO unit_member (identity, rid, unit, role) VALUES (?, ?, ?, ?)',
  )
  const { names } = connection
  for (const { identity, unit, entity, id, role } of sortedBy(entries, (entry) => `${entry.identity}\0${entry.entity}\0${entry.id}`)) {
    const rid = find.get(names.put(source), names.put(entity), id)
    if (rid === undefined) throw unknownRecord(source, entity)
    put.run(names.put(identity), rid, putUnit(connection, unit), roleCodes.of(role))
  }
}

const unknownRecord = (source: string, entity: string): StoreFault =>
  new StoreFault(
    'store_unknown_record',
    `A page of ${source} names a member of entity ${entity} that was never stored. Store the record in the same page or before.`,
    { source, entity },
  )

/** Members of units in the order of `rid`: bodies for accounts and guests, facts for guests and orders. */
export const members = (connection: Connection, identity: string, units: readonly string[]): Member[][] => {
  const id = connection.names.find(identity)
  const select = connection.prepare<[number, number], { rid: number; role: number }>(
    'SELECT rid, role FROM unit_member WHERE unit = ? AND identity = ? ORDER BY rid',
  )
  const selectFact = connection.prepare<[number], string>('SELECT fact FROM order_fact WHERE rid = ?').pluck()
  const factOf = (rid: number): Member['fact'] => {
    const text = selectFact.get(rid)
    return text === undefined ? null : JSON.parse(text)
  }
  return units.map((name) => {
    const unit = findUnit(connection, name)
    if (id === undefined || unit === undefined) return []
    return select.all(unit, id).map(({ rid, role: code }) => {
      const role = roleCodes.word(code)
      return { role, record: role === 'order' ? null : recordOf(connection, rid), fact: role === 'account' ? null : factOf(rid) }
    })
  })
}
