import Database from 'better-sqlite3'
import { chmodSync, mkdirSync, writeFileSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConnection } from './database/connection.ts'
import { toFault } from './database/fault.ts'
import { applyRaises } from './database/raise.ts'
import { migrations } from './database/schema.ts'
import { sqlite } from './sqlite.ts'
import { freshPaths } from './testing/fresh-path.ts'

const freshPath = freshPaths()

const errorOf = async (path: string): Promise<unknown> => {
  const store = sqlite({ path })
  const error: unknown = await store.counts().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  await store.close()
  return error
}

const fileWith = (content: Buffer): string => {
  const path = freshPath()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

const filled = async (): Promise<Buffer> => {
  const path = freshPath()
  const connection = openConnection(path)
  connection.transaction(() =>
    applyRaises(
      connection,
      Array.from({ length: 3000 }, (_, index) => ({
        connection: 'crm',
        object: 'contact',
        unit: `unit ${index}`,
        kind: 'person',
        cause: 'delta',
        priority: 2,
      })),
      1000,
    ),
  )
  connection.close()
  return readFileSync(path)
}

describe('errors say what, where and what to do', () => {
  it('a file that is not a database', async () => {
    const path = fileWith(Buffer.from('no database, but some text that is long enough to be looked at as one'.repeat(50)))
    expect(await errorOf(path)).toMatchObject({ code: 'store_corrupt', scope: 'destination', message: expect.stringContaining(path) })
  })

  it('a damaged database', async () => {
    const content = await filled()
    content.fill(0xab, 8192)
    const path = fileWith(content)
    expect(await errorOf(path)).toMatchObject({ code: 'store_corrupt', message: expect.stringContaining('backup') })
  })

  it('a database of a newer version', async () => {
    const path = fileWith(Buffer.alloc(0))
    const database = new Database(path)
    database.pragma(`user_version = ${migrations.length + 1}`)
    database.close()
    expect(await errorOf(path)).toMatchObject({ code: 'store_schema_newer', message: expect.stringContaining('Update Millrace') })
  })

  it('a database of another program', async () => {
    const path = fileWith(Buffer.alloc(0))
    const database = new Database(path)
    database.exec('CREATE TABLE theirs (id INTEGER)')
    database.close()
    expect(await errorOf(path)).toMatchObject({ code: 'store_unreachable', message: expect.stringContaining('another program') })
  })

  it('a path that is a directory or lies below a file', async () => {
    const path = fileWith(Buffer.alloc(0))
    for (const wrong of [dirname(path), `${path}/below/store.db`]) {
      expect(await errorOf(wrong)).toMatchObject({ code: 'store_unreachable', message: expect.stringContaining(wrong) })
    }
  })

  it('a database that this user may not write; given the right, it holds what it held', async () => {
    const path = fileWith(await filled())
    // The superuser may write whatever the file says.
    const nobody = process.geteuid?.() === 0 ? 65_534 : undefined
    chmodSync(dirname(dirname(path)), 0o755)
    chmodSync(dirname(path), 0o555)
    chmodSync(path, 0o444)
    try {
      if (nobody !== undefined) process.seteuid?.(nobody)
      expect(await errorOf(path)).toMatchObject({ code: 'store_read_only', message: expect.stringContaining('write access') })
    } finally {
      if (nobody !== undefined) process.seteuid?.(0)
      chmodSync(dirname(path), 0o755)
      chmodSync(path, 0o644)
    }
    const store = sqlite({ path })
    expect(await store.counts()).toMatchObject([{ connection: 'crm', object: 'contact', count: 3000 }])
    await store.close()
  })

  it('a full disk undoes the whole command', () => {
    const path = freshPath()
    const connection = openConnection(path)
    const pages = connection.prepare<[], number>('PRAGMA page_count').pluck().get() ?? 0
    connection.prepare(`PRAGMA max_page_count = ${pages + 5}`).get()
    const raise = (count: number): number =>
      connection.transaction(() =>
        applyRaises(
          connection,
          Array.from({ length: count }, (_, index) => ({
            connection: 'crm',
            object: 'x',
            unit: `${index}`,
            kind: 'person',
            cause: 'delta',
            priority: 2,
          })),
          1,
        ),
      )
    let fault
    try {
      raise(5000)
    } catch (error) {
      fault = toFault(error, path)
    }
    expect(fault).toMatchObject({ code: 'store_full', message: expect.stringContaining('Free some space') })
    expect(connection.prepare('SELECT count(*) FROM delivery').pluck().get()).toBe(0)
    expect(raise(3)).toBe(3)
    connection.close()
  })

  it.each([
    ['SQLITE_READONLY_DBMOVED', 'store_read_only', false],
    ['SQLITE_BUSY_SNAPSHOT', 'store_busy', true],
    ['SQLITE_IOERR_WRITE', 'store_unreachable', false],
    ['EACCES', 'store_read_only', false],
    ['EROFS', 'store_read_only', false],
    ['SQLITE_CONSTRAINT', 'store_failed', false],
  ])('%s becomes %s', (code, expected, retryable) => {
    const fault = toFault(Object.assign(new Error('it failed'), { code }), '/data/store.db')
    expect(fault).toMatchObject({ code: expected, retryable, context: { path: '/data/store.db', reason: code } })
    expect(fault.message).toContain('/data/store.db')
  })
})
