import assert from 'node:assert/strict'
import { type CheckFinding, type Destination, type Input, isMillraceError, type ListedObject } from '@millrace/core'
import type { Fault } from '../../fault.ts'
import { archived, linked } from '../linked.ts'
import type { DestinationRule } from '../rule.ts'
import type { Scene } from '../scene.ts'
import { onlyUpserts, withIds } from './declaration.ts'
import { assertSame, heldOf } from './held.ts'
import { assertDelivered, unitsOf } from './outcomes.ts'

const readable = (destination: Destination, object: string): string | undefined =>
  onlyUpserts(destination, object) ??
  withIds(destination, object) ??
  (destination.objects[object]?.writeOnly === true ? 'the vendor does not give it back' : undefined)

const lists = (destination: Destination, object: string): string | undefined =>
  destination.list === undefined ? 'it lists nothing' : readable(destination, object)

const reads = (destination: Destination, object: string): string | undefined =>
  destination.read === undefined ? 'it reads nothing' : readable(destination, object)

const checks = (destination: Destination, object: string): string | undefined => {
  if (destination.check === undefined) return 'it checks nothing'
  return object === Object.keys(destination.objects)[0] ? undefined : 'the destination is checked once'
}

/** More than a page of most vendors. */
const many = 105

async function known(scene: Scene, count: number): Promise<Input[]> {
  const inputs = await scene.inputs(count)
  const size = scene.destination.limits.deliver[scene.object] ?? 1
  const all: Input[] = []
  for (let from = 0; from < inputs.length; from += size) {
    const some = inputs.slice(from, from + size)
    const delivery = await scene.deliver(some)
    assertDelivered(delivery, unitsOf(some))
    all.push(...some.map((input) => linked(input, delivery.outcomes.get(input.unit))))
  }
  return all
}

async function listed({ destination, object, ctx }: Scene, fields: readonly string[], foreign = false): Promise<ListedObject[]> {
  const all: ListedObject[] = []
  for await (const page of destination.list?.({ object, fields, foreign }, ctx) ?? []) all.push(...page)
  return all
}

const fieldsOf = (inputs: readonly Input[]): string[] => [...new Set(inputs.flatMap(({ fields }) => Object.keys(fields)))]

/** A page that is none: a gateway's, an empty one without a word, one that never comes. */
const faults: readonly (readonly [string, Fault])[] = [
  ['status 500', { kind: 'status', status: 500, body: {} }],
  ["a gateway's page", { kind: 'html' }],
  ['a page of HTML with status 200', { kind: 'lie', body: '<html>maintenance</html>' }],
  ['an empty object with status 200', { kind: 'lie', body: {} }],
  ['a connection that breaks', { kind: 'reset', when: 'before' }],
]

/** Lets everything from the n-th request of a read on fail, for the first and the last one, and asserts that the read fails too. */
async function assertFailsWith(scene: Scene, what: string, read: () => Promise<unknown>): Promise<void> {
  // The first read may learn what later ones know already.
  await read()
  scene.vendor.forget()
  await read()
  const requests = scene.vendor.requests.length
  assert.ok(requests > 0, `${what} asked the vendor nothing`)
  for (const [name, fault] of faults) {
    for (const place of new Set([0, requests - 1])) {
      let passed = 0
      scene.vendor.always(fault, { where: () => ++passed > place })
      const error = await read().then(
        () => undefined,
        (thrown: unknown) => thrown ?? 'nothing',
      )
      scene.vendor.clear()
      assert.ok(error !== undefined, `${what} ended as if it were complete, though request ${place + 1} of ${requests} met ${name}: throw`)
      assert.ok(isMillraceError(error), `${what} threw ${error instanceof Error ? String(error) : typeof error}, which is no MillraceError`)
    }
  }
}

const errorsOf = (findings: readonly CheckFinding[]): CheckFinding[] => findings.filter(({ level }) => level === 'error')

/** What a destination tells of what it holds. */
export const readingRules: readonly DestinationRule[] = [
  {
    id: 'lists-everything',
    sentence: 'list gives every object that carries our key, over all pages, each once and with its fields exactly; it writes nothing.',
    exempt: lists,
    async check(scene) {
      const inputs = await known(scene, many)
      scene.vendor.forget()
      const own = (await listed(scene, fieldsOf(inputs))).filter(
        ({ key }) => key.includes('Suite-') || inputs.some((one) => one.key === key),
      )
      assert.equal(scene.writes().length, 0, 'list wrote')
      const ids = own.map(({ remoteId }) => remoteId)
      assert.equal(new Set(ids).size, ids.length, 'an object is listed twice')
      for (const { unit, key, remoteId = '', fields } of inputs) {
        const one = own.find((object) => object.remoteId === remoteId)
        assert.ok(one !== undefined, `${unit} is not listed, ${own.length} of ${inputs.length} are`)
        assert.equal(one.key, key, `${unit} is listed under another key`)
        assertSame(one.fields, fields, `${unit}, as it is listed,`)
      }
    },
  },
  {
    id: 'failing-list-is-an-error',
    sentence: 'A list of which one page fails or comes in an unknown shape throws; it never ends as if that were all.',
    exempt: lists,
    async check(scene) {
      const inputs = await known(scene, 3)
      await assertFailsWith(scene, 'list', () => listed(scene, fieldsOf(inputs)))
    },
  },
  {
    id: 'reads-what-is-there',
    sentence: 'read gives objects by their ids with our key and their fields, leaves out ids that nobody has, and writes nothing.',
    exempt: reads,
    async check(scene) {
      const { destination, object, ctx } = scene
      const inputs = await known(scene, 3)
      const [first, ...others] = inputs
      assert.ok(first !== undefined)
      const fields = fieldsOf(inputs)
      const read = async (remoteIds: readonly string[]) => (await destination.read?.({ object, remoteIds, fields }, ctx)) ?? []
      const ids = inputs.map(({ remoteId = '' }) => remoteId)
      scene.vendor.forget()
      const found = await read(ids)
      assert.equal(scene.writes().length, 0, 'read wrote')
      assert.deepEqual(found.map(({ remoteId }) => remoteId).toSorted(), ids.toSorted(), 'ids that were read')
      for (const input of inputs) {
        const one = found.find(({ remoteId }) => remoteId === input.remoteId)
        assert.ok(one !== undefined)
        assert.equal(one.key, input.key, `${input.unit} is read under another key`)
        assertSame(one.fields, input.fields, `${input.unit}, as it is read,`)
      }
      assert.deepEqual(await read([]), [], 'nobody was asked for')
      await scene.deliver([archived(first)])
      if ((await heldOf(scene, first.remoteId ?? '')) !== undefined) return
      const left = await read(ids)
      assert.deepEqual(
        left.map(({ remoteId }) => remoteId).toSorted(),
        others.map(({ remoteId = '' }) => remoteId).toSorted(),
        'an id that nobody has any more is left out of what is read',
      )
    },
  },
  {
    id: 'failing-read-is-an-error',
    sentence: 'A read that fails throws: a vendor that cannot answer does not say that objects are gone.',
    exempt: reads,
    async check(scene) {
      const { destination, object, ctx } = scene
      const inputs = await known(scene, 2)
      const remoteIds = inputs.map(({ remoteId = '' }) => remoteId)
      await assertFailsWith(
        scene,
        'read',
        () => destination.read?.({ object, remoteIds, fields: fieldsOf(inputs) }, ctx) ?? Promise.resolve(),
      )
    },
  },
  {
    id: 'checks-credentials',
    sentence: 'check finds no error where everything is right, names a refused credential with what to do, and a quick one writes nothing.',
    exempt: checks,
    async check(scene) {
      const { destination, ctx, vendor } = scene
      vendor.forget()
      const right = (await destination.check?.(ctx, 'quick')) ?? []
      assert.deepEqual(
        errorsOf(right).map(({ code, message }) => `${code}: ${message}`),
        [],
        'errors found where everything is right',
      )
      assert.equal(scene.writes().length, 0, 'a quick check wrote')
      for (const depth of ['quick', 'full'] as const) {
        vendor.always({ kind: 'status', status: 401, body: {} })
        let codes: string[]
        try {
          const findings = errorsOf((await destination.check?.(ctx, depth)) ?? [])
          codes = findings.map(({ code }) => code)
          assert.ok(
            findings.every(({ message, cure = '' }) => message.length + cure.length > 20),
            'a finding does not say what to do',
          )
        } catch (error) {
          if (!isMillraceError(error)) throw error
          codes = [error.code]
        }
        vendor.clear()
        assert.ok(
          codes.includes('credentials_rejected'),
          `a ${depth} check of a refused credential finds [${codes.join(', ')}] and not credentials_rejected`,
        )
      }
    },
  },
]
