import type { IngestPage, Store } from '@millrace/core'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startClient, tooOld } from './client.ts'
import { sqlite } from './sqlite.ts'
import { freshPaths } from './testing/fresh-path.ts'

const freshPath = freshPaths()

const pageOf = (token: string, id: string): IngestPage => ({
  token,
  source: 'shop',
  records: [{ id, entity: 'customer', baseRevision: 0, version: { customer: 1 }, modifiedAt: 1, contentHash: id, body: '{}' }],
  aliases: [],
  joins: [],
  members: [],
  raises: [],
  rejected: [],
  now: 1000,
})
const headOf = async (store: Store, id: string): Promise<string | undefined> =>
  (await store.heads([{ source: 'shop', entity: 'customer', id }]))[0]?.id

describe('the file', () => {
  it('is not touched before the first command, also not by close', async () => {
    const path = freshPath()
    await sqlite({ path }).close()
    expect(existsSync(path)).toBe(false)
  })

  it('is made with its directory', async () => {
    const path = freshPath()
    const store = sqlite({ path })
    expect(await store.counts()).toEqual([])
    await store.close()
    expect(existsSync(path)).toBe(true)
  })

  it('keeps everything over a restart', async () => {
    const path = freshPath()
    const first = sqlite({ path })
    await first.ingest(pageOf(await first.acquire('first'), '1'))
    await first.close()
    const second = sqlite({ path })
    expect(await headOf(second, '1')).toBe('1')
    await second.close()
  })
})

describe('the lease', () => {
  it('is refused to a second instance in the same process, with who holds it and since when', async () => {
    const path = freshPath()
    const first = sqlite({ path })
    await first.acquire('sync of shop-eu')
    const second = sqlite({ path })
    await expect(second.acquire('another')).rejects.toMatchObject({
      code: 'store_in_use',
      message: expect.stringMatching(new RegExp(`sync of shop-eu \\(process ${process.pid} on .*, since 20`)),
    })
    await first.close()
    await second.acquire('another')
    await second.close()
  })

  it('is not needed for reading: a reader sees what the engine has committed', async () => {
    const path = freshPath()
    const engine = sqlite({ path })
    const token = await engine.acquire('engine')
    const reader = sqlite({ path })
    expect(await headOf(reader, '1')).toBeUndefined()
    await engine.ingest(pageOf(token, '1'))
    expect(await headOf(reader, '1')).toBe('1')
    await Promise.all([reader.close(), engine.close()])
  })
})

describe('the worker thread', () => {
  it('finishes the commands under way before it closes; later ones are refused', async () => {
    const path = freshPath()
    const store = sqlite({ path })
    const token = await store.acquire('engine')
    const ingested = store.ingest(pageOf(token, '1'))
    const closed = store.close()
    await expect(store.counts()).rejects.toMatchObject({ code: 'store_closed' })
    expect(await ingested).toMatchObject({ status: 'applied' })
    await closed
    await store.close()
    await expect(store.counts()).rejects.toMatchObject({ code: 'store_closed' })
  })

  it('rejects every pending command and all later ones when it dies', async () => {
    const client = startClient(freshPath(), new URL('data:text/javascript,process.exit(3)'))
    const pending = [client.call('counts'), client.call('runs', 1)]
    for (const result of await Promise.allSettled(pending)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'store_worker_died', message: expect.stringContaining('exit code 3') },
      })
    }
    await expect(client.call('counts')).rejects.toMatchObject({ code: 'store_worker_died' })
    await client.close()
  })

  it('is not started on a Node that is too old for the SQLite library', () => {
    for (const version of ['20.20.0', '22.17.1'])
      expect(tooOld(version)).toMatchObject({ code: 'node_too_old', message: expect.stringContaining(version) })
    for (const version of ['22.18.0', '24.0.0', process.versions.node]) expect(tooOld(version)).toBeUndefined()
  })

  it('tells why it could not start', async () => {
    const client = startClient(freshPath(), new URL('data:text/javascript,throw new Error("no such library")'))
    await expect(client.call('counts')).rejects.toMatchObject({
      code: 'store_worker_died',
      message: expect.stringContaining('no such library'),
    })
  })

  it('does not keep the process alive, closed or not', async () => {
    const library = new URL('./sqlite.ts', import.meta.url).href
    const program = `
      import { sqlite } from '${library}'
      const [open, closed] = ['open', 'closed'].map((name) => sqlite({ path: process.argv[1] + name }))
      await open.acquire('engine')
      await closed.acquire('engine')
      await closed.close()
      console.log('done')`
    const run = promisify(execFile)
    const args = ['--conditions=@millrace/source', '--input-type=module', '-e', program, freshPath()]
    expect((await run(process.execPath, args, { timeout: 30_000 })).stdout).toBe('done\n')
  })
})
