import { deepEqual, equal } from 'node:assert/strict'
import type { StoreCase } from './workbench.ts'

/** Cursors, passes and contracts. */
export const bookkeepingCases: readonly StoreCase[] = [
  {
    title: 'keeps one cursor per source, entity and mode',
    run: async ({ store, token }) => {
      const cursor = { source: 'shop', entity: 'order', mode: 'full', high: null, from: 1, to: 2, position: 'p' } as const
      await store.putCursor(token, cursor)
      await store.putCursor(token, { ...cursor, mode: 'delta', position: null })
      await store.putCursor(token, { ...cursor, high: 2, position: 'q' })
      deepEqual(await store.cursor('shop', 'order', 'full'), { ...cursor, high: 2, position: 'q' })
      deepEqual(await store.cursor('shop', 'order', 'delta'), { ...cursor, mode: 'delta', position: null })
      equal(await store.cursor('elsewhere', 'order', 'full'), undefined)
    },
  },
  {
    title: 'lists passes, the newest first, and replaces one by its id',
    run: async ({ store, token }) => {
      const run = { id: 'a', kind: 'sync', startedAt: 1, finishedAt: null, status: 'running', summary: null }
      for (const [index, id] of ['a', 'b', 'c'].entries()) await store.putRun(token, { ...run, id, startedAt: index })
      await store.putRun(token, { ...run, startedAt: 0, finishedAt: 9, status: 'completed', summary: '{}' })
      deepEqual(
        (await store.runs(2)).map((each) => each.id),
        ['c', 'b'],
      )
      deepEqual((await store.runs(10)).at(-1), { ...run, startedAt: 0, finishedAt: 9, status: 'completed', summary: '{}' })
    },
  },
  {
    title: 'remembers since when a contract holds',
    run: async ({ store, token }) => {
      equal(await store.contract('crm'), undefined)
      await store.putContract(token, 'crm', { hash: 'h1', body: '{}' }, 1000)
      await store.putContract(token, 'crm', { hash: 'h1', body: '{}' }, 2000)
      deepEqual(await store.contract('crm'), { hash: 'h1', body: '{}', since: 1000 })
      await store.putContract(token, 'crm', { hash: 'h2', body: '{"a":1}' }, 3000)
      deepEqual(await store.contract('crm'), { hash: 'h2', body: '{"a":1}', since: 3000 })
    },
  },
  {
    title: 'keeps every version of a contract with who brought it',
    run: async ({ store, token }) => {
      const by = (actor: string) => ({ actor, action: 'contract-change' as const, connection: 'crm', detail: {} })
      deepEqual(await store.contractVersions('crm'), [])
      await store.putContract(token, 'crm', { hash: 'h1', body: '{}' }, 1000, by('ada'))
      await store.putContract(token, 'crm', { hash: 'h1', body: '{}' }, 2000, by('bob'))
      await store.putContract(token, 'crm', { hash: 'h2', body: '{"a":1}' }, 3000)
      await store.putContract(token, 'other', { hash: 'h9', body: '{}' }, 3500)
      await store.putContract(token, 'crm', { hash: 'h1', body: '{}' }, 4000, by('ada'))
      deepEqual(await store.contractVersions('crm'), [
        { hash: 'h1', body: '{}', since: 4000, actor: 'ada' },
        { hash: 'h2', body: '{"a":1}', since: 3000, actor: null },
        { hash: 'h1', body: '{}', since: 1000, actor: 'ada' },
      ])
    },
  },
]
