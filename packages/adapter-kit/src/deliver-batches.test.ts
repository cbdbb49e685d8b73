import { type Input, type Outcome, systemClock } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { MillraceError } from './index.ts'
import { deliverBatches, type DeliverBatchesOptions } from './deliver-batches.ts'
import type { HttpReply } from './http/reply.ts'
import { inputOf } from './testing/input-of.ts'

const input = (key: string, unit = key): Input => inputOf('subscriber', key, {}, { unit })

const reply = (status: number, body?: unknown, contentType = 'application/json'): HttpReply => ({
  status,
  headers: {},
  body,
  contentType,
  durationMs: 1,
  correlationId: undefined,
})

type Send = (keys: readonly string[]) => HttpReply | Promise<HttpReply>
const accept: Send = (keys) => reply(200, keys)

async function deliver(keys: string, send: Send, more: Partial<DeliverBatchesOptions<string>> = {}) {
  const calls: string[] = []
  const outcomes: Outcome[] = []
  const options: DeliverBatchesOptions<string> = {
    vendor: 'Acme',
    call: 'upsert',
    size: 4,
    clock: systemClock,
    send: async (batch) => {
      calls.push(batch.map(({ key }) => key).join(''))
      return send(batch.map(({ key }) => key))
    },
    rows: ({ body }) => (Array.isArray(body) ? body.map(String) : []),
    rowKey: (row) => row,
    outcome: ({ unit }) => ({ unit, result: 'delivered', created: true }),
    ...more,
  }
  const thrown = await (async () => {
    for await (const batch of deliverBatches(
      keys.split('').map((key, index) => input(key, `${key}${index}`)),
      options,
    )) {
      outcomes.push(...batch)
    }
  })().catch((error: unknown) => error)
  return { calls, outcomes, thrown, results: outcomes.map(({ unit, result }) => `${unit}:${result}`) }
}

describe('deliverBatches', () => {
  it('sends chunks and settles each by key', async () => {
    const { calls, results } = await deliver('abcdef', accept)
    expect(calls).toEqual(['abcd', 'ef'])
    expect(results).toHaveLength(6)
  })

  it('never sends a key twice in one call', async () => {
    const { calls, results } = await deliver('aab', accept)
    expect(calls).toEqual(['ab', 'a'])
    expect(results.toSorted()).toEqual(['a0:delivered', 'a1:delivered', 'b2:delivered'])
  })

  it('finds the bad one and says that it is one record', async () => {
    const { outcomes, results } = await deliver('abxd', (keys) => (keys.includes('x') ? reply(422) : reply(200, keys)))
    expect(results.toSorted()).toEqual(['a0:delivered', 'b1:delivered', 'd3:delivered', 'x2:failed'])
    expect(outcomes.find(({ result }) => result === 'failed')).toMatchObject({
      error: { code: 'rejected_by_vendor', scope: 'record', retryable: false },
    })
  })

  it('lets the adapter say what a refused record becomes', async () => {
    const { results } = await deliver('x', () => reply(409), { rejected: ({ unit }) => ({ unit, result: 'conflict', candidates: [] }) })
    expect(results).toEqual(['x0:conflict'])
  })

  it('gives no outcome to what no row confirms', async () => {
    expect((await deliver('abc', () => reply(200, ['b', 'z']))).results).toEqual(['b1:delivered'])
    expect((await deliver('abc', () => reply(204))).results).toEqual([])
  })

  it('fails a batch that the vendor could not handle and goes on with the next', async () => {
    const { calls, results, outcomes, thrown } = await deliver('abcdef', (keys) => (keys.includes('a') ? reply(500) : reply(200, keys)))
    expect([calls, thrown]).toEqual([['abcd', 'ef'], undefined])
    expect(results).toEqual(['a0:failed', 'b1:failed', 'c2:failed', 'd3:failed', 'e4:delivered', 'f5:delivered'])
    expect(outcomes[0]).toMatchObject({ error: { code: 'vendor_unavailable', retryable: true, scope: 'batch' } })
  })

  it('keeps what was accepted when the connection is lost while bisecting', async () => {
    const lost = new MillraceError({
      code: 'connection_lost',
      message: 'lost',
      retryable: true,
      scope: 'batch',
      context: { applied: 'unknown' },
    })
    const send: Send = (keys) => (keys.length === 4 ? reply(422) : keys.includes('a') ? reply(200, keys) : Promise.reject(lost))
    expect((await deliver('abcd', send)).results).toEqual(['a0:delivered', 'b1:delivered', 'c2:failed', 'd3:failed'])
  })

  it.each([
    ['a refused credential', () => reply(401), 'credentials_rejected'],
    ['a rate limit', () => reply(429), 'rate_limited'],
    ['a redirect', () => reply(302), 'unexpected_redirect'],
    ['an abort', () => Promise.reject(new MillraceError({ code: 'aborted', message: 'stopped', scope: 'batch' })), 'aborted'],
    ['a bug', () => Promise.reject(new TypeError('bug')), undefined],
  ])('throws %s and sends no more', async (_, send, code) => {
    const { calls, thrown, results } = await deliver('abcdef', send)
    expect(calls).toEqual(['abcd'])
    expect(results).toEqual([])
    expect(thrown).toMatchObject(code === undefined ? { message: 'bug' } : { code })
  })

  it('does not take a page with a success status for a success', async () => {
    const { results } = await deliver('a', () => reply(200, '<html>', 'text/html'))
    expect(results).toEqual(['a0:failed'])
  })
})
