import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../api/config.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { silentLogger } from '../logger.ts'
import { customerSchema } from '../model/customer.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { defaultRetryPolicy, type Failure } from './retry-policy.ts'

const now = Date.parse('2026-06-01T00:00:00.000Z')
const at = '2026-05-01T00:00:00.000Z'
const busy = new MillraceError({ code: 'record_locked', message: 'Later.', retryable: true, scope: 'record' })

/** Delivers one customer to a destination that refuses him, with a policy of its own, and to one with the default. */
const refusedBy = async (retry: NonNullable<ConnectionConfig['retry']>) => {
  const shop = scriptedSource()
  shop.put(customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at, modifiedAt: at, email: 'a@example.com', lastName: 'Test' }))
  const refusing = () => {
    const crm = recordingDestination()
    crm.intercept = (input) => ({ unit: input.unit, result: 'failed', error: busy })
    return crm
  }
  const store = memoryStore()
  const logged: unknown[] = []
  const millrace = createMillrace({
    sources: { shop },
    connections: { own: { destination: refusing(), retry }, usual: { destination: refusing() } },
    store,
    clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
    logger: { ...silentLogger, error: (fields: unknown) => logged.push(fields) },
  })
  await millrace.backfill({ drainMs: 0 })
  const rows = await store.deliveries({ unit: 'customer:shop:c1' }, { afterDid: 0, limit: 10 })
  const row = (name: string) => rows.find((each) => each.connection === name)
  return { own: row('own'), usual: row('usual'), logged }
}

describe('the retry policy of a connection', () => {
  it('says when its records are tried again, and nothing about the others', async () => {
    const asked: Failure[] = []
    const { own, usual } = await refusedBy((failure) => {
      asked.push(failure)
      return { delayMs: 86_400_000 }
    })
    expect(asked.map(({ error, attempts }) => [error.code, attempts])).toEqual([['record_locked', 1]])
    expect(own).toMatchObject({ state: 'ready', nextAt: now + 86_400_000, attempts: 1, problem: { code: 'record_locked' } })
    expect(usual).toMatchObject({ state: 'ready', attempts: 1 })
    expect(usual?.nextAt).toBeLessThanOrEqual(now + 4000)
  })

  it('can give up at once', async () => {
    const { own, usual } = await refusedBy(() => undefined)
    expect([own?.state, usual?.state]).toEqual(['dead', 'ready'])
  })

  it.each<[string, NonNullable<ConnectionConfig['retry']>]>([
    [
      'throws',
      () => {
        throw new TypeError('a@example.com')
      },
    ],
    ['answers no number', () => ({ delayMs: Number.NaN })],
    ['answers a time that is over', () => ({ delayMs: -1 })],
  ])('is replaced by the default when it %s, and the log says so', async (_, retry) => {
    const { own, logged } = await refusedBy(retry)
    expect(own).toMatchObject({ state: 'ready', attempts: 1 })
    expect(logged).toMatchObject([{ connection: 'own' }])
    expect(JSON.stringify(logged)).not.toContain('a@example.com')
  })
})

describe('the default retry policy', () => {
  it('waits longer each time, at most an hour and at least as long as the vendor asks, then gives up', () => {
    const delays = Array.from(
      { length: 13 },
      (_, index) => defaultRetryPolicy({ error: busy, attempts: index + 1, random: 0.999 })?.delayMs ?? 0,
    )
    expect(delays).toEqual(delays.toSorted((a, b) => a - b))
    expect(delays.at(-1)).toBeLessThanOrEqual(3_600_000)
    expect(defaultRetryPolicy({ error: busy, attempts: 14, random: 0 })).toBeUndefined()
    const slow = new MillraceError({ code: 'rate_limited', message: 'Later.', retryable: true, retryAfterMs: 7_200_000 })
    expect(defaultRetryPolicy({ error: slow, attempts: 1, random: 0.5 })).toEqual({ delayMs: 7_200_000 })
    expect(defaultRetryPolicy({ error: new MillraceError({ code: 'invalid', message: 'No.' }), attempts: 1, random: 0 })).toBeUndefined()
  })

  it('sends records a few times more that were refused together, since nobody knows which of them is to blame', () => {
    const together = new MillraceError({ code: 'not_found', message: 'No such path.', scope: 'batch' })
    const tries = [1, 2, 3, 4, 5].map((attempts) => defaultRetryPolicy({ error: together, attempts, random: 0.5 }) !== undefined)
    expect(tries).toEqual([true, true, true, true, false])
  })
})
