import assert from 'node:assert/strict'
import { type Destination, type ErasureOutcome, type ErasureTarget, type Input, isMillraceError, type MillraceError } from '@millrace/core'
import { archived, linked } from '../linked.ts'
import type { DestinationRule } from '../rule.ts'
import { personalTexts, type Scene } from '../scene.ts'
import { onlyUpserts, withIds } from './declaration.ts'
import { assertHolds, heldOf } from './held.ts'
import { assertDelivered, unitsOf } from './outcomes.ts'

const kept = (destination: Destination, object: string): string | undefined =>
  onlyUpserts(destination, object) ?? withIds(destination, object)

const erases = (destination: Destination, object: string): string | undefined =>
  destination.objects[object]?.from === 'person'
    ? destination.erase === undefined
      ? 'it erases nobody'
      : undefined
    : 'it is not made from people'

const targetOf = ({ unit, key, fields, remoteId }: Input): ErasureTarget => ({
  unit,
  key,
  ...(remoteId === undefined ? {} : { remoteId }),
  emails: Object.values(fields)
    .filter((value) => typeof value === 'string' && value.includes('@'))
    .map(String),
  phones: [],
  related: [],
})

interface Erasure {
  outcomes: ReadonlyMap<string, ErasureOutcome>
  thrown?: MillraceError
}

async function erase(scene: Scene, people: readonly ErasureTarget[]): Promise<Erasure> {
  const outcomes = new Map<string, ErasureOutcome>()
  try {
    for await (const batch of scene.destination.erase?.(people, scene.ctx) ?? []) {
      for (const outcome of batch) {
        assert.ok(
          people.some(({ unit }) => unit === outcome.unit),
          `an erasure names ${outcome.unit}, who was not handed in`,
        )
        assert.ok(!outcomes.has(outcome.unit), `the erasure of ${outcome.unit} has two outcomes`)
        outcomes.set(outcome.unit, outcome)
      }
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    return { outcomes, thrown: error }
  }
  await scene.fake.finishImports?.()
  return { outcomes }
}

const storyOf = (outcome: ErasureOutcome | undefined): string =>
  outcome?.result === 'failed' ? `failed with ${outcome.error.code}: ${outcome.error.message}` : (outcome?.result ?? 'without an outcome')

function assertResult({ outcomes, thrown }: Erasure, units: readonly string[], allowed: readonly string[], what: string): void {
  if (thrown !== undefined) throw thrown
  for (const unit of units) {
    const outcome = outcomes.get(unit)
    assert.ok(allowed.includes(outcome?.result ?? ''), `${what} of ${unit} is ${storyOf(outcome)} instead of ${allowed.join(' or ')}`)
  }
}

/** People at the vendor, linked. */
async function known(scene: Scene, count: number, from = 0): Promise<Input[]> {
  const inputs = await scene.inputs(count, from)
  const delivery = await scene.deliver(inputs)
  assertDelivered(delivery, unitsOf(inputs))
  return inputs.map((input) => linked(input, delivery.outcomes.get(input.unit)))
}

/** Asserts that nothing the destination offers shows the person any more. */
async function assertForgotten(scene: Scene, person: Input): Promise<void> {
  const remoteId = person.remoteId ?? ''
  const texts = personalTexts([person])
  const shows = (found: unknown): boolean =>
    texts.some((text) =>
      JSON.stringify(found ?? null)
        .toLowerCase()
        .includes(text.toLowerCase()),
    )
  assert.ok(!shows(await heldOf(scene, remoteId)), `${person.unit} was erased, and the vendor still holds what names them`)
  const { destination, object, ctx } = scene
  const fields = Object.keys(person.fields)
  if (destination.objects[object]?.writeOnly !== true)
    assert.ok(
      !shows(await destination.read?.({ object, remoteIds: [remoteId], fields }, ctx)),
      `read still shows ${person.unit}, who was erased`,
    )
  const values = targetOf(person).emails.map((email) => email.toLowerCase())
  for (const by of destination.objects[object]?.adoptBy ?? []) {
    const found = (await destination.find?.({ object, by, values }, ctx)) ?? []
    assert.equal(found.length, 0, `find still knows ${person.unit}, who was erased`)
  }
}

/** How things are taken away. */
export const removalRules: readonly DestinationRule[] = [
  {
    id: 'archives',
    sentence:
      'A record that is archived is gone or flagged at the vendor and no other is; one that is gone already is delivered. Where the vendor has no way, it fails as archive_unsupported and stays.',
    exempt: kept,
    async check(scene) {
      const inputs = await known(scene, 3)
      const [first, second, other] = inputs
      assert.ok(first !== undefined && second !== undefined && other !== undefined)
      const before = await heldOf(scene, first.remoteId ?? '')
      const gone = [archived(first), archived(second)]
      const delivery = await scene.deliver(gone)
      const refused = gone.every(({ unit }) => {
        const outcome = delivery.outcomes.get(unit)
        return outcome?.result === 'failed' && outcome.error.code === 'archive_unsupported'
      })
      if (refused) {
        await assertHolds(scene, inputs, { outcomes: new Map(), yields: [] })
        return
      }
      assertDelivered(delivery, unitsOf(gone))
      for (const { remoteId = '', unit } of gone) {
        const held = await heldOf(scene, remoteId)
        assert.ok(
          held === undefined || JSON.stringify(held) !== JSON.stringify(before),
          `${unit} is archived and is at the vendor as it was: delete it, or set a field that says so`,
        )
      }
      await assertHolds(scene, [other], { outcomes: new Map(), yields: [] })
      const count = await scene.count()
      const again = await scene.deliver(gone.map((input) => ({ ...input, uncertain: true })))
      assertDelivered(again, unitsOf(gone))
      assert.equal(await scene.count(), count, 'archiving again what was gone changed how many there are')
    },
  },
  {
    id: 'erases',
    sentence: 'A person who is erased is shown by nothing any more, and nobody else is touched; erased again, or unknown, is no failure.',
    exempt: erases,
    async check(scene) {
      const people = await known(scene, 3)
      const [first, second, other] = people
      assert.ok(first !== undefined && second !== undefined && other !== undefined)
      // Known by id, and known by key and address alone, as after a store was lost.
      const { remoteId: _, ...unlinked } = second
      const targets = [targetOf(first), targetOf(unlinked)]
      const done = await erase(scene, targets)
      assertResult(done, [first.unit, second.unit], ['erased', 'requested'], 'the erasure')
      await assertForgotten(scene, first)
      await assertForgotten(scene, second)
      await assertHolds(scene, [other], { outcomes: new Map(), yields: [] })
      assertResult(await erase(scene, targets), [first.unit, second.unit], ['absent', 'erased', 'requested'], 'the second erasure')
      const count = await scene.count()
      const nobody = { unit: 'person:suite:nobody', key: 'Suite-Nobody', emails: ['nobody-at-all@example.com'], phones: [], related: [] }
      assertResult(await erase(scene, [nobody]), [nobody.unit], ['absent'], 'the erasure of somebody unknown')
      assert.equal(await scene.count(), count, 'erasing somebody unknown changed how many there are')
      await assertHolds(scene, [other], { outcomes: new Map(), yields: [] })
    },
  },
  {
    id: 'failed-erasure-is-told',
    sentence: 'An erasure that the vendor did not do, because it fails or refuses the credential, is never called done.',
    exempt: erases,
    async check(scene) {
      const [person] = await known(scene, 1)
      assert.ok(person !== undefined)
      for (const fault of [
        { kind: 'status', status: 500, body: {} },
        { kind: 'status', status: 401, body: {} },
        { kind: 'html' },
        { kind: 'reset', when: 'before' },
      ] as const) {
        for (const writesOnly of [true, false]) {
          scene.vendor.always(fault, { where: (request) => !writesOnly || scene.isWrite(request) })
          const { outcomes, thrown } = await erase(scene, [targetOf(person)])
          scene.vendor.clear()
          const outcome = outcomes.get(person.unit)
          assert.ok(
            thrown !== undefined || outcome?.result === 'failed',
            `the vendor answered ${'status' in fault ? fault.status : fault.kind} and the erasure is called ${outcome?.result ?? 'nothing'}`,
          )
          await assertHolds(scene, [person], { outcomes: new Map(), yields: [] })
        }
      }
    },
  },
]
