import { systemClock } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { createBudgets } from '../budget/budgets.ts'
import { concurrency } from '../budget/concurrency.ts'
import type { FaultServerOptions } from '../testing/fault-server.ts'
import { get, post, setup, signal } from './test-support.ts'

describe('credentials', () => {
  const secured: FaultServerOptions['target'] = ({ headers }) => ({ status: headers.authorization === 'Bearer new' ? 200 : 401, body: {} })

  it('reads a function once, again after a 401, and repeats also a POST', async () => {
    const secrets = ['old', 'new', 'never']
    let reads = 0
    const { server, client } = await setup({ credential: () => Promise.resolve(secrets[reads++] ?? '') }, secured)
    expect((await client.request(post)).status).toBe(200)
    expect((await client.request(post)).status).toBe(200)
    expect([reads, server.count()]).toEqual([2, 3])
  })

  it('reads only once more for many calls that are refused at the same time', async () => {
    const secrets = ['old', 'new']
    let reads = 0
    const { client } = await setup({ credential: () => Promise.resolve(secrets[reads++] ?? '') }, secured)
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.request(post)))
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(reads).toBe(2)
  })

  it('gives up after one repetition, and does not repeat with the same secret or a plain string', async () => {
    let reads = 0
    const fresh = await setup({ credential: () => Promise.resolve(`wrong ${(reads += 1)}`) }, secured)
    expect((await fresh.client.request(get)).status).toBe(401)
    expect(fresh.server.count()).toBe(2)
    const same = await setup({ credential: () => Promise.resolve('wrong') }, secured)
    expect((await same.client.request(get)).status).toBe(401)
    expect(same.server.count()).toBe(1)
    const plain = await setup({ credential: 'wrong' }, secured)
    expect((await plain.client.request(get)).status).toBe(401)
    expect(plain.server.count()).toBe(1)
  })

  it('says that the function failed without repeating what it said, and asks again next time', async () => {
    let broken = true
    const { server, client } = await setup(
      { credential: () => (broken ? Promise.reject(new Error('vault token hvs.canary')) : Promise.resolve('new')) },
      secured,
    )
    const error = await client.request(get).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'credential_unavailable', scope: 'destination', retryable: true })
    expect(JSON.stringify(error)).not.toContain('canary')
    expect(server.count()).toBe(0)
    broken = false
    expect((await client.request(get)).status).toBe(200)
  })

  it('carries the credential as the adapter says', async () => {
    const { server, client } = await setup({ credential: 'k', authorize: (credential) => ({ 'Api-Token': credential }) })
    await client.request(get)
    expect(server.requests[0]?.headers).toMatchObject({ 'api-token': 'k' })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('budgets', () => {
  it('holds its place until the answer came or the socket is gone', async () => {
    const budgets = createBudgets({ clock: systemClock, budgets: { one: concurrency({ limit: 1 }) } })
    const { server, client } = await setup({ budgets })
    server.next({ kind: 'reset', when: 'before' })
    const replies = await Promise.allSettled(Array.from({ length: 4 }, () => client.request({ ...post, budget: 'one' })))
    expect(replies.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(budgets.usage()).toEqual({ one: { used: 0, limit: 1 } })
  })

  it('sends nothing when it is aborted while it waits', async () => {
    const budgets = createBudgets({ clock: systemClock, budgets: { one: concurrency({ limit: 1 }) } })
    const { server, client } = await setup({ budgets })
    const held = await budgets.acquire(['one'], { signal })
    const stop = new AbortController()
    const answer = client.request({ ...post, budget: ['one'], signal: stop.signal })
    stop.abort()
    await expect(answer).rejects.toMatchObject({ code: 'aborted', context: { applied: 'no' } })
    held.done()
    expect(server.count()).toBe(0)
  })

  it('takes a place for every attempt', async () => {
    const taken: string[] = []
    const budgets = createBudgets({ clock: systemClock, budgets: { one: concurrency({ limit: 9 }) } })
    const counting = { ...budgets, acquire: (...of: Parameters<typeof budgets.acquire>) => (taken.push(...of[0]), budgets.acquire(...of)) }
    const { server, client } = await setup({ budgets: counting })
    server.next({ kind: 'html' })
    await client.request({ ...get, budget: 'one' })
    expect(taken).toEqual(['one', 'one'])
  })
})
