import assert from 'node:assert/strict'
import type { Input, Outcome } from '@millrace/core'
import type { Fault, ReceivedRequest } from '../../fault.ts'
import { changed, linked } from '../linked.ts'
import type { DestinationRule } from '../rule.ts'
import type { SceneDelivery, Scene } from '../scene.ts'
import { onlyUpserts, withIds } from './declaration.ts'
import { assertNoneDelivered } from './outcomes.ts'

const batch = 4

/** Delivers a clean batch and says what it took: how many writes, and how many objects and children it made. */
async function measure(scene: Scene): Promise<{ writes: number; made: number[] }> {
  const inputs = await scene.inputs(batch, 1_000)
  const before = await counts(scene)
  scene.vendor.forget()
  await scene.settle(inputs, await scene.deliver(inputs))
  const after = await counts(scene)
  return { writes: scene.writes().length, made: after.map((count, index) => count - (before[index] ?? 0)) }
}

const counts = async (scene: Scene): Promise<number[]> => {
  const children = Object.keys(scene.destination.objects[scene.object]?.children ?? {})
  return Promise.all([scene.count(), ...children.map((name) => scene.count(name))])
}

/**
 * Lets each write of a delivery meet the fault, one delivery after the other: once, so that the adapter may heal it within the call, and from that write on,
 * so that the engine has to. Either way everything must be there exactly once in the end.
 */
async function survives(scene: Scene, fault: Fault, then?: (scene: Scene) => Promise<unknown>): Promise<void> {
  const clean = await measure(scene)
  const places = Array.from({ length: Math.min(clean.writes, 6) }, (_, place) => place)
  for (const [round, place] of [...places, ...places].entries()) {
    const inputs = await scene.inputs(batch, 2_000 + round * 100)
    const before = await counts(scene)
    const lasts = round >= places.length
    let passed = 0
    const where = (request: ReceivedRequest): boolean => {
      if (!scene.isWrite(request)) return false
      passed += 1
      return lasts ? passed > place : passed === place + 1
    }
    scene.vendor.always(fault, { where })
    const first = await scene.deliver(inputs)
    scene.vendor.clear()
    assertRepeatable(first)
    await scene.settle(inputs, first)
    await then?.(scene)
    const after = await counts(scene)
    assert.deepEqual(
      after.map((count, index) => count - (before[index] ?? 0)),
      clean.made,
      `objects and children made when the fault struck at write ${place + 1}${lasts ? ' and all later ones' : ''}, against a clean delivery`,
    )
  }
}

/** A fault of the way must never become a permanent failure of a record. */
function assertRepeatable({ outcomes, thrown }: SceneDelivery): void {
  const errors = [...outcomes.values()].flatMap((outcome: Outcome) => (outcome.result === 'failed' ? [outcome.error] : []))
  for (const error of thrown === undefined ? errors : [...errors, thrown]) {
    assert.ok(error.retryable, `${error.code} is not retryable, although the fault was not the record's`)
  }
}

async function deliverAgainst(scene: Scene, fault: Fault): Promise<{ inputs: Input[]; delivery: SceneDelivery; made: number }> {
  const inputs = await scene.inputs(batch)
  const before = await scene.count()
  scene.vendor.forget()
  scene.vendor.always(fault, { where: (request) => scene.isWrite(request) })
  const delivery = await scene.deliver(inputs)
  scene.vendor.clear()
  return { inputs, delivery, made: (await scene.count()) - before }
}

/** Changes to records that are there, which the vendor says it took and did not. */
async function silentUpdates(scene: Scene): Promise<void> {
  const inputs = await scene.inputs(batch, 100)
  const first = await scene.deliver(inputs)
  const values = await scene.inputs(batch, 5_000)
  const next = inputs.map((input, at) => changed(linked(input, first.outcomes.get(input.unit)), values[at]?.fields ?? {}))
  for (const [status, body] of [
    [200, {}],
    [200, ''],
    [204, ''],
  ] as const) {
    scene.vendor.always({ kind: 'lie', status, body }, { where: (request) => scene.isWrite(request) })
    const { outcomes } = await scene.deliver(next)
    scene.vendor.clear()
    for (const [unit, { result }] of outcomes)
      assert.notEqual(
        result,
        'delivered',
        `the change of ${unit} is called delivered, though the vendor answered ${status} without naming it and did nothing: read it back before you say so`,
      )
  }
}

const firstAlone =
  'Calls side by side are under way before the first is answered: send the first one alone, and throw errors whose scope is destination; `deliverEach` does both.'

/** What becomes of inputs when vendor or network misbehave. */
export const faultRules: readonly DestinationRule[] = [
  {
    id: 'silence-is-not-success',
    sentence:
      'A success status that confirms nothing (empty object, empty list, no body) delivers nothing, of new records and of changes to ones that are there.',
    async check(scene) {
      for (const body of [{}, { results: [] }, [], '']) {
        const { delivery, made } = await deliverAgainst(scene, { kind: 'lie', body })
        assertNoneDelivered(delivery)
        assert.equal(made, 0)
      }
      // Some vendors say no more than this of an event.
      if (scene.destination.delivery[scene.object] === 'at-most-once') return
      const { delivery } = await deliverAgainst(scene, { kind: 'lie', status: 204, body: '' })
      assertNoneDelivered(delivery)
      if (withIds(scene.destination, scene.object) === undefined) await silentUpdates(scene)
    },
  },
  {
    id: 'reset-before-commit',
    sentence: 'A connection that breaks before the vendor acted loses nothing: repeated, everything is there once.',
    exempt: onlyUpserts,
    check: (scene) => survives(scene, { kind: 'reset', when: 'before' }),
  },
  {
    id: 'reset-after-commit',
    sentence: 'A connection that breaks after the vendor acted makes no duplicate: repeated, everything is there once, children too.',
    exempt: onlyUpserts,
    check: (scene) => survives(scene, { kind: 'reset', when: 'after' }),
  },
  {
    id: 'cut-answer',
    sentence: 'An answer that is cut in the middle counts as none.',
    exempt: onlyUpserts,
    check: (scene) => survives(scene, { kind: 'partial' }),
  },
  {
    id: 'late-request',
    sentence: 'A request that the vendor applies after its repetition makes no second object.',
    exempt: onlyUpserts,
    check: (scene) => survives(scene, { kind: 'late' }, ({ vendor }) => vendor.applyLate()),
  },
  {
    id: 'outage',
    sentence: 'Gateway pages and 5xx are retryable, deliver nothing and spoil no record.',
    async check(scene) {
      for (const fault of [
        { kind: 'html' },
        { kind: 'status', status: 500, body: {} },
        { kind: 'lie', body: '<html>maintenance</html>' },
      ] as const) {
        const { delivery, made } = await deliverAgainst(scene, fault)
        assertNoneDelivered(delivery)
        assertRepeatable(delivery)
        assert.equal(made, 0)
      }
    },
  },
  {
    id: 'refused-credential',
    sentence: 'A 401 is an error of the destination, found out with few requests, and is no fault of a record.',
    async check(scene) {
      const { delivery } = await deliverAgainst(scene, { kind: 'status', status: 401, body: {} })
      const errors = [
        delivery.thrown,
        ...[...delivery.outcomes.values()].map((outcome) => (outcome.result === 'failed' ? outcome.error : undefined)),
      ]
      const known = errors.filter((error) => error !== undefined)
      assert.ok(known.length > 0, 'the refusal is not reported')
      for (const error of known) assert.deepEqual([error.code, error.scope], ['credentials_rejected', 'destination'])
      assert.ok(
        scene.writes().length <= 2,
        `${scene.writes().length} writes were tried with a refused credential, at most 2 are allowed. ${firstAlone}`,
      )
    },
  },
  {
    id: 'obeys-429',
    sentence: 'A 429 with Retry-After is obeyed: no write goes out earlier, or the wait is handed to the engine; nothing is lost.',
    async check(scene) {
      const inputs = await scene.inputs(batch)
      const before = await scene.count()
      scene.vendor.forget()
      scene.vendor.next(
        { kind: 'status', status: 429, headers: { 'retry-after': '2' }, body: {} },
        { where: (request) => scene.isWrite(request) },
      )
      const delivery = await scene.deliver(inputs)
      const [refused, next] = scene.writes()
      assert.ok(refused !== undefined)
      if (next === undefined) {
        const [failed] = [...delivery.outcomes.values()].flatMap((outcome) => (outcome.result === 'failed' ? [outcome.error] : []))
        const error = delivery.thrown ?? failed
        assert.deepEqual([error?.code, error?.scope], ['rate_limited', 'destination'])
        assert.ok((error?.retryAfterMs ?? 0) > 1_000, `retryAfterMs is ${error?.retryAfterMs}, the vendor asked for 2000`)
      } else {
        assert.ok(
          next.at - refused.at >= 2_000,
          `the next write went out after ${Math.round(next.at - refused.at)} ms, the vendor asked for 2000. ${firstAlone}`,
        )
      }
      await scene.settle(inputs, delivery)
      assert.equal((await scene.count()) - before, inputs.length)
    },
  },
]
