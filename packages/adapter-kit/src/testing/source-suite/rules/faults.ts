import assert from 'node:assert/strict'
import { isMillraceError, type MillraceError } from '@millrace/core'
import type { Fault } from '../../fault.ts'
import type { SourceRule } from '../rule.ts'
import { idsOf, type SourceScene } from '../scene.ts'

/** Answers that are none: a gateway's, an empty one without a word, one that never comes whole. */
const faults: readonly (readonly [string, Fault])[] = [
  ['status 500', { kind: 'status', status: 500, body: {} }],
  ["a gateway's page", { kind: 'html' }],
  ['a page of HTML with status 200', { kind: 'lie', body: '<html>maintenance</html>' }],
  ['an empty object with status 200', { kind: 'lie', body: {} }],
  ['an answer that is cut', { kind: 'partial' }],
  ['a connection that breaks', { kind: 'reset', when: 'before' }],
]

const canary = 'canary.person@example.com'

type Call = readonly [string, (scene: SourceScene, id: string) => Promise<unknown>]

/** Everything that asks the shop for records. */
const callsOf = ({ source }: SourceScene): Call[] => {
  const calls: Call[] = [
    ['a full read', (scene) => scene.changes(scene.everything(), scene.another())],
    ['a delta read', (scene) => scene.changes({ mode: 'delta', from: 0, to: scene.now }, scene.another())],
    ['get()', (scene, id) => scene.another().get(scene.entity, id, scene.ctx)],
  ]
  if (source.ids !== undefined) calls.push(['ids()', (scene) => Array.fromAsync(scene.another().ids?.(scene.entity, scene.ctx) ?? [])])
  if (source.count !== undefined) calls.push(['count()', async (scene) => scene.another().count?.(scene.entity, undefined, scene.ctx)])
  return calls
}

/** Lets every request from the n-th on fail. */
const from = (place: number): (() => boolean) => {
  let seen = 0
  return () => {
    seen += 1
    return seen > place
  }
}

const errorOf = async (work: Promise<unknown>, what: string): Promise<MillraceError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error !== undefined, `${what} ended as if it were complete: throw, or records are taken for deleted or never read`)
  assert.ok(isMillraceError(error), `${what} threw ${error instanceof Error ? error.name : typeof error}, which is no MillraceError`)
  return error
}

/** What happens when the shop does not answer as it should. */
export const faultRules: readonly SourceRule[] = [
  {
    id: 'failing-shop-is-an-error',
    sentence:
      'A shop that fails, or answers what is no answer, at the first request or at the last one, makes an error: never the end, an empty shop or a record that is gone.',
    needsServer: true,
    async check(scene) {
      const { vendor } = scene
      const [id = ''] = await scene.add(2 * scene.pageSize + 3, 1_000)
      for (const [what, call] of callsOf(scene)) {
        vendor.forget()
        await call(scene, id)
        const requests = vendor.count()
        for (const [name, fault] of faults) {
          for (const place of new Set([0, requests - 1])) {
            vendor.always(fault, { where: from(place) })
            const error = await errorOf(call(scene, id), `${what} of which request ${place + 1} of ${requests} met ${name}`)
            assert.ok(error.retryable, `${what} met ${name} and threw ${error.code}, which is not retryable: it would need a person`)
            vendor.clear()
          }
        }
      }
    },
  },
  {
    id: 'goes-on-after-a-fault',
    sentence:
      'One request that fails in the middle of a read costs nothing: it is repeated, or the read fails and goes on from its last cursor.',
    needsServer: true,
    async check(scene) {
      const { vendor } = scene
      const ids = await scene.add(2 * scene.pageSize + 3, 1_000)
      vendor.forget()
      await scene.changes(scene.everything(), scene.another())
      const requests = vendor.count()
      for (const [name, fault] of faults) {
        vendor.next(fault, { where: from(requests - 2) })
        const source = scene.another()
        const seen: string[] = []
        let cursor: string | undefined
        for (let tries = 0; tries < 2; tries += 1) {
          try {
            for await (const page of source.read(
              scene.entity,
              { ...scene.everything(), ...(cursor === undefined ? {} : { cursor }) },
              scene.ctx,
            )) {
              seen.push(...idsOf(page.changes))
              cursor = page.cursor
            }
            break
          } catch (error) {
            assert.ok(isMillraceError(error) && tries === 0, `${name}: the read fails again after the shop has recovered`)
          }
        }
        assert.deepEqual(seen.toSorted(), ids.toSorted(), name)
        vendor.clear()
      }
    },
  },
  {
    id: 'refused-credential-stops',
    sentence: 'A refused credential or missing right is an error of scope destination that is not retryable.',
    needsServer: true,
    async check(scene) {
      const [id = ''] = await scene.add(2)
      for (const status of [401, 403]) {
        scene.vendor.always({ kind: 'status', status, body: {} })
        for (const [what, call] of callsOf(scene)) {
          const { scope, retryable, code } = await errorOf(call(scene, id), `${what} that met ${status}`)
          assert.deepEqual({ scope, retryable }, { scope: 'destination', retryable: false }, `${what} met ${status} and threw ${code}`)
        }
        scene.vendor.clear()
      }
    },
  },
  {
    id: 'obeys-429',
    sentence: 'A 429 with Retry-After is obeyed: nothing is asked earlier, or the wait is handed to the engine.',
    needsServer: true,
    async check(scene) {
      const { vendor } = scene
      await scene.add(2 * scene.pageSize + 3)
      vendor.forget()
      await scene.changes(scene.everything(), scene.another())
      const last = vendor.count() - 1
      vendor.forget()
      vendor.next({ kind: 'status', status: 429, headers: { 'retry-after': '4' }, body: {} }, { where: from(last) })
      const error: unknown = await scene.changes(scene.everything(), scene.another()).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      const place = vendor.requests.findIndex(({ status }) => status === 429)
      const [refused, next] = vendor.requests.slice(place)
      assert.ok(refused !== undefined)
      if (next === undefined) {
        assert.ok(
          isMillraceError(error) && error.retryable && (error.retryAfterMs ?? 0) > 3_000,
          'retryAfterMs says how long the shop wants to be left alone',
        )
      } else {
        assert.ok(next.at - refused.at >= 4_000, `asked again after ${Math.round(next.at - refused.at)} ms, the shop asked for 4000`)
        assert.equal(error, undefined)
      }
    },
  },
  {
    id: 'no-personal-data',
    sentence: 'Errors hold nothing of what the shop answered: no address, no name, no secret.',
    needsServer: true,
    async check(scene) {
      const [id = ''] = await scene.add(2)
      for (const status of [400, 401, 403, 422, 500]) {
        scene.vendor.always({
          kind: 'status',
          status,
          body: { message: canary, error: canary, errors: [{ code: canary, message: canary }] },
        })
        for (const [what, call] of callsOf(scene)) {
          const error = await errorOf(call(scene, id), `${what} that met ${status}`)
          const text = `${error.message} ${JSON.stringify(error)}`
          assert.ok(!text.includes('canary'), `${what} that met ${status} repeats what the shop said: ${text.slice(0, 300)}`)
        }
        scene.vendor.clear()
      }
    },
  },
]
