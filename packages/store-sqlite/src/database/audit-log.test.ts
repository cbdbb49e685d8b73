import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freshPaths } from '../testing/fresh-path.ts'
import { openCommands } from './commands.ts'

const freshPath = freshPaths()
let database: Database.Database

beforeEach(() => {
  const path = freshPath()
  const commands = openCommands(path)
  for (const at of [1, 2]) commands.audit({ actor: 'ann', action: 'apply', connection: null, detail: {} }, at)
  commands.close()
  database = new Database(path)
})
afterEach(() => database.close())

describe('the audit log, for one who opens the file himself', () => {
  it.each([
    "UPDATE audit_log SET actor = 'nobody'",
    'UPDATE audit_log SET aid = 9 WHERE aid = 1',
    'DELETE FROM audit_log',
    'DELETE FROM audit_log WHERE aid = 2',
    "INSERT OR REPLACE INTO audit_log (aid, at, actor, action, detail) VALUES (1, 1, 'nobody', 'apply', '{}')",
    "INSERT INTO audit_log (aid, at, actor, action, detail) VALUES (1, 1, 'ann', 'apply', '{}') ON CONFLICT DO UPDATE SET actor = 'nobody'",
  ])('refuses %s', (sql) => {
    const lines = () => database.prepare('SELECT * FROM audit_log ORDER BY aid').all()
    const before = lines()
    expect(before).toHaveLength(2)
    expect(() => database.exec(sql)).toThrow('the audit log is append-only')
    expect(lines()).toEqual(before)
  })

  it('takes new lines', () => {
    database.exec("INSERT INTO audit_log (at, actor, action, detail) VALUES (3, 'bob', 'apply', '{}')")
    expect(database.prepare('SELECT aid, actor FROM audit_log').all()).toHaveLength(3)
  })
})
