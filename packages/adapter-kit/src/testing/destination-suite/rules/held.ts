import assert from 'node:assert/strict'
import type { FieldValue, Input } from '@millrace/core'
import { sameValue } from '../same-value.ts'
import type { Scene, SceneDelivery } from '../scene.ts'

/** What the vendor holds of an object, or nothing when it is gone. */
export const heldOf = async (scene: Scene, remoteId: string): Promise<Readonly<Record<string, FieldValue>> | undefined> => {
  assert.ok(
    scene.fake.fieldsOf !== undefined,
    'the fake needs `fieldsOf`: what the vendor holds of an object, by the names and in the units of its fields here',
  )
  return scene.fake.fieldsOf(scene.object, remoteId)
}

/** Asserts that a record has these fields, of those that are told; at least one has to be. */
export const assertSame = (held: Readonly<Record<string, FieldValue>>, sent: Input['fields'], whose: string): void => {
  const names = Object.keys(sent).filter((name) => Object.hasOwn(held, name))
  assert.ok(names.length > 0, `of ${whose} none of its fields is told (${Object.keys(sent).join(', ')})`)
  for (const name of names)
    assert.ok(
      sameValue(held[name], sent[name]),
      `${name} of ${whose} is ${JSON.stringify(held[name])} and should be ${JSON.stringify(sent[name])}`,
    )
}

const matches = (held: Readonly<Record<string, FieldValue>>, sent: Input['fields']): boolean => {
  const names = Object.keys(sent).filter((name) => Object.hasOwn(held, name))
  return names.length > 0 && names.every((name) => sameValue(held[name], sent[name]))
}

/** Asserts that the children of these inputs, and no others, stand in their objects with their fields. */
export async function assertChildren(scene: Scene, inputs: readonly Input[], { outcomes }: SceneDelivery): Promise<void> {
  assert.ok(scene.fake.childrenOf !== undefined, 'the fake needs `childrenOf`: the fields of the children that stand in an object')
  for (const { unit, children, remoteId: known } of inputs) {
    const open: Readonly<Record<string, FieldValue>>[] = [
      ...(await scene.fake.childrenOf(scene.object, outcomes.get(unit)?.remoteId ?? known ?? '')),
    ]
    for (const { key, fields } of children) {
      const at = open.findIndex((held) => matches(held, fields))
      assert.ok(at >= 0, `the child ${key} of ${unit} is not in it as ${JSON.stringify(fields)}; what is: ${JSON.stringify(open)}`)
      open.splice(at, 1)
    }
    assert.equal(open.length, 0, `${unit} has children that its input does not name: ${JSON.stringify(open)}`)
  }
}

/** Asserts that the vendor holds the fields of these inputs on the objects that the delivery named. */
export async function assertHolds(scene: Scene, inputs: readonly Input[], { outcomes }: SceneDelivery): Promise<void> {
  for (const { unit, fields, remoteId: known } of inputs) {
    const remoteId = outcomes.get(unit)?.remoteId ?? known ?? ''
    const held = await heldOf(scene, remoteId)
    assert.ok(held !== undefined, `${unit} is called delivered and is not there`)
    assertSame(held, fields, unit)
  }
}
