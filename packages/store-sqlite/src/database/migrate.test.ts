import Database from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshPaths } from '../testing/fresh-path.ts'
import { takeLock } from './lock.ts'
import { migrate } from './migrate.ts'

const freshPath = freshPaths()
const steps = ['CREATE TABLE a (x INTEGER) STRICT;', 'CREATE TABLE b (x INTEGER) STRICT;']

const open = (): { database: Database.Database; path: string } => {
  const path = freshPath()
  mkdirSync(dirname(path), { recursive: true })
  return { database: new Database(path), path }
}
const tablesOf = (database: Database.Database): unknown[] =>
  database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()

describe('migrations', () => {
  it('run from the version of the file to the newest, once', () => {
    const { database, path } = open()
    migrate(database, path, steps.slice(0, 1))
    expect(tablesOf(database)).toEqual(['a'])
    migrate(database, path, steps)
    migrate(database, path, steps)
    expect(tablesOf(database)).toEqual(['a', 'b'])
    expect(database.pragma('user_version', { simple: true })).toBe(2)
    database.close()
  })

  it('are applied all or none', () => {
    const { database, path } = open()
    expect(() => migrate(database, path, [...steps, 'CREATE TABLE a (x INTEGER) STRICT;'])).toThrow('already exists')
    expect(tablesOf(database)).toEqual([])
    expect(database.pragma('user_version', { simple: true })).toBe(0)
    const lock = takeLock(path, 0)
    expect(lock).toBeDefined()
    lock?.release()
    database.close()
  })

  it('wait for no running engine: the file says that it is in use', () => {
    const { database, path } = open()
    const lock = takeLock(path, 0)
    expect(() => migrate(database, path, steps, 0)).toThrow('Stop that engine')
    lock?.release()
    migrate(database, path, steps, 0)
    expect(tablesOf(database)).toEqual(['a', 'b'])
    database.close()
  })
})
