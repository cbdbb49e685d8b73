import assert from 'node:assert/strict'
import type { Input } from '@millrace/core'
import type { DestinationRule } from '../rule.ts'
import type { SceneDelivery, Scene } from '../scene.ts'
import { notOfConsent, onlyUpserts, withIds } from './declaration.ts'

/** Asserts that exactly these units are delivered. */
export function assertDelivered(delivery: SceneDelivery, units: readonly string[]): void {
  if (delivery.thrown !== undefined) throw delivery.thrown
  for (const unit of units) {
    const outcome = delivery.outcomes.get(unit)
    const why = outcome?.result === 'failed' ? `: ${outcome.error.code}, ${outcome.error.message}` : ''
    assert.equal(outcome?.result, 'delivered', `${unit} should be delivered and is ${outcome?.result ?? 'without an outcome'}${why}`)
  }
}

/** Asserts that nothing is called delivered. */
export function assertNoneDelivered({ outcomes }: SceneDelivery): void {
  for (const [unit, { result }] of outcomes) assert.notEqual(result, 'delivered', `${unit} is called delivered`)
}

/** The units of inputs. */
export const unitsOf = (inputs: readonly { unit: string }[]): string[] => inputs.map(({ unit }) => unit)

async function poisoned(scene: Scene, size: number) {
  const inputs = await scene.inputs(size, 100)
  const at = Math.floor(size / 3)
  const mixed = inputs.map((input, index) => (index === at ? scene.fake.poison(input) : input))
  const good = mixed.filter((_, index) => index !== at)
  return { mixed, good, bad: inputs[at]?.unit ?? '' }
}

async function assertOnlyPoisonFails(scene: Scene, size: number): Promise<void> {
  const { mixed, good, bad } = await poisoned(scene, size)
  const before = await scene.count()
  const delivery = await scene.deliver(mixed)
  assertDelivered(delivery, unitsOf(good))
  const outcome = delivery.outcomes.get(bad)
  assert.equal(outcome?.result, 'failed', `the bad record ${bad} is ${outcome?.result ?? 'without an outcome'}`)
  if (outcome?.result === 'failed') {
    assert.equal(outcome.error.scope, 'record', 'the fault of one record must have scope record')
    assert.equal(outcome.error.retryable, false, 'a record that the vendor refuses for its content is not repeated')
  }
  assert.equal((await scene.count()) - before, good.length)
}

/** What becomes of inputs when the vendor works. */
export const outcomeRules: readonly DestinationRule[] = [
  {
    id: 'outcome-per-input',
    sentence: 'Every input gets exactly one outcome, under its unit, with the id of the object that holds its key.',
    exempt: withIds,
    async check(scene) {
      const inputs = await scene.inputs(5)
      const before = await scene.count()
      const delivery = await scene.deliver(inputs)
      assertDelivered(delivery, unitsOf(inputs))
      for (const { unit, key } of inputs) {
        const outcome = delivery.outcomes.get(unit)
        assert.ok(outcome?.result === 'delivered' && outcome.created, `${unit} is new and should be called created`)
        assert.ok(outcome.remoteId !== undefined, `${unit} has no remoteId`)
        assert.equal(await scene.fake.keyOf(scene.object, outcome.remoteId), key, `the remoteId of ${unit} belongs to another record`)
      }
      assert.equal((await scene.count()) - before, inputs.length)
    },
  },
  {
    id: 'upsert-by-key',
    sentence: 'Delivering a record again updates the same object and says that it was not created.',
    exempt: (destination, object) => onlyUpserts(destination, object) ?? notOfConsent(destination, object),
    async check(scene) {
      const inputs = await scene.inputs(3)
      const first = await scene.deliver(inputs)
      const before = await scene.count()
      for (const linked of [true, false]) {
        const repeated = inputs.map((input) => {
          const outcome = first.outcomes.get(input.unit)
          const link = { remoteKey: input.key, ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }) }
          return { ...input, ...(linked ? link : {}), objects: outcome?.objects ?? {}, uncertain: !linked }
        })
        const second = await scene.deliver(repeated)
        assertDelivered(second, unitsOf(inputs))
        for (const [unit, outcome] of second.outcomes) {
          assert.ok(outcome.result === 'delivered' && !outcome.created, `${unit} existed and is called created`)
          assert.equal(outcome.remoteId, first.outcomes.get(unit)?.remoteId, `${unit} changed its object`)
        }
        assert.equal(await scene.count(), before)
      }
    },
  },
  {
    id: 'whole-claim',
    sentence:
      'As many inputs as limits.deliver allows are delivered by one call, whatever the vendor takes per request; all are there, and no request was too large.',
    async check(scene) {
      const size = Math.min(scene.destination.limits.deliver[scene.object] ?? 1, 250)
      const inputs = await scene.inputs(size)
      const before = await scene.count()
      scene.vendor.forget()
      assertDelivered(await scene.deliver(inputs), unitsOf(inputs))
      assert.equal((await scene.count()) - before, size, `objects there, of ${size} that are called delivered`)
      const refused = scene.writes().find(({ status }) => [400, 413, 414, 422].includes(status))
      assert.equal(
        refused,
        undefined,
        `${refused?.method} ${refused?.path} was refused with ${refused?.status} although every record is valid: send no more at once than the vendor takes`,
      )
    },
  },
  {
    id: 'nothing-for-nothing',
    sentence: 'An empty delivery writes nothing and yields nothing.',
    async check(scene) {
      scene.vendor.forget()
      const { outcomes, thrown } = await scene.deliver([])
      assert.deepEqual([outcomes.size, thrown, scene.writes().length], [0, undefined, 0])
    },
  },
  {
    id: 'one-bad-record',
    sentence: 'A record that the vendor refuses fails alone, for good and with scope record; all others are delivered by the same call.',
    async check(scene) {
      await assertOnlyPoisonFails(scene, Math.min(scene.destination.limits.deliver[scene.object] ?? 1, 20))
    },
  },
  {
    id: 'bounded-bisection',
    sentence: 'Finding one bad record among n costs at most 2 log2(n) + 2 more deliveries of one record.',
    async check(scene) {
      const size = Math.min(scene.destination.limits.deliver[scene.object] ?? 1, 50)
      const cost = async (inputs: readonly Input[]): Promise<number> => {
        scene.vendor.forget()
        await scene.deliver(inputs)
        return scene.writes().length
      }
      const one = await cost(await scene.inputs(1, 200))
      const clean = await cost(await scene.inputs(size))
      const dirty = await cost((await poisoned(scene, size)).mixed)
      const bound = clean + one * (2 * Math.log2(size) + 2)
      assert.ok(dirty <= bound, `${dirty} writes with one bad record among ${size}, ${clean} without: at most ${Math.floor(bound)} allowed`)
    },
  },
  {
    id: 'order-does-not-matter',
    sentence: 'Results that come back in another order are still correlated by key.',
    exempt: withIds,
    async check(scene) {
      const { mixed, good, bad } = await poisoned(scene, Math.min(scene.destination.limits.deliver[scene.object] ?? 1, 7))
      scene.vendor.always({ kind: 'reorder' })
      const delivery = await scene.deliver(mixed)
      assertDelivered(delivery, unitsOf(good))
      assert.equal(delivery.outcomes.get(bad)?.result, 'failed')
      for (const { unit, key } of good) {
        assert.equal(
          await scene.fake.keyOf(scene.object, delivery.outcomes.get(unit)?.remoteId ?? ''),
          key,
          `${unit} has the id of another record`,
        )
      }
    },
  },
  {
    id: 'repeated-key',
    sentence: 'Two inputs of one key in one delivery make one object and harm no other record.',
    exempt: onlyUpserts,
    async check(scene) {
      const [first, other] = await scene.inputs(2)
      if (first === undefined || other === undefined) return
      const before = await scene.count()
      const delivery = await scene.deliver([first, { ...first, unit: `${first.unit}:twin` }, other])
      assertDelivered(delivery, [other.unit])
      await scene.settle([first, other], { outcomes: new Map(), yields: [] })
      assert.equal((await scene.count()) - before, 2)
    },
  },
]
