import assert from 'node:assert/strict'
import type { Destination, Input, RemoteConsent } from '@millrace/core'
import type { FakeConsent } from '../fake.ts'
import { changed, linked } from '../linked.ts'
import type { DestinationRule } from '../rule.ts'
import { consentOf, type Scene } from '../scene.ts'
import { assertDelivered, assertNoneDelivered } from './outcomes.ts'

const onlyConsent = (destination: Destination, object: string): string | undefined =>
  destination.objects[object]?.from === 'consent' ? undefined : 'it is not made from consent'

const asked = (destination: Destination, object: string): string | undefined =>
  onlyConsent(destination, object) ?? (destination.consentOf === undefined ? 'it cannot be asked for consent' : undefined)

const readBack = (destination: Destination, object: string): string | undefined =>
  onlyConsent(destination, object) ?? (destination.consentChanges === undefined ? 'it cannot be read back' : undefined)

const vendorConsent = (scene: Scene): FakeConsent => {
  assert.ok(scene.fake.consent !== undefined, 'the fake needs `consent`, since the destination has an object made from consent')
  return scene.fake.consent
}

const topicsOf = (scene: Scene): string[] => {
  const topics = consentOf(scene.ctx, scene.destination.objects[scene.object]?.channels, 'denied').map(({ topic }) => topic)
  assert.ok(topics.length > 0, `give the suite a contract with a topic that ${scene.object} takes`)
  return topics
}

/** People known to the vendor who said this there. */
async function peopleWho(scene: Scene, status: 'granted' | 'denied' | undefined, count: number, from = 0): Promise<Input[]> {
  const inputs = await scene.inputs(count, from)
  const vendor = vendorConsent(scene)
  if (status !== undefined) for (const input of inputs) for (const topic of topicsOf(scene)) await vendor.set(input, topic, status)
  return inputs
}

async function tell(
  scene: Scene,
  inputs: readonly Input[],
  status: 'granted' | 'denied' | 'unknown',
  mayResubscribe = false,
): Promise<void> {
  const consent = consentOf(scene.ctx, scene.destination.objects[scene.object]?.channels, status, mayResubscribe)
  const said = inputs.map((input) => ({ ...input, consent }))
  const delivery = await scene.deliver(said)
  assertDelivered(
    delivery,
    said.map(({ unit }) => unit),
  )
}

async function assertHeld(scene: Scene, inputs: readonly Input[], wanted: string, why: string): Promise<void> {
  for (const input of inputs)
    for (const topic of topicsOf(scene))
      assert.equal(await vendorConsent(scene).status(input, topic), wanted, `${topic} of ${input.unit}: ${why}`)
}

const speaksOf = (input: Input, { key, remoteId, email }: RemoteConsent): boolean =>
  (key !== undefined && key === input.key) ||
  (remoteId !== undefined && input.parents.some((parent) => parent.remoteId === remoteId)) ||
  (email !== undefined &&
    Object.values(input.fields).some((value) => typeof value === 'string' && value.toLowerCase() === email.toLowerCase()))

function assertTold(told: readonly RemoteConsent[], inputs: readonly Input[], status: 'granted' | 'denied'): void {
  for (const input of inputs) {
    const own = told.filter((one) => speaksOf(input, one))
    assert.ok(
      own.some((one) => one.status === status),
      `nothing tells that ${input.unit} is ${status}`,
    )
    assert.ok(
      !own.some((one) => one.status === (status === 'denied' ? 'granted' : 'denied')),
      `${input.unit} is also told to be the opposite of ${status}`,
    )
  }
}

/** What is told names the targets of the topics that were said, or the whole channel; never another one. */
function assertTargets(scene: Scene, told: readonly RemoteConsent[], inputs: readonly Input[]): void {
  const topics = consentOf(scene.ctx, scene.destination.objects[scene.object]?.channels, 'denied')
  for (const input of inputs) {
    const own = told.filter((one) => speaksOf(input, one) && one.status !== 'unknown')
    for (const { topic, channel, target } of topics)
      assert.ok(
        own.some((one) => one.channel === channel && (one.target === undefined || one.target === target)),
        `nothing tells of ${topic} of ${input.unit} under the target ${target ?? 'of the whole channel'}`,
      )
    const strange = own.find(
      (one) => one.target !== undefined && !topics.some(({ channel, target }) => channel === one.channel && target === one.target),
    )
    assert.equal(strange, undefined, `${input.unit} is told to have said something about ${strange?.target}, which no topic names`)
  }
}

/** What becomes of consent. */
export const consentRules: readonly DestinationRule[] = [
  {
    id: 'opt-out-goes-out',
    sentence: 'An opt-out is held by the vendor afterwards, whatever was held before; of somebody whom it does not know, it is accepted.',
    exempt: onlyConsent,
    async check(scene) {
      const before = [undefined, 'granted', 'denied'] as const
      for (const [index, status] of before.entries()) {
        const inputs = await peopleWho(scene, status, 3, index * 10)
        await tell(scene, inputs, 'denied')
        await assertHeld(scene, inputs, 'denied', `opted out, and ${status ?? 'nothing'} was held before`)
      }
      const nobody = await stranger(scene, 50)
      if (nobody === undefined) return
      await tell(scene, [nobody], 'denied')
      for (const topic of topicsOf(scene))
        assert.notEqual(await vendorConsent(scene).status(nobody, topic), 'granted', `${topic} of a stranger`)
    },
  },
  {
    id: 'opt-in-goes-out',
    sentence:
      'An opt-in is held by the vendor afterwards where nothing or an opt-in was held before, and of somebody else nothing changes.',
    exempt: onlyConsent,
    async check(scene) {
      const others = await peopleWho(scene, 'denied', 2, 70)
      for (const [index, status] of ([undefined, 'granted'] as const).entries()) {
        const inputs = await peopleWho(scene, status, 3, index * 10)
        await tell(scene, inputs, 'granted')
        await assertHeld(scene, inputs, 'granted', `opted in, and ${status ?? 'nothing'} was held before`)
      }
      await assertHeld(scene, others, 'denied', 'was not in the delivery')
    },
  },
  {
    id: 'never-resubscribes',
    sentence:
      'An opt-in is not written over an opt-out that the vendor holds, nor called delivered, unless the decision says that it may resubscribe.',
    exempt: onlyConsent,
    async check(scene) {
      const kept = await peopleWho(scene, 'denied', 3)
      const consent = consentOf(scene.ctx, scene.destination.objects[scene.object]?.channels, 'granted')
      const delivery = await scene.deliver(kept.map((input) => ({ ...input, consent })))
      assertNoneDelivered(delivery)
      await assertHeld(scene, kept, 'denied', 'an opt-in without leave was written over an opt-out')
      const back = await peopleWho(scene, 'denied', 3, 10)
      await tell(scene, back, 'granted', true)
      await assertHeld(scene, back, 'granted', 'a newer explicit opt-in with evidence may lift the opt-out')
    },
  },
  {
    id: 'unknown-changes-nothing',
    sentence: 'A decision that is unknown, and a delivery without decisions, leave at the vendor what it holds.',
    exempt: onlyConsent,
    async check(scene) {
      for (const [index, status] of (['granted', 'denied'] as const).entries()) {
        const inputs = await peopleWho(scene, status, 2, index * 10)
        await tell(scene, inputs, 'unknown')
        await assertHeld(scene, inputs, status, 'unknown was written over it')
        await scene.deliver(inputs.map((input) => ({ ...input, consent: [] })))
        await assertHeld(scene, inputs, status, 'a delivery without decisions changed it')
      }
    },
  },
  {
    id: 'new-objects-are-not-mailable',
    sentence: 'A person who is created without an opt-in holds none, and an update of the profile changes no consent.',
    exempt: onlyConsent,
    async check(scene) {
      const { channels } = scene.destination.objects[scene.object] ?? {}
      const vendor = vendorConsent(scene)
      for (const [index, status] of (['unknown', 'denied'] as const).entries()) {
        const people = (await scene.people(2, index * 10)).map((person) => ({ ...person, consent: consentOf(scene.ctx, channels, status) }))
        await scene.settle(people, await scene.deliver(people))
        for (const person of people)
          for (const topic of topicsOf(scene))
            assert.notEqual(await vendor.status(person, topic), 'granted', `${topic} of a new person, decided ${status}`)
      }
      const people = await scene.people(2, 30)
      const first = await scene.deliver(people)
      for (const person of people) for (const topic of topicsOf(scene)) await vendor.set(person, topic, 'denied')
      const again = people.map((person) => {
        const remoteId = first.outcomes.get(person.unit)?.remoteId
        return {
          ...person,
          consent: consentOf(scene.ctx, channels, 'granted'),
          remoteKey: person.key,
          ...(remoteId === undefined ? {} : { remoteId }),
        }
      })
      await scene.deliver(again)
      await assertHeld(scene, people, 'denied', 'the profile was updated, and it opted out at the vendor')
    },
  },
  {
    id: 'opt-outs-go-first',
    sentence:
      'Of one delivery with both, each person holds their own; if it breaks off, no opt-in is held while an opt-out that was handed in before it is not.',
    exempt: onlyConsent,
    async check(scene) {
      const { channels } = scene.destination.objects[scene.object] ?? {}
      for (const writes of [1, 2, 3, 4]) {
        const leaving = await peopleWho(scene, 'granted', 2, writes * 10)
        const joining = await peopleWho(scene, undefined, 2, writes * 10 + 5)
        let passed = 0
        scene.vendor.always({ kind: 'status', status: 500, body: {} }, { where: (request) => scene.isWrite(request) && ++passed > writes })
        await scene.deliver([
          ...leaving.map((input) => ({ ...input, consent: consentOf(scene.ctx, channels, 'denied') })),
          ...joining.map((input) => ({ ...input, consent: consentOf(scene.ctx, channels, 'granted') })),
        ])
        scene.vendor.clear()
        const statuses = async (inputs: readonly Input[]): Promise<string[]> =>
          Promise.all(inputs.flatMap((input) => topicsOf(scene).map(async (topic) => vendorConsent(scene).status(input, topic))))
        if ((await statuses(joining)).includes('granted'))
          assert.ok(
            (await statuses(leaving)).every((status) => status === 'denied'),
            `an opt-in was written while opt-outs before it were open, seen when write ${writes + 1} failed: keep the order of the inputs`,
          )
      }
      const both = [...(await peopleWho(scene, undefined, 2, 60)), ...(await peopleWho(scene, undefined, 2, 65))]
      const status = (index: number): 'denied' | 'granted' => (index < 2 ? 'denied' : 'granted')
      const said = both.map((input, index) => ({ ...input, consent: consentOf(scene.ctx, channels, status(index)) }))
      assertDelivered(
        await scene.deliver(said),
        said.map(({ unit }) => unit),
      )
      for (const [index, input] of both.entries()) await assertHeld(scene, [input], status(index), 'opt-outs and opt-ins went out together')
    },
  },
  {
    id: 'opt-out-survives-a-new-address',
    sentence: 'When the e-mail of a person changes, an opt-out that the vendor holds is not lifted and not lost.',
    exempt: onlyConsent,
    async check(scene) {
      const vendor = vendorConsent(scene)
      for (const [index, size] of [1, 12].entries()) {
        const said = await peopleWho(scene, 'denied', size, index * 20)
        const people = await scene.people(size, index * 20)
        const others = await scene.people(size, 700 + index * 20)
        const moves = people.map((person, at) => {
          const { remoteId = '' } = said[at]?.parents[0] ?? {}
          const addresses = Object.entries(others[at]?.fields ?? {}).filter(([, value]) => typeof value === 'string' && value.includes('@'))
          return changed(
            linked(person, { unit: person.unit, result: 'delivered', created: false, remoteId }),
            Object.fromEntries(addresses),
          )
        })
        await scene.settle(moves, await scene.deliver(moves))
        for (const [at, move] of moves.entries()) {
          const before = said[at]
          if (before === undefined) continue
          const now = { ...before, fields: { ...before.fields, ...move.fields } }
          for (const topic of topicsOf(scene)) {
            const status = await vendor.status(now, topic)
            assert.notEqual(status, 'granted', `${topic} of ${move.unit} was denied and is granted under the new address`)
            // A vendor that keeps consent by address still holds it of the old one; the engine says it of the new one next.
            if (status !== 'denied')
              assert.equal(
                await vendor.status(before, topic),
                'denied',
                `the opt-out of ${move.unit} from ${topic} was lost with the old address: say it again in the call that changes the address`,
              )
          }
        }
      }
    },
  },
  {
    id: 'tells-consent',
    sentence: 'Asked for people, it tells who opted out and who opted in, each under the target that its topic names, and of nobody else.',
    exempt: asked,
    async check(scene) {
      const out = await peopleWho(scene, 'denied', 3)
      const into = await peopleWho(scene, 'granted', 2, 10)
      await peopleWho(scene, 'denied', 2, 20)
      const everybody = [...out, ...into]
      const told = (await scene.destination.consentOf?.(everybody.map(subjectOf), scene.ctx)) ?? []
      assertTold(told, out, 'denied')
      assertTold(told, into, 'granted')
      assertTargets(scene, told, everybody)
      const strange = told.filter((one) => !everybody.some((input) => speaksOf(input, one)))
      assert.equal(strange.length, 0, `${strange.length} answers are about nobody who was asked for`)
      assert.deepEqual(await scene.destination.consentOf?.([], scene.ctx), [])
    },
  },
  {
    id: 'reads-opt-outs-back',
    sentence:
      'Read from the start, every opt-out that the vendor holds is told; read from a cursor, every one since; each names its person.',
    exempt: readBack,
    async check(scene) {
      const first = await peopleWho(scene, 'denied', 3)
      const start = await changesSince(scene, undefined)
      assertTold(start.changes, first, 'denied')
      const later = await peopleWho(scene, 'denied', 2, 10)
      const next = await changesSince(scene, start.cursor)
      assertTold(next.changes, later, 'denied')
    },
  },
]

/** Somebody whom the vendor does not know. */
async function stranger(scene: Scene, n: number): Promise<Input | undefined> {
  const [like] = await scene.inputs(1, n)
  const key = `suite-stranger-${n}`
  return like && { ...like, key, unit: `person:suite:${key}`, fields: scene.fake.sample(scene.object, n + 1).fields, parents: [] }
}

const subjectOf = (input: Input) => {
  const email = Object.values(input.fields).find((value) => typeof value === 'string' && value.includes('@'))
  const remoteId = input.parents[0]?.remoteId
  return {
    unit: input.unit,
    key: input.key,
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(typeof email === 'string' ? { email } : {}),
  }
}

async function changesSince(scene: Scene, since: string | undefined): Promise<{ changes: RemoteConsent[]; cursor: string | undefined }> {
  const changes: RemoteConsent[] = []
  let cursor = since
  for await (const page of scene.destination.consentChanges?.(since, scene.ctx) ?? []) {
    changes.push(...page.changes)
    cursor = page.cursor
  }
  return { changes, cursor }
}
