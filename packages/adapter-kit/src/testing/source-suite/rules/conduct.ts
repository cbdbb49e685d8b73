import assert from 'node:assert/strict'
import { isMillraceError } from '@millrace/core'
import type { SourceRule } from '../rule.ts'

/** What a notification of another system, of a scanner, or of nobody looks like. */
const foreign: readonly unknown[] = [null, undefined, 0, '', 'x', [], {}, { message: {} }, { id: 1 }, [[]], { data: { object: null } }]

/** How a source behaves. */
export const conductRules: readonly SourceRule[] = [
  {
    id: 'writes-nothing',
    sentence: 'Whatever is asked, nothing is written at the shop.',
    needsServer: true,
    async check(scene) {
      const { source, entity, ctx, vendor } = scene
      const [id = ''] = await scene.add(3)
      await source.check(ctx)
      await source.now(ctx)
      await scene.changes(scene.everything())
      await source.get(entity, id, ctx)
      await Array.fromAsync(source.ids?.(entity, ctx) ?? [])
      await source.count?.(entity, undefined, ctx)
      await source.describe?.(ctx)
      await source.plan?.(ctx)
      const writes = vendor.requests.filter((request) => scene.isWrite(request))
      assert.deepEqual(
        writes.map(({ method, path }) => `${method} ${path}`),
        [],
      )
    },
  },
  {
    id: 'obeys-abort',
    sentence: 'A read that is stopped asks nothing more and ends with an error, also while the shop is silent.',
    needsServer: true,
    async check(scene) {
      const { entity, ctx, vendor, pageSize } = scene
      await scene.add(2 * pageSize + 3)
      const stop = new AbortController()
      const pages = scene.another().read(entity, scene.everything(), { ...ctx, signal: stop.signal })
      const reading = pages[Symbol.asyncIterator]()
      const first = await reading.next()
      assert.ok(first.done !== true)
      vendor.always({ kind: 'hang', applied: false })
      vendor.forget()
      const state: { over: boolean; error?: unknown } = { over: false }
      const rest = (async () => {
        while ((await reading.next()).done !== true);
      })()
        .catch((error: unknown) => {
          state.error = error
        })
        .finally(() => {
          state.over = true
        })
      while (vendor.count() === 0 && !state.over) await new Promise((resolve) => setImmediate(resolve))
      stop.abort()
      await rest
      assert.ok(state.error !== undefined, 'the read ended as if it were complete')
      const before = vendor.count()
      const none = scene.another().read(entity, scene.everything(), { ...ctx, signal: stop.signal })
      const stopped = none[Symbol.asyncIterator]()
      await assert.rejects(async () => stopped.next(), 'a read that is stopped before it begins gives nothing')
      assert.equal(vendor.count(), before, 'a read that is stopped before it begins asks nothing')
    },
  },
  {
    id: 'refuses-foreign-notifications',
    sentence: 'decode() refuses what is no notification of this shop with the error `notification_invalid`.',
    exempt: (source, entity) =>
      source.decode === undefined
        ? 'it understands no notifications'
        : entity === source.entities[0]
          ? undefined
          : 'the source is asked once',
    async check({ source }) {
      for (const payload of foreign) {
        try {
          source.decode?.(payload)
          assert.fail(`${JSON.stringify(payload)} was taken for a notification`)
        } catch (error) {
          assert.ok(isMillraceError(error) && error.code === 'notification_invalid', `${JSON.stringify(payload)} threw ${String(error)}`)
        }
      }
    },
  },
]
