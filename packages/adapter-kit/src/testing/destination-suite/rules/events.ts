import assert from 'node:assert/strict'
import type { Destination, Input } from '@millrace/core'
import type { DestinationRule } from '../rule.ts'
import type { Scene, SceneDelivery } from '../scene.ts'
import { assertDelivered } from './outcomes.ts'

const isEvent = (destination: Destination, object: string): boolean => destination.objects[object]?.from === 'event'

const onlyEvents = (destination: Destination, object: string): string | undefined =>
  isEvent(destination, object) ? undefined : 'it is not made from events'

const onlyAtMostOnce = (destination: Destination, object: string): string | undefined =>
  onlyEvents(destination, object) ??
  (destination.delivery[object] === 'at-most-once' ? undefined : 'repetitions of its events are recognised')

const onlyRepeatable = (destination: Destination, object: string): string | undefined =>
  onlyEvents(destination, object) ?? (destination.delivery[object] === 'at-most-once' ? 'its events are told at most once' : undefined)

const batch = 4

/** What is sent again without anybody's decision: what surely did not arrive. Statuses of refusals say that too. */
function surelyOpen(inputs: readonly Input[], { outcomes, thrown }: SceneDelivery): Input[] {
  return inputs.filter(({ unit }) => {
    const outcome = outcomes.get(unit)
    const error = outcome?.result === 'failed' ? outcome.error : outcome === undefined ? thrown : undefined
    const { applied, status } = error?.context ?? {}
    return error !== undefined && (applied === 'no' || (applied !== 'unknown' && typeof status === 'number' && status < 500))
  })
}

/** Every write of a delivery meets the fault, one delivery after the other; says what was made, and what surely was not. */
async function strike(scene: Scene, kind: 'reset' | 'partial', place: number): Promise<{ made: number; open: number }> {
  const inputs = await scene.inputs(batch, 3_000 + place * 100)
  const before = await scene.count()
  let passed = 0
  const fault = kind === 'reset' ? ({ kind: 'reset', when: 'after' } as const) : ({ kind: 'partial' } as const)
  scene.vendor.always(fault, { where: (request) => scene.isWrite(request) && ++passed > place })
  const delivery = await scene.deliver(inputs)
  scene.vendor.clear()
  const open = surelyOpen(inputs, delivery)
  if (open.length > 0) await scene.deliver(open)
  return { made: (await scene.count()) - before, open: open.length }
}

/** What becomes of events: facts that are told, not states that are kept. */
export const eventRules: readonly DestinationRule[] = [
  {
    id: 'events-are-told',
    sentence: 'Every event is told once, and its outcome says that it is delivered.',
    exempt: onlyEvents,
    async check(scene) {
      const inputs = await scene.inputs(5)
      const before = await scene.count()
      const delivery = await scene.deliver(inputs)
      assertDelivered(
        delivery,
        inputs.map(({ unit }) => unit),
      )
      assert.equal((await scene.count()) - before, inputs.length)
    },
  },
  {
    id: 'events-are-never-doubled',
    sentence:
      'At most once: an event whose answer is lost or cut is not sent again by the call, and never said to have surely not arrived.',
    exempt: onlyAtMostOnce,
    async check(scene) {
      for (const kind of ['reset', 'partial'] as const) {
        for (const place of [0, 1]) {
          const { made } = await strike(scene, kind, place + (kind === 'reset' ? 0 : 5))
          assert.ok(made <= batch, `${made} events were told of ${batch}, when the answer was lost at write ${place + 1}`)
        }
      }
    },
  },
  {
    id: 'events-repeat-under-their-id',
    sentence: 'Idempotent: an event that is delivered again, or whose answer was lost, is told once in the end.',
    exempt: onlyRepeatable,
    async check(scene) {
      const inputs = await scene.inputs(batch, 4_000)
      const before = await scene.count()
      for (let time = 0; time < 2; time += 1) await scene.settle(inputs, await scene.deliver(inputs))
      assert.equal((await scene.count()) - before, batch, 'events that were delivered twice')
      const lost = await scene.inputs(batch, 4_100)
      scene.vendor.always({ kind: 'reset', when: 'after' }, { where: (request) => scene.isWrite(request) })
      const first = await scene.deliver(lost)
      scene.vendor.clear()
      await scene.settle(lost, first)
      assert.equal((await scene.count()) - before, 2 * batch, 'events whose answer was lost')
    },
  },
]
