import assert from 'node:assert/strict'
import type { Destination, DestinationContext } from '@millrace/core'
import type { DestinationRule } from '../rule.ts'

/** What a destination says about itself. */
export const declarationRules: readonly DestinationRule[] = [
  {
    id: 'declares-version',
    sentence: "It carries specificationVersion 'v1' and a name.",
    async check({ destination }) {
      assert.equal(destination.specificationVersion, 'v1')
      assert.match(destination.name, /^[a-z][a-z0-9-]*$/)
    },
  },
  {
    id: 'declares-objects',
    sentence: 'Every object has a limit per call and a delivery guarantee, and refers only to fields and objects that are declared.',
    async check({ destination, ctx, object }) {
      const spec = destination.objects[object]
      assert.ok(spec !== undefined, `${object} is not declared`)
      assert.ok((destination.limits.deliver[object] ?? 0) >= 1, `limits.deliver.${object} is missing`)
      assert.ok(destination.delivery[object] !== undefined, `delivery.${object} is missing`)
      assert.ok(spec.keyField.length > 0, `${object} has no keyField`)
      const known = new Set([...Object.keys(spec.fields), ...Object.keys(ctx.contract.objects[object]?.fields ?? {})])
      for (const field of spec.adoptBy ?? []) assert.ok(known.has(field), `${object}.adoptBy names the unknown field ${field}`)
      for (const parent of spec.parents ?? []) {
        assert.ok(destination.objects[parent.object] !== undefined, `${object} has the unknown parent ${parent.object}`)
      }
      if ((spec.adoptBy ?? []).length > 0) assert.ok(destination.find !== undefined, `${object} declares adoptBy, so find is needed`)
      for (const [name, field] of Object.entries(spec.fields)) {
        const needsOptions = field.type === 'option' || field.type === 'options'
        assert.ok(
          !needsOptions || (field.options ?? []).length > 0 || destination.describe !== undefined,
          `${object}.${name} has no options`,
        )
      }
    },
  },
  {
    id: 'plan-settles',
    sentence: 'After plan and apply, plan finds nothing more to create or update; plan itself writes nothing.',
    exempt: provisionsNothing,
    async check({ destination, ctx, vendor, writes, provisioned }) {
      assert.equal(provisioned.planWrites, 0, 'plan wrote, before anything was applied')
      vendor.forget()
      assert.deepEqual(await open(destination, ctx), [])
      assert.equal(writes().length, 0, 'plan wrote')
    },
  },
  {
    id: 'apply-again',
    sentence: 'Applying the same changes again, as after a crash, fails at nothing and leaves nothing more to create or update.',
    exempt: provisionsNothing,
    async check({ destination, ctx, provisioned }) {
      if (provisioned.changes.length > 0) await destination.apply?.(provisioned.changes, ctx)
      assert.deepEqual(await open(destination, ctx), [])
    },
  },
]

function provisionsNothing({ plan, apply }: Destination): string | undefined {
  return plan === undefined || apply === undefined ? 'it provisions nothing' : undefined
}

/** What plan would still create or update. */
async function open(destination: Destination, ctx: DestinationContext): Promise<string[]> {
  const changes = (await destination.plan?.(ctx)) ?? []
  return changes.filter(({ action }) => action !== 'drift').map(({ target }) => target)
}

/** Rules about delivering to the same key twice concern only objects with that guarantee. */
export const onlyUpserts = (destination: Destination, object: string): string | undefined =>
  destination.delivery[object] === 'upsert' ? undefined : `its guarantee is ${destination.delivery[object] ?? 'not declared'}`

/** Rules about objects of their own say nothing of consent, which is a state of somebody else's. */
export const notOfConsent = (destination: Destination, object: string): string | undefined =>
  destination.objects[object]?.from === 'consent' ? 'consent is no object of its own' : undefined

/** Rules that ask for the id of an object concern neither consent nor events, which many vendors take without one. */
export const withIds = (destination: Destination, object: string): string | undefined =>
  destination.objects[object]?.from === 'event' ? 'an event has no id at the vendor' : notOfConsent(destination, object)
