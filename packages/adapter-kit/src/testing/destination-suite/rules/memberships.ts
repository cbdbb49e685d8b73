import assert from 'node:assert/strict'
import { membershipKey, type Destination, type Input, type Membership, type Outcome } from '@millrace/core'
import { linked } from '../linked.ts'
import type { DestinationRule } from '../rule.ts'
import type { Scene } from '../scene.ts'
import { assertDelivered } from './outcomes.ts'

const dimension = 'suite:dimension:'

const holdsNone = (destination: Destination, object: string): string | undefined =>
  (destination.objects[object]?.memberships ?? []).length === 0 ? 'it is in no lists or tags' : undefined

/** Two memberships of each kind that the object can hold, there at the vendor. */
async function named({ destination, object, fake }: Scene): Promise<{ first: Membership[]; second: Membership[] }> {
  const kinds = destination.objects[object]?.memberships ?? []
  const of = (name: string): Membership[] => kinds.map((kind) => ({ kind, name: `${dimension}${name}` }))
  const all = { first: of('one'), second: of('two') }
  for (const membership of [...all.first, ...all.second]) await fake.createMembership?.(membership)
  return all
}

const wanting = (input: Input, memberships: readonly Membership[]): Input => ({ ...input, memberships, membershipsChanged: true })

async function assertIn(scene: Scene, remoteId: string, wanted: readonly Membership[], why: string): Promise<void> {
  assert.ok(scene.fake.membershipsOf !== undefined, 'the fake needs `membershipsOf` and `addMembership` for objects with memberships')
  const all = await scene.fake.membershipsOf(scene.object, remoteId)
  // What else it is in is none of this rule: a list that everything imported goes to, a list of consent.
  const have = all.filter((name) => name.includes(dimension)).toSorted()
  const want = wanted.map(membershipKey).toSorted()
  assert.deepEqual(have, want, `${why}: it is in [${have.join(', ')}] instead of [${want.join(', ')}]`)
}

async function one(scene: Scene, input: Input): Promise<Outcome & { remoteId: string }> {
  const delivery = await scene.deliver([input])
  assertDelivered(delivery, [input.unit])
  const outcome = delivery.outcomes.get(input.unit)
  assert.ok(outcome !== undefined)
  return { ...outcome, remoteId: outcome.remoteId ?? input.remoteId ?? '' }
}

/** Lists and tags that a contract fills. */
export const membershipRules: readonly DestinationRule[] = [
  {
    id: 'memberships-are-added',
    sentence:
      'An object is put into the lists and tags that its input names, and the outcome keeps those that were added under `<kind>:<name>`.',
    exempt: holdsNone,
    async check(scene) {
      const { first, second } = await named(scene)
      const [a, b] = await scene.inputs(2)
      assert.ok(a !== undefined && b !== undefined)
      const inputs = [wanting(a, first), wanting(b, [...first, ...second])]
      const delivery = await scene.deliver(inputs)
      assertDelivered(delivery, [a.unit, b.unit])
      for (const { unit, memberships } of inputs) {
        const { remoteId = '', objects = {} } = delivery.outcomes.get(unit) ?? {}
        await assertIn(scene, remoteId, memberships, `${unit} is not in what its input names`)
        for (const membership of memberships)
          assert.ok(Object.hasOwn(objects, membershipKey(membership)), `${unit} forgot ${membershipKey(membership)}`)
      }
    },
  },
  {
    id: 'only-our-memberships-are-removed',
    sentence:
      'What we put an object into is taken back when it is no longer wanted; what somebody else put it into stays, also where both wanted it.',
    exempt: holdsNone,
    async check(scene) {
      const { first, second } = await named(scene)
      const [input] = await scene.inputs(1)
      assert.ok(input !== undefined)
      const made = await one(scene, input)
      assert.ok(scene.fake.addMembership !== undefined, 'the fake needs `addMembership` for objects with memberships')
      for (const membership of second) await scene.fake.addMembership(scene.object, made.remoteId, membership)
      const joined = await one(scene, wanting(linked(input, made), [...first, ...second]))
      await assertIn(scene, made.remoteId, [...first, ...second], 'it is not in what its input names')
      await one(scene, wanting(linked(input, { ...made, objects: joined.objects ?? {} }), []))
      await assertIn(scene, made.remoteId, second, 'only what we added may be taken back')
    },
  },
  {
    id: 'unchanged-memberships-are-free',
    sentence: 'Memberships that equal those settled last cost no request.',
    exempt: holdsNone,
    async check(scene) {
      const { first } = await named(scene)
      const [plain, listed] = await scene.inputs(2)
      assert.ok(plain !== undefined && listed !== undefined)
      const cost = async (input: Input): Promise<number> => {
        const made = await one(scene, input)
        scene.vendor.forget()
        await one(scene, { ...linked(input, made), changedFields: input.changedFields })
        return scene.vendor.requests.length
      }
      assert.equal(await cost(wanting(listed, first)), await cost(plain))
    },
  },
  {
    id: 'memberships-survive-faults',
    sentence: 'A membership whose answer was lost is there when the record is delivered, and is taken back when it is no longer wanted.',
    exempt: holdsNone,
    async check(scene) {
      const { first } = await named(scene)
      const inputs = await scene.inputs(4)
      for (const [index, input] of inputs.entries()) await loseAnswers(scene, input, first, index)
    },
  },
]

/** Delivers memberships while every answer from the given write on is lost, then as the engine goes on, then without them. */
async function loseAnswers(scene: Scene, input: Input, memberships: readonly Membership[], from: number): Promise<void> {
  const made = await one(scene, input)
  let writes = 0
  scene.vendor.always(
    { kind: 'reset', when: 'after' },
    {
      where: (request) => {
        if (scene.isWrite(request)) writes += 1
        return scene.isWrite(request) && writes > from
      },
    },
  )
  const wanted = wanting(linked(input, made), memberships)
  const attempt = await scene.deliver([wanted])
  scene.vendor.clear()
  let outcome = attempt.outcomes.get(input.unit)
  if (outcome?.result !== 'delivered') {
    // What the engine notes before it hands a membership in.
    const noted = { ...made.objects, ...Object.fromEntries(memberships.map((membership) => [membershipKey(membership), ''])) }
    const kept = outcome?.progress === undefined ? {} : { progress: outcome.progress }
    outcome = await one(scene, { ...wanted, ...kept, objects: { ...noted, ...outcome?.objects }, uncertain: true })
  }
  await assertIn(scene, made.remoteId, memberships, 'it is not in what its input names')
  await one(scene, wanting(linked(input, { ...made, objects: outcome.objects ?? {} }), []))
  await assertIn(scene, made.remoteId, [], 'what we added stays behind')
}
