import { type Change, type Entity, MillraceError, type ReadWindow, type Source, type SourceContext, type SourcePage } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { acmeShop } from './acme-shop.fixture.ts'
import { startAcmeShop } from './acme-shop-fake.fixture.ts'
import { sourceRules } from './rules.ts'
import { idOf } from './scene.ts'
import { checkSourceRule } from './suite.ts'

const pageSize = 5

type Read = Source['read']
type Upsert = Extract<Change, { type: 'upsert' }>

const reading =
  (change: (good: Read) => Read) =>
  (good: Source): Source => ({ ...good, read: change((entity, window, ctx) => good.read(entity, window, ctx)) })

/** Other changes on every page, and from get(). */
const changing =
  (change: (one: Change) => Change | undefined) =>
  (good: Source): Source => ({
    ...good,
    async *read(...args) {
      for await (const { changes, cursor } of good.read(...args)) yield { changes: changes.flatMap((one) => change(one) ?? []), cursor }
    },
    async get(...args) {
      const found = await good.get(...args)
      return found === undefined ? undefined : change(found)
    },
  })

const withRecord = (edit: (record: Upsert['record']) => object) =>
  changing((one) => (one.type === 'upsert' ? { ...one, record: edit(one.record) as Upsert['record'] } : one))

/** Errors as the mutant throws them. */
const throwing = (blame: (error: unknown) => unknown) =>
  reading(
    (good) =>
      async function* (...args) {
        try {
          yield* good(...args)
        } catch (error) {
          const thrown = blame(error)
          if (thrown !== undefined) throw thrown
        }
      },
  )

/** Pages by numbers, as most first attempts do. */
const byNumbers = reading(
  (good) =>
    async function* (entity: Entity, { cursor, ...window }: ReadWindow, ctx: SourceContext): AsyncGenerator<SourcePage> {
      for (let at = Number(cursor ?? 0); ; at += pageSize) {
        const all: Change[] = []
        for await (const { changes } of good(entity, window, ctx)) all.push(...changes)
        const changes = all.slice(at, at + pageSize)
        if (changes.length === 0) return
        yield { changes, cursor: String(at + pageSize) }
      }
    },
)

let read = 0
const firstSeen = new Map<string, Change | undefined>()

/** Small changes to a good source, under the rule that must notice. */
const mutants: Record<string, (good: Source, baseUrl: string) => Source> = {
  'declares-itself': (good) => ({ ...good, name: 'Acme Shop' }),
  'tells-the-shops-time': (good) => ({ ...good, now: async () => Date.now() }),
  'reads-everything': changing((one) => (idOf(one).endsWith('-7') ? undefined : one)),
  'reads-what-changed': reading((good) => (entity, window, ctx) => good(entity, { ...window, to: window.to + 3_600_000 }, ctx)),
  'reads-nothing-of-nothing': reading((good) => (entity, window, ctx) => good(entity, { ...window, from: 0 }, ctx)),
  'shared-stamps': reading(
    (good) =>
      async function* (...args) {
        let stamp = -1
        for await (const { changes, cursor } of good(...args)) {
          yield { changes: changes.filter(({ modifiedAt }) => modifiedAt > stamp), cursor }
          stamp = Math.max(stamp, ...changes.map(({ modifiedAt }) => modifiedAt))
        }
      },
  ),
  'goes-on-from-a-cursor': reading((good) => (entity, window, ctx) => {
    const again = { ...window }
    delete again.cursor
    return good(entity, again, ctx)
  }),
  'survives-edits': byNumbers,
  'survives-deletions': byNumbers,
  'gives-canonical-records': withRecord((record) => ({ ...record, shopKey: 'x', internal: true })),
  'unchanged-is-equal': changing((one) => ({ ...one, version: { ...one.version, read: (read -= 1) } })),
  'versions-grow': changing((one) => ({ ...one, version: { row: 1 } })),
  'one-bad-row': changing((one) => (one.type === 'invalid' ? undefined : one)),
  'exact-amounts': withRecord((record) =>
    record.entity === 'order' ? { ...record, gross: { ...record.gross, amount: Number(record.gross.amount).toFixed(2) } } : record,
  ),
  'gets-one': (good) => ({
    ...good,
    async get(entity, id, ctx) {
      if (!firstSeen.has(id)) firstSeen.set(id, await good.get(entity, id, ctx))
      return firstSeen.get(id)
    },
  }),
  'gone-is-nothing': (good) => ({
    ...good,
    async get(...args) {
      const found = await good.get(...args)
      if (found === undefined) throw new MillraceError({ code: 'not_found', message: 'It is not there.' })
      return found
    },
  }),
  'lists-ids': (good) => ({
    ...good,
    async *ids(...args) {
      for await (const page of good.ids?.(...args) ?? []) {
        yield page
        return
      }
    },
  }),
  counts: (good) => ({ ...good, count: async () => pageSize }),
  'checks-well': (good) => ({ ...good, check: async () => [{ level: 'error', code: 'always', message: 'Never content.' }] }),
  'checks-credentials': (good) => ({ ...good, check: async () => [{ level: 'ok', code: 'reachable', message: 'Always content.' }] }),
  'failing-shop-is-an-error': throwing(() => undefined),
  'goes-on-after-a-fault': reading(
    (good) =>
      async function* (...args) {
        try {
          yield* good(...args)
        } catch {
          yield { changes: [], cursor: `${Number.MAX_SAFE_INTEGER}|zzz` }
        }
      },
  ),
  'refused-credential-stops': throwing((error) => new MillraceError({ code: 'failed', message: 'Later.', retryable: true, cause: error })),
  // Asks something more with a client that knows no limits.
  'obeys-429': (good, baseUrl) => ({
    ...good,
    async *read(...args) {
      yield* good.read(...args)
      while ((await fetch(`${baseUrl}/time`)).status === 429);
    },
  }),
  'no-personal-data': (good, baseUrl) => ({
    ...good,
    async get(...args) {
      try {
        return await good.get(...args)
      } catch {
        throw new MillraceError({
          code: 'failed',
          message: `The shop said ${await (await fetch(`${baseUrl}/customers`)).text()}`,
          retryable: true,
        })
      }
    },
  }),
  'writes-nothing': (good, baseUrl) => ({
    ...good,
    async check(ctx) {
      await fetch(`${baseUrl}/probe`, { method: 'POST' })
      return good.check(ctx)
    },
  }),
  'obeys-abort': throwing((error) => (error instanceof MillraceError && error.code === 'aborted' ? undefined : error)),
  'refuses-foreign-notifications': (good) => ({
    ...good,
    decode: () => ({ notices: [] }) as unknown as ReturnType<NonNullable<Source['decode']>>,
  }),
}

describe('every rule for sources', () => {
  it('has a mutant', () => {
    expect(Object.keys(mutants)).toEqual(sourceRules.map(({ id }) => id))
  })

  it.each(sourceRules.map((rule) => [rule.id, rule] as const))('%s kills its mutant', async (id, rule) => {
    const mutant = mutants[id] ?? ((good: Source) => good)
    const source = (baseUrl: string): Source => mutant(acmeShop({ baseUrl, pageSize }), baseUrl)
    const entity = id === 'exact-amounts' ? 'order' : 'customer'
    await expect(checkSourceRule(rule, entity, { source, fake: startAcmeShop, pageSize })).rejects.toThrow(
      expect.objectContaining({ name: 'AssertionError' }),
    )
  })
})
