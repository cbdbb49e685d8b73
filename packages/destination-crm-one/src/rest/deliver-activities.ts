import { chunk, mapConcurrent } from '@millrace/adapter-kit'
import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { encodeFields } from '../encode.ts'
import { eventIdOf, idempotencyKey, identityOf } from '../identity.ts'
import { asText, member } from '../json.ts'
import { delivered, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { isGranted } from './consent.ts'
import { readPerson } from './contact.ts'
import { consentRequired, contactAwaited } from './refusals.ts'
import { runWrites, type Write } from './run-writes.ts'

type ActivityWrite = Write & { input: Input }

const readers = 6

/** Events as activities: CloudEvents, once by their id however often they are sent. Marketing ones only to people who agreed. */
export async function* deliverActivities(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const known = inputs.filter((input) => subjectOf(input, ctx) !== undefined && input.event !== undefined)
  const unknown = inputs.filter((input) => !known.includes(input))
  if (unknown.length > 0) yield unknown.map((input) => failed(input, contactAwaited(api.dialect)))
  if (known.length === 0) return
  const allowed: Input[] = []
  for await (const [input, outcome] of judged(api, known, ctx)) {
    if (outcome === undefined) allowed.push(input)
    else yield [outcome]
  }
  for (const batch of chunk(allowed, objectOf(api, 'activity').deliver, ({ key }) => key)) {
    for await (const written of runWrites(
      api,
      batch.map((input) => writeOf(api, input, ctx)),
      ctx,
    )) {
      yield written.flatMap(([{ input }, answer]) => outcomeOf(api, input, answer, ctx))
    }
  }
}

const subjectOf = ({ parents }: Input, { contract }: DestinationContext): string | undefined => {
  const person = parents.find((parent) => parent.object === 'contact')
  if (person === undefined) return undefined
  if (person.key === '') return person.remoteId
  const { source, id } = identityOf(person.key, contract.prefix)
  return `${source}/${id}`
}

/** Asks for the consent of the people whom marketing events are about, once for each. */
async function* judged(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<readonly [Input, Outcome | undefined]> {
  const { transactionalTypes, marketingConsent } = await api.schema(ctx)
  const isMarketing = ({ event }: Input): boolean => !transactionalTypes.some((type) => event?.name.startsWith(type) === true)
  const personOf = ({ parents }: Input): string => parents.find((parent) => parent.object === 'contact')?.remoteId ?? ''
  const people = new Set(inputs.filter(isMarketing).map(personOf))
  const keys = new Map(inputs.flatMap(({ parents }) => parents.map(({ remoteId, key }) => [remoteId, key] as const)))
  const granted = new Set<string>()
  const reads = mapConcurrent(people, readers, async function* (remoteId) {
    const found = await readPerson(api, remoteId, keys.get(remoteId) ?? '', ctx)
    if ('contact' in found && isGranted(found.contact, marketingConsent)) granted.add(remoteId)
    yield remoteId
  })
  for await (const _ of reads);
  for (const input of inputs) {
    const may = !isMarketing(input) || granted.has(personOf(input))
    yield [input, may ? undefined : withheld(api, input, marketingConsent)]
  }
}

/** Nobody has to decide anything: the person did not agree, so the event is not told. */
const withheld = (api: Api, input: Input, consent: { channel: string; purpose: string }): Outcome => {
  const { code, message } = consentRequired(api.dialect, `the event ${input.event?.name ?? ''}`, consent)
  return { unit: input.unit, result: 'skipped', reason: { code, message } }
}

const idOf = ({ event, key }: Input): string => eventIdOf(event?.id ?? key)

const writeOf = (api: Api, input: Input, ctx: DestinationContext): ActivityWrite => {
  const { event } = input
  const id = idOf(input)
  const { data = {} } = encodeFields(objectOf(api, 'activity'), input.fields).body
  const body = {
    specversion: '1.0',
    id,
    source: ctx.contract.prefix,
    type: event?.name ?? '',
    time: event?.occurredAt ?? '',
    subject: subjectOf(input, ctx) ?? '',
    datacontenttype: 'application/json',
    data,
  }
  return {
    input,
    operation: operationOf(api, 'activity', 'put'),
    values: { id, body },
    what: 'an event',
    // The CRM keeps an event once by its id; a refusal may stand under the key, so another attempt has another one.
    idempotencyKey: idempotencyKey('activity', body, input.fence),
  }
}

const outcomeOf = (api: Api, input: Input, answer: Answer, ctx: DestinationContext): Outcome[] => {
  const id = idOf(input)
  if (classOf(api.dialect, answer) === 'consent') {
    const { code, message } = refusal(api, answer, 'an event', ctx)
    return [{ unit: input.unit, result: 'skipped', reason: { code, message } }]
  }
  if (!answer.ok) return [failed(input, refusal(api, answer, 'an event', ctx))]
  const confirmed = answer.value === undefined || asText(member(answer.value, 'id')) === id
  return confirmed ? [delivered(input, id, answer.status)] : []
}
