import type { Store } from '@millrace/core'
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { sqlite } from './sqlite.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const writer = fileURLToPath(new URL('./testing/crash-writer.ts', import.meta.url))

/** Lets the writer work until it has acknowledged so many commands, kills it, and gives back what it acknowledged. */
const writeUntilKilled = async (path: string, acknowledgements: number): Promise<string[]> => {
  const child = startWriter(path)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === acknowledgements) child.kill('SIGKILL')
  }
  return lines
}

const startWriter = (path: string): ChildProcessByStdio<null, Readable, null> =>
  spawn(process.execPath, ['--conditions=@millrace/source', writer, path], { stdio: ['ignore', 'pipe', 'inherit'] })

const numbers = (lines: readonly string[], word: string): number[] =>
  lines.filter((line) => line.startsWith(word)).map((line) => Number(line.slice(word.length)))

const storedPages = async (store: Store): Promise<number[]> => {
  const records = await store.scan({ source: 'shop', entity: 'customer', afterRid: 0, limit: 100_000, bodies: false })
  return records.map((record) => Number(record.id)).toSorted((a, b) => a - b)
}

describe('kill -9 during a write loop', () => {
  it('the lease is refused while the other process lives, and free the moment it is killed', async () => {
    const path = join(directory, 'lease.db')
    const child = startWriter(path)
    await once(child.stdout, 'data')
    const store = sqlite({ path })
    await expect(store.acquire('another')).rejects.toMatchObject({
      code: 'store_in_use',
      message: expect.stringContaining(`process ${child.pid}`),
    })
    child.stdout.resume()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await store.acquire('another')
    await store.close()
  })

  it('loses no acknowledged command, applies none by half, and frees the lease at once', async () => {
    const path = join(directory, 'store.db')
    const settled = new Set<number>()
    let lastPage = 0
    for (const acknowledgements of [1, 7, 20, 33, 64]) {
      const lines = await writeUntilKilled(path, acknowledgements)
      lastPage = Math.max(lastPage, ...numbers(lines, 'page '))
      for (const unit of numbers(lines, 'settled ')) settled.add(unit)

      const store = sqlite({ path })
      const token = await store.acquire('the next engine')
      const cursor = Number((await store.cursor('shop', 'customer', 'delta'))?.position)
      expect(cursor).toBeGreaterThanOrEqual(lastPage)
      expect(await storedPages(store)).toEqual(Array.from({ length: cursor }, (_, index) => index + 1))

      const rows = await store.deliveries({}, { afterDid: 0, limit: 100_000 })
      expect(rows).toHaveLength(cursor)
      expect(rows.filter((row) => row.state !== 'ready' && row.state !== 'settled')).toEqual([])
      for (const row of rows) expect(row.remoteId).toBe(row.state === 'settled' ? `remote ${row.unit}` : null)
      const unsettled = rows.filter((row) => settled.has(Number(row.unit)) && row.state !== 'settled')
      expect(unsettled).toEqual([])
      await store.release(token)
      await store.close()
    }
    expect(settled.size).toBeGreaterThan(0)
  })
})
