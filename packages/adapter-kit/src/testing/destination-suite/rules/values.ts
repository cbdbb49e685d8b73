import assert from 'node:assert/strict'
import { type Destination, fieldName, type FieldValue, type Input, type ObjectLink } from '@millrace/core'
import { changed, linked } from '../linked.ts'
import { sameValue } from '../same-value.ts'
import type { DestinationRule } from '../rule.ts'
import type { Scene, SceneDelivery } from '../scene.ts'
import { onlyUpserts, withIds } from './declaration.ts'
import { assertChildren, assertHolds, heldOf } from './held.ts'
import { assertDelivered, unitsOf } from './outcomes.ts'

const keptObjects = (destination: Destination, object: string): string | undefined =>
  onlyUpserts(destination, object) ?? withIds(destination, object)

const onlyPeople = (destination: Destination, object: string): string | undefined =>
  onlyUpserts(destination, object) ?? (destination.objects[object]?.from === 'person' ? undefined : 'it is not made from people')

const ownerless = (destination: Destination, object: string): string | undefined =>
  (destination.objects[object]?.parents ?? []).some((parent) => destination.objects[parent.object]?.from === 'person')
    ? undefined
    : 'it belongs to no person'

// Vendors of bulk imports have another way for many than for few.
const sizes = [2, 12] as const

const upTo = (scene: Scene, size: number): number => Math.min(scene.destination.limits.deliver[scene.object] ?? 1, size)

/** Amounts that a float, a wrong number of digits or a rounding changes. Currencies with two digits first: every vendor takes those. */
const amounts = [
  { currency: 'EUR', amount: '1.15', must: true },
  { currency: 'EUR', amount: '0.29', must: true },
  { currency: 'EUR', amount: '1234567.89', must: true },
  { currency: 'JPY', amount: '500', must: false },
  { currency: 'KWD', amount: '1.234', must: false },
] as const

/** Names of the currency and the amounts of an object, of those its sample fills. */
function moneyOf({ destination, object, ctx }: Scene, { fields }: Input): { currency: string; names: string[] } | undefined {
  const { totals } = destination.objects[object] ?? {}
  if (totals === undefined) return undefined
  const names = [totals.amount, totals.gross, totals.net].flatMap((name) => name ?? []).map((name) => fieldName(name, ctx.contract.prefix))
  return { currency: fieldName(totals.currency, ctx.contract.prefix), names: names.filter((name) => Object.hasOwn(fields, name)) }
}

/** What is held of records afterwards. */
export const valueRules: readonly DestinationRule[] = [
  {
    id: 'fields-are-held',
    sentence: 'What the fields of a new record say is held by the vendor afterwards, exactly, of each record its own.',
    exempt: keptObjects,
    async check(scene) {
      for (const [index, size] of sizes.entries()) {
        const inputs = await scene.inputs(upTo(scene, size), index * 100)
        const delivery = await scene.deliver(inputs)
        assertDelivered(delivery, unitsOf(inputs))
        await assertHolds(scene, inputs, delivery)
      }
    },
  },
  {
    id: 'updates-are-written',
    sentence: 'A change of a record that is there is held by the vendor when it is called delivered, on that record and no other.',
    exempt: keptObjects,
    async check(scene) {
      for (const [index, size] of sizes.entries()) {
        const count = upTo(scene, size)
        const inputs = await scene.inputs(count, index * 100)
        const others = await scene.inputs(1, index * 100 + 50)
        const all = [...inputs, ...others]
        const first = await scene.deliver(all)
        assertDelivered(first, unitsOf(all))
        const values = await scene.inputs(count, index * 100 + 5_000)
        const next = inputs.map((input, at) => changed(linked(input, first.outcomes.get(input.unit)), values[at]?.fields ?? {}))
        const second = await scene.deliver(next)
        assertDelivered(second, unitsOf(next))
        await assertHolds(scene, next, second)
        await assertHolds(scene, others, first)
      }
    },
  },
  {
    id: 'blank-clears',
    sentence: 'A field of a person that is null is blank at the vendor afterwards, and a field that is not named stays as it is.',
    exempt: onlyPeople,
    async check(scene) {
      const [input] = await scene.inputs(1)
      assert.ok(input !== undefined)
      const { fields: specs = {} } = scene.destination.objects[scene.object] ?? {}
      const optional = Object.keys(input.fields).filter((name) => {
        const { type = 'string', required = false } = specs[name] ?? {}
        return !required && ['string', 'text'].includes(type) && typeof input.fields[name] === 'string'
      })
      const first = await scene.deliver([input])
      assertDelivered(first, [input.unit])
      for (const name of optional) {
        const next = { ...changed(linked(input, first.outcomes.get(input.unit)), { [name]: null }) }
        const rest = Object.keys(input.fields).filter((other) => other !== name && optional.includes(other))
        const fields = Object.fromEntries(Object.entries(next.fields).filter(([other]) => !rest.includes(other)))
        assertDelivered(await scene.deliver([{ ...next, fields }]), [input.unit])
        const held = await heldOf(scene, next.remoteId ?? '')
        if (held !== undefined && Object.hasOwn(held, name))
          assert.ok(sameValue(held[name], null), `${name} was cleared and is still ${JSON.stringify(held[name])}`)
        for (const other of rest) {
          if (held === undefined || !Object.hasOwn(held, other)) continue
          assert.ok(sameValue(held[other], input.fields[other]), `${other} was not named and is ${JSON.stringify(held[other])} now`)
        }
        await scene.deliver([changed({ ...next, fields }, input.fields)])
      }
    },
  },
  {
    id: 'amounts-are-exact',
    sentence: 'Amounts arrive to the last digit in currencies of two, no and three digits, or the record is refused.',
    exempt: (destination, object) =>
      keptObjects(destination, object) ?? (destination.objects[object]?.totals === undefined ? 'it declares no totals' : undefined),
    async check(scene) {
      const samples = await scene.inputs(amounts.length)
      for (const [at, { currency, amount, must }] of amounts.entries()) {
        const sample = samples[at]
        const money = sample === undefined ? undefined : moneyOf(scene, sample)
        if (sample === undefined || money === undefined) return
        assert.ok(money.names.length > 0, `the sample of ${scene.object} fills none of the amounts that its totals name`)
        const paid: Record<string, FieldValue> = Object.fromEntries(money.names.map((name) => [name, amount]))
        const input = { ...changed(sample, { ...paid, [money.currency]: currency }), children: [] }
        const delivery = await scene.deliver([input])
        const outcome = delivery.outcomes.get(input.unit)
        // A currency that this account does not take is no fault of the adapter.
        if (!must && outcome?.result === 'failed' && outcome.error.scope === 'record') continue
        assertDelivered(delivery, [input.unit])
        await assertHolds(scene, [input], delivery)
      }
    },
  },
  {
    id: 'new-key-same-object',
    sentence: 'A person whose key changed, as when a guest registers, stays the same object and carries the new key.',
    exempt: onlyPeople,
    async check(scene) {
      const [input] = await scene.inputs(1)
      assert.ok(input !== undefined)
      const first = await scene.deliver([input])
      assertDelivered(first, [input.unit])
      const before = await scene.count()
      const key = `${input.key}-Registered`
      const second = await scene.deliver([{ ...linked(input, first.outcomes.get(input.unit)), key }])
      assertDelivered(second, [input.unit])
      const outcome = second.outcomes.get(input.unit)
      const remoteId = first.outcomes.get(input.unit)?.remoteId ?? ''
      assert.ok(outcome?.result === 'delivered' && !outcome.created, 'an object that got another key is called created')
      assert.equal(await scene.count(), before, 'an input with a remoteId made a second object: write to that id, and put the key on it')
      assert.equal(await scene.fake.keyOf(scene.object, remoteId), key, 'the object still carries its old key')
    },
  },
  {
    id: 'belongs-to-its-person',
    sentence:
      'A record belongs at the vendor to the person whom its input names as parent and to nobody else, also after that was changed.',
    exempt: (destination, object) => keptObjects(destination, object) ?? ownerless(destination, object),
    async check(scene) {
      const people = await scene.people(2, 40)
      const made = await scene.deliver(people)
      assertDelivered(made, unitsOf(people))
      const [first, second] = people.map(({ object, key, unit }) => ({ object, key, remoteId: made.outcomes.get(unit)?.remoteId ?? '' }))
      assert.ok(first !== undefined && second !== undefined)
      const owned = (input: Input, owner: ObjectLink): Input => ({
        ...input,
        parents: [...input.parents.filter(({ object }) => object !== owner.object), owner],
        parentsChanged: true,
      })
      const assertOwner = async (input: Input, delivery: SceneDelivery, owner: ObjectLink): Promise<void> => {
        assert.ok(scene.fake.parentsOf !== undefined, 'the fake needs `parentsOf`: the ids of the people whom an object belongs to')
        const remoteId = delivery.outcomes.get(input.unit)?.remoteId ?? ''
        const owners = await scene.fake.parentsOf(scene.object, remoteId)
        assert.deepEqual(
          [...owners],
          [owner.remoteId],
          `${input.unit} belongs to ${owners.join(', ') || 'nobody'} and should to ${owner.remoteId}`,
        )
      }
      const [a, b] = await scene.inputs(2)
      assert.ok(a !== undefined && b !== undefined)
      const delivery = await scene.deliver([owned(a, first), owned(b, second)])
      assertDelivered(delivery, [a.unit, b.unit])
      await assertOwner(a, delivery, first)
      await assertOwner(b, delivery, second)
      const moved = owned(linked(a, delivery.outcomes.get(a.unit)), second)
      const again = await scene.deliver([moved])
      assertDelivered(again, [a.unit])
      await assertOwner(a, again, second)
    },
  },
  {
    id: 'children-are-whole',
    sentence:
      'Every child of a record is there once with its fields exactly, in its own record, also those that did not change; one that is no longer named is gone.',
    exempt: (destination, object) =>
      keptObjects(destination, object) ??
      (Object.keys(destination.objects[object]?.children ?? {}).length === 0 ? 'it has no children' : undefined),
    async check(scene) {
      const names = Object.keys(scene.destination.objects[scene.object]?.children ?? {})
      const counted = async (): Promise<number> =>
        (await Promise.all(names.map((name) => scene.count(name)))).reduce((sum, one) => sum + one, 0)
      const inputs = await scene.inputs(3)
      const named = inputs.reduce((sum, { children }) => sum + children.length, 0)
      assert.ok(named > 0, `the sample of ${scene.object} needs children, since it declares ${names.join(', ')}`)
      const before = await counted()
      const first = await scene.deliver(inputs)
      assertDelivered(first, unitsOf(inputs))
      assert.equal((await counted()) - before, named, `children there, of ${named} named`)
      await assertChildren(scene, inputs, first)
      const again = inputs.map((input) => ({ ...linked(input, first.outcomes.get(input.unit)), changedFields: input.changedFields }))
      const second = await scene.deliver(again)
      assertDelivered(second, unitsOf(inputs))
      assert.equal((await counted()) - before, named, 'children there after a delivery in which none of them changed')
      await assertChildren(scene, again, second)
      const [one] = again
      if (one === undefined) return
      const fewer = { ...one, children: one.children.slice(1), objects: second.outcomes.get(one.unit)?.objects ?? one.objects }
      const third = await scene.deliver([fewer])
      assertDelivered(third, [one.unit])
      assert.equal((await counted()) - before, named - 1, 'children there after one was no longer named')
      await assertChildren(scene, [fewer, ...again.slice(1)], third)
    },
  },
]
