import assert from 'node:assert/strict'
import http from 'node:http'
import { once } from 'node:events'
import type { Destination } from '@millrace/core'
import type { ReceivedRequest } from '../../fault.ts'
import type { DestinationRule } from '../rule.ts'
import { personalTexts, type SceneDelivery, type Scene } from '../scene.ts'
import { assertDelivered, assertNoneDelivered } from './outcomes.ts'

function assertDiscreet(scene: Scene, delivery: SceneDelivery, texts: readonly string[], what = 'personal data'): void {
  const errors = [...delivery.outcomes.values()].flatMap((outcome) => (outcome.result === 'failed' ? [outcome.error] : []))
  const said = [...errors, ...(delivery.thrown === undefined ? [] : [delivery.thrown])].map((error) => JSON.stringify(error))
  for (const line of [...said, ...scene.logs]) {
    for (const text of texts) assert.ok(!line.toLowerCase().includes(text.toLowerCase()), `${what} in: ${line.slice(0, 300)}`)
  }
}

const secretHeader = /authorization|token|key|secret|cookie/i

/** What was sent in headers that carry credentials, as it was and as it reads when it is decoded. */
function secretsOf(requests: readonly ReceivedRequest[]): string[] {
  const values = requests.flatMap(({ headers }) =>
    Object.entries(headers).flatMap(([name, value]) => (secretHeader.test(name) && !/idempotency/i.test(name) ? value.split(/\s+/) : [])),
  )
  const decoded = values.flatMap((value) => Buffer.from(value, 'base64').toString().split(':'))
  return [...new Set([...values, ...decoded])].filter((text) => /^[\w.~+/=@-]{4,}$/.test(text) && !/^(?:bearer|basic|token)$/i.test(text))
}

/** Makes requests of our own until the server has had the time to see connections end that were ended before. */
async function roundTrips(url: string): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const request = http.get(url, { agent: false })
    await once(request, 'response').then(([response]) => response.resume())
    await once(request, 'close')
  }
}

const adoptsNothing = (destination: Destination, object: string): string | undefined =>
  destination.find === undefined || (destination.objects[object]?.adoptBy ?? []).length === 0 ? 'it adopts nothing' : undefined

/** How a destination behaves towards the engine and the user. */
export const conductRules: readonly DestinationRule[] = [
  {
    id: 'no-personal-data',
    sentence: 'Errors and logs hold no field values, also when the vendor echoes them.',
    async check(scene) {
      const inputs = await scene.inputs(3)
      const [first, ...others] = inputs
      if (first === undefined) return
      const texts = personalTexts(inputs)
      const mixed = [scene.fake.poison(first), ...others]
      assertDiscreet(scene, await scene.deliver(mixed), [...texts, ...personalTexts(mixed)])
      const echo = ({ text }: { text: string }): unknown => ({
        status: 'error',
        message: `bad input: ${text}`,
        error: text,
        errors: [{ message: text, detail: text }],
      })
      for (const status of [400, 409, 422, 500]) {
        scene.vendor.always({ kind: 'status', status, body: echo }, { where: (request) => scene.isWrite(request) })
        assertDiscreet(scene, await scene.deliver(inputs), texts)
        scene.vendor.clear()
      }
      scene.vendor.next({ kind: 'reset', when: 'before' }, { where: (request) => scene.isWrite(request) })
      assertDiscreet(scene, await scene.deliver(inputs), texts)
    },
  },
  {
    id: 'no-secrets',
    sentence: 'Errors and logs hold no credential that was sent, also when the vendor echoes it.',
    async check(scene) {
      const inputs = await scene.inputs(2)
      await scene.deliver(inputs)
      const secrets = secretsOf(scene.vendor.requests)
      assertDiscreet(scene, await scene.deliver([]), secrets, 'a credential')
      const echo = ({ headers }: ReceivedRequest): unknown => ({ message: `refused ${headers.authorization ?? ''}`, headers })
      for (const status of [400, 401, 403, 500]) {
        scene.vendor.always({ kind: 'status', status, body: echo }, { where: (request) => scene.isWrite(request) })
        assertDiscreet(scene, await scene.deliver(inputs), secrets, 'a credential')
        scene.vendor.clear()
      }
    },
  },
  {
    id: 'obeys-abort',
    sentence:
      'An aborted signal ends a delivery at once, also in the middle of a request; nothing is sent afterwards and nothing is called delivered.',
    async check(scene) {
      const inputs = await scene.inputs(3)
      await scene.deliver(await scene.inputs(1, 50))
      scene.vendor.forget()
      assertNoneDelivered(await scene.deliver(inputs, { signal: AbortSignal.abort() }))
      assert.equal(scene.writes().length, 0, 'it wrote although the signal was aborted before')

      const stop = new AbortController()
      scene.vendor.always({ kind: 'hang', applied: false }, { where: (request) => scene.isWrite(request) })
      const ended = scene.deliver(inputs, { signal: stop.signal })
      while (scene.writes().length === 0) await scene.ctx.clock.sleep(10)
      stop.abort()
      const late = scene.ctx.clock.sleep(20_000).then(() => undefined)
      const delivery = await Promise.race([ended, late])
      assert.ok(delivery !== undefined, 'it went on although the signal was aborted')
      assertNoneDelivered(delivery)
      assert.equal(
        scene.writes().length,
        1,
        `${scene.writes().length} writes were sent, all but the first by an adapter that was told to stop or did not wait for the first answer`,
      )
    },
  },
  {
    id: 'adopts',
    sentence: 'An input with the id of an object that we did not make takes that object over under our key and makes no second one.',
    exempt: adoptsNothing,
    async check(scene) {
      const [input] = await scene.inputs(1)
      assert.ok(input !== undefined && scene.fake.plant !== undefined, 'the fake needs `plant` for objects with adoptBy')
      const remoteId = await scene.fake.plant(scene.object, input.fields)
      const before = await scene.count()
      const delivery = await scene.deliver([{ ...input, remoteId, cause: 'adoption' }])
      assertDelivered(delivery, [input.unit])
      assert.equal(await scene.fake.keyOf(scene.object, remoteId), input.key)
      assert.equal(await scene.count(), before)
      const outcome = delivery.outcomes.get(input.unit)
      assert.ok(outcome?.result === 'delivered' && !outcome.created, 'an adopted object is called created')
    },
  },
  {
    id: 'taken-value-is-no-success',
    sentence:
      'A new record whose unique value another object holds is not called delivered onto an object without its key: it is a conflict that names the object, or takes it over.',
    exempt: adoptsNothing,
    async check(scene) {
      const [input] = await scene.inputs(1)
      assert.ok(input !== undefined && scene.fake.plant !== undefined)
      const remoteId = await scene.fake.plant(scene.object, input.fields)
      const before = await scene.count()
      const delivery = await scene.deliver([input])
      const outcome = delivery.outcomes.get(input.unit)
      if (outcome?.result === 'delivered')
        assert.equal(
          await scene.fake.keyOf(scene.object, outcome.remoteId ?? ''),
          input.key,
          'it is called delivered, and the object with its unique value does not carry its key: answer `conflict` and name that object',
        )
      else if (outcome?.result === 'conflict')
        assert.ok(
          outcome.candidates.some((one) => one.remoteId === remoteId),
          'the conflict does not name the object in the way, so nobody can take it over',
        )
      await scene.settle([input], delivery)
      assert.equal(await scene.fake.keyOf(scene.object, remoteId), input.key, 'the object in the way was not taken over')
      assert.equal(await scene.count(), before, 'a second object was made')
    },
  },
  {
    id: 'finds-by-folded-value',
    sentence: 'find gives for each looked-up value the objects that hold it, with our key, and nothing for unknown values.',
    exempt: adoptsNothing,
    async check(scene) {
      const inputs = await scene.inputs(3)
      const delivery = await scene.deliver(inputs)
      for (const by of scene.destination.objects[scene.object]?.adoptBy ?? []) {
        const wanted = inputs.flatMap(({ unit, key, fields }) => {
          const value = fields[by]
          return typeof value === 'string' && value !== ''
            ? [{ key, value: value.trim().toLowerCase(), remoteId: delivery.outcomes.get(unit)?.remoteId }]
            : []
        })
        if (wanted.length === 0) continue
        const values = [...wanted.map(({ value }) => value), 'nobody-at-all@example.com']
        const found = (await scene.destination.find?.({ object: scene.object, by, values }, scene.ctx)) ?? []
        const plain = found.map(({ key, value, remoteId }) => ({ key, value, remoteId }))
        const order = (a: { value: string }, b: { value: string }): number => (a.value < b.value ? -1 : 1)
        assert.deepEqual(plain.toSorted(order), wanted.toSorted(order))
      }
    },
  },
  {
    id: 'counts-requests',
    sentence: 'usage counts every request that reached the vendor.',
    exempt: (destination) => (destination.usage === undefined ? 'it counts nothing' : undefined),
    async check(scene) {
      await scene.deliver(await scene.inputs(2))
      assert.equal(scene.destination.usage?.().requests, scene.vendor.requests.length)
    },
  },
  {
    id: 'closes',
    sentence: 'close ends its connections and may be called twice.',
    exempt: (destination) => (destination.close === undefined ? 'it holds nothing open' : undefined),
    async check(scene) {
      await scene.deliver(await scene.inputs(2))
      await scene.destination.close?.()
      await scene.destination.close?.()
      await roundTrips(scene.vendor.url)
      assert.equal(scene.vendor.connections, 0, 'connections are still open after close')
    },
  },
]
