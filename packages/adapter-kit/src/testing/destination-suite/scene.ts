import assert from 'node:assert/strict'
import {
  type ConsentDecision,
  type Destination,
  type DestinationContext,
  type EventFact,
  type FieldValue,
  type Input,
  isMillraceError,
  type Logger,
  MillraceError,
  type ObjectLink,
  type ObjectSpec,
  type Outcome,
  type PlanChange,
  resolveContract,
  type Ticket,
} from '@millrace/core'
import { type FaultServer, type RecordedRequest, startFaultServer } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import { scaledClock } from '../scaled-clock.ts'
import type { DestinationFake, DestinationSuiteOptions } from './fake.ts'

/** What became of the inputs of one delivery, as the engine sees it. */
export interface SceneDelivery {
  outcomes: ReadonlyMap<string, Outcome>
  /** Units in the order and grouping in which the adapter yielded them. */
  yields: readonly (readonly string[])[]
  /** What `deliver` threw; it counts for every input without an outcome. */
  thrown?: MillraceError
}

/** Everything one rule works with: a fresh vendor behind a fault server, a fresh destination, and the engine's side of a delivery. */
export interface Scene {
  readonly object: string
  readonly destination: Destination
  readonly vendor: FaultServer
  readonly fake: DestinationFake
  readonly ctx: DestinationContext
  /** Everything that was logged. */
  readonly logs: readonly string[]
  /** What `plan` found and was applied before the rule began, and how many writes `plan` made. */
  readonly provisioned: { changes: readonly PlanChange[]; planWrites: number }
  isWrite(request: ReceivedRequest): boolean
  writes(): RecordedRequest[]
  /** Valid inputs `from`, `from + 1`, ...; their parents are delivered first. Of an object made from consent: people known to the vendor who deny every topic. */
  inputs(count: number, from?: number): Promise<Input[]>
  /** Inputs of people, where the destination has an object made from them. */
  people(count: number, from?: number): Promise<Input[]>
  /** One call of `deliver`, imports collected. Fails the rule on outcomes for strangers, second outcomes, and throws that are no MillraceError. */
  deliver(inputs: readonly Input[], options?: { signal?: AbortSignal }): Promise<SceneDelivery>
  /** Delivers as the engine would after a fault: again and again what is not delivered, as uncertain, with progress and children handed back. */
  settle(inputs: readonly Input[], first: SceneDelivery): Promise<void>
  /** Live objects of the rule's own kind, or children of it by their name. */
  count(child?: string): Promise<number>
  close(): Promise<void>
}

const rounds = 5

/** Sets the scene for one object. Provisions what the destination plans. */
export async function openScene(options: DestinationSuiteOptions, object: string): Promise<Scene> {
  const fake = await options.fake()
  const clock = scaledClock(10)
  const vendor = await startFaultServer({ target: fake.url, clock })
  const destination = options.destination(vendor.url)
  const logs: string[] = []
  const ctx: DestinationContext = {
    connection: 'suite',
    contract: resolveContract(destination, options.contract, 'contract'),
    clock,
    logger: recordingLogger(logs),
    signal: new AbortController().signal,
  }
  const isWrite = (request: ReceivedRequest): boolean => (fake.isWrite === undefined ? request.method !== 'GET' : fake.isWrite(request))

  let fence = 0

  async function inputsOf(name: string, count: number, from = 0): Promise<Input[]> {
    return destination.objects[name]?.from === 'consent' ? await consentsOf(name, count, from) : await plainInputs(name, count, from)
  }

  const personObject = Object.keys(destination.objects).find((name) => destination.objects[name]?.from === 'person')
  const people = async (count: number, from = 0): Promise<Input[]> =>
    personObject === undefined ? [] : await plainInputs(personObject, count, from)

  async function consentsOf(name: string, count: number, from: number): Promise<Input[]> {
    const persons = await people(count, from)
    const known = await delivered(persons, `the people of ${name}`)
    const inputs = await plainInputs(name, count, from)
    return inputs.map((input, index) => {
      const person = persons[index]
      const outcome = person === undefined ? undefined : known.get(person.unit)
      if (person === undefined) return { ...input, consent: consentOf(ctx, destination.objects[name]?.channels, 'denied') }
      const { unit, key } = person
      return {
        ...input,
        unit,
        key,
        parents: [{ object: person.object, key, remoteId: outcome?.remoteId ?? '' }],
        consent: consentOf(ctx, destination.objects[name]?.channels, 'denied'),
      }
    })
  }

  async function plainInputs(name: string, count: number, from: number): Promise<Input[]> {
    const parents = destination.objects[name]?.from === 'consent' ? [] : await parentsOf(name)
    return Array.from({ length: count }, (_, index) => {
      const sample = fake.sample(name, from + index)
      const key = sample.key ?? `Suite-${name}-${from + index}`
      return {
        unit: `${destination.objects[name]?.from ?? 'unit'}:suite:${name}:${from + index}`,
        object: name,
        operation: 'upsert',
        key,
        fields: sample.fields,
        changedFields: Object.keys(sample.fields),
        children: sample.children ?? [],
        parents,
        parentsChanged: parents.length > 0,
        consent: [],
        memberships: [],
        membershipsChanged: false,
        cause: 'delta',
        objects: {},
        uncertain: false,
        fence: 0,
        ...(destination.objects[name]?.from === 'event' ? { event: factOf(key) } : {}),
      }
    })
  }

  /** That an order was placed, where the contract tells it; else a fact of the first type that it tells. */
  function factOf(key: string): EventFact {
    const { events } = ctx.contract
    const type = 'order.placed' in events ? 'order.placed' : (Object.keys(events)[0] ?? 'order.placed')
    const { name = type, as } = events[type] ?? {}
    const occurredAt = new Date(Math.floor(clock.now())).toISOString()
    return { id: `suite:${key}`, type, name, occurredAt, ...(as === undefined ? {} : { as }) }
  }

  async function parentsOf(name: string): Promise<ObjectLink[]> {
    const links: ObjectLink[] = []
    for (const parent of destination.objects[name]?.parents ?? []) {
      if (destination.objects[parent.object] === undefined || parent.object === name) continue
      const [input] = await inputsOf(parent.object, 1)
      if (input === undefined) continue
      const outcome = (await delivered([input], `the parent ${parent.object} of ${name}`)).get(input.unit)
      links.push({ object: parent.object, key: input.key, remoteId: outcome?.remoteId ?? '' })
    }
    return links
  }

  /** What a rule starts from, delivered as the engine does it: what is not delivered comes again. */
  async function delivered(inputs: readonly Input[], what: string): Promise<ReadonlyMap<string, Outcome>> {
    const outcomes = new Map<string, Outcome>()
    let open = [...inputs]
    for (let round = 0; open.length > 0; round += 1) {
      const delivery = await deliver(open)
      for (const [unit, outcome] of delivery.outcomes) outcomes.set(unit, outcome)
      open = again(open, delivery)
      if (open[0] !== undefined && round === rounds) assert.fail(`${what} must be delivered first: ${story(open[0].unit, delivery)}`)
    }
    return outcomes
  }

  async function deliver(inputs: readonly Input[], { signal = ctx.signal }: { signal?: AbortSignal } = {}): Promise<SceneDelivery> {
    const outcomes = new Map<string, Outcome>()
    const yields: string[][] = []
    const known = new Set(inputs.map(({ unit }) => unit))
    const take = (batch: readonly Outcome[]): void => {
      yields.push(batch.map(({ unit }) => unit))
      for (const outcome of batch) {
        assert.ok(known.has(outcome.unit), `an outcome names ${outcome.unit}, which was not handed in`)
        const before = outcomes.get(outcome.unit)
        assert.ok(before === undefined || before.result === 'pending', `${outcome.unit} has two outcomes`)
        outcomes.set(outcome.unit, outcome)
      }
    }
    try {
      fence += 1
      for await (const batch of destination.deliver(
        inputs.map((input) => ({ ...input, fence })),
        { ...ctx, signal },
      ))
        take(batch)
      for (let round = 0; round < rounds * 4; round += 1) {
        const tickets = ticketsOf(inputs, outcomes)
        if (tickets.length === 0 || destination.collect === undefined) break
        await fake.finishImports?.()
        for await (const batch of destination.collect(tickets, { ...ctx, signal })) take(batch)
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      if (!isMillraceError(error)) assert.fail(`the destination threw ${String(error)}, which is no MillraceError`)
      return { outcomes, yields, thrown: error }
    }
    return { outcomes, yields }
  }

  async function settle(inputs: readonly Input[], first: SceneDelivery): Promise<void> {
    let open = again(inputs, first)
    for (let round = 0; open.length > 0 && round < rounds; round += 1) open = again(open, await deliver(open))
    assert.deepEqual(
      open.map(({ unit }) => unit),
      [],
      `${open.length} of ${inputs.length} records were still not delivered after ${rounds} attempts`,
    )
  }

  let provisioned: Scene['provisioned'] = { changes: [], planWrites: 0 }
  const scene: Scene = {
    object,
    destination,
    vendor,
    fake,
    ctx,
    logs,
    get provisioned() {
      return provisioned
    },
    isWrite,
    writes: () => vendor.requests.filter(isWrite),
    inputs: (count, from) => inputsOf(object, count, from),
    people,
    deliver,
    settle,
    count: async (child) => (child === undefined ? fake.count(object) : fake.count(child, object)),
    async close() {
      await destination.close?.()
      await vendor.close()
      await fake.close()
    },
  }
  try {
    const changes = (await destination.plan?.(ctx)) ?? []
    provisioned = { changes, planWrites: scene.writes().length }
    if (changes.length > 0) await destination.apply?.(changes, ctx)
  } catch (error) {
    await scene.close()
    throw error
  }
  return scene
}

/** One decision for every topic that an object takes. */
export function consentOf(
  { contract, clock }: Pick<DestinationContext, 'contract' | 'clock'>,
  channels: ObjectSpec['channels'],
  status: ConsentDecision['status'],
  mayResubscribe = false,
): ConsentDecision[] {
  // Said a moment from now, so that it is newer than whatever the vendor just noted.
  const at = new Date(clock.now() + 60_000).toISOString()
  const explicit = { at, source: 'checkout', evidence: { form: 'checkout', ip: '192.0.2.1' } }
  const topics = Object.entries(contract.consent.topics).filter(([, { channel }]) => channels === undefined || channels.includes(channel))
  return topics.map(([topic, { channel, purpose = 'marketing', target, basis }]) => ({
    topic,
    channel,
    purpose,
    ...(target === undefined ? {} : { target }),
    status,
    ...(status === 'unknown' ? {} : explicit),
    ...(basis === undefined ? {} : { basis }),
    mayResubscribe,
  }))
}

/** Why one input is not delivered, for the person who writes the adapter. */
function story(unit: string, { outcomes, thrown }: SceneDelivery): string {
  const outcome = outcomes.get(unit)
  const error = outcome?.result === 'failed' ? outcome.error : thrown
  if (outcome?.result === 'pending')
    return `${unit} is pending still; \`finishImports\` of the fake has to finish what was accepted, and \`collect\` to say so`
  if (error !== undefined) return `${unit} met ${error.code}: ${error.message}`
  return `${unit} ${outcome === undefined ? 'got no outcome' : `is called ${outcome.result}`}`
}

/** What the engine would hand in next: everything without a delivered outcome. */
function again(inputs: readonly Input[], { outcomes }: SceneDelivery): Input[] {
  return inputs.flatMap((input) => {
    const outcome = outcomes.get(input.unit)
    if (outcome?.result === 'delivered') return []
    const [candidate] = outcome?.result === 'conflict' ? outcome.candidates : []
    const remoteId = outcome?.remoteId ?? candidate?.remoteId ?? input.remoteId
    return [
      {
        ...input,
        uncertain: true,
        ...(remoteId === undefined ? {} : { remoteId }),
        ...(outcome?.objects === undefined ? {} : { objects: outcome.objects }),
        ...(outcome?.progress === undefined ? {} : { progress: outcome.progress }),
      },
    ]
  })
}

function ticketsOf(inputs: readonly Input[], outcomes: ReadonlyMap<string, Outcome>): Ticket[] {
  const pending = inputs.flatMap(({ unit, object, key, objects: known, remoteId: id }) => {
    const outcome = outcomes.get(unit)
    if (outcome?.result !== 'pending') return []
    const { objects = known, remoteId = id, progress, ticket } = outcome
    const parts = { ...(remoteId === undefined ? {} : { remoteId }), ...(progress === undefined ? {} : { progress }) }
    return [{ ticket, unit: { unit, object, key, objects, ...parts } }]
  })
  return [...Map.groupBy(pending, ({ ticket }) => ticket)].map(([ticket, of]) => ({ ticket, units: of.map(({ unit }) => unit) }))
}

function recordingLogger(lines: string[]): Logger {
  const log = (fields: Record<string, unknown>, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`)
  }
  return { debug: log, info: log, warn: log, error: log }
}

/** Texts in the fields of inputs that only a person can be the source of: long enough to be recognised, and not our key. */
export function personalTexts(inputs: readonly Input[]): string[] {
  const texts = (fields: Readonly<Record<string, FieldValue>>): string[] =>
    Object.values(fields)
      .filter((value) => typeof value === 'string' && /@|\s|\+\d{6}/.test(value))
      .map(String)
  return inputs.flatMap(({ fields, children }) => [...texts(fields), ...children.flatMap((child) => texts(child.fields))])
}
