import { chunk, mapConcurrent } from '@millrace/adapter-kit'
import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { encodeFields, touchesList, type Existing } from '../encode.ts'
import { archiveUnsupported } from '../errors.ts'
import { idempotencyKey, identityOf } from '../identity.ts'
import { asList, asText, member } from '../json.ts'
import { conflicting, delivered, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { attached, attachWrite, needsIdentity } from './attach.ts'
import { candidatesOf } from './candidates.ts'
import { foreignKeys, readByKey, readPerson, readSurvivor } from './contact.ts'
import { settleMemberships } from './memberships.ts'
import { runWrites, type Write } from './run-writes.ts'

/** Reads at the same time. */
const readers = 6

/** An input with the contact that it belongs to, as far as it is known. */
interface Person {
  input: Input
  remoteId: string | undefined
  existing?: Existing
  /** A merge was followed to it. */
  followed?: true
}

type ContactWrite = Write & { person: Person }

/** Contacts: first our identity on those that were found, then their fields, then their lists. */
export async function* deliverContacts(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const { archive = [], upsert = [] } = Object.groupBy(inputs, (input) => input.operation)
  if (archive.length > 0) yield archive.map((input) => failed(input, archiveUnsupported(api.dialect, 'contact')))
  for (const batch of chunk(upsert, objectOf(api, 'contact').deliver, ({ key }) => key)) yield* deliverBatch(api, batch, ctx)
}

async function* deliverBatch(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const people: Person[] = inputs.filter((input) => !needsIdentity(input)).map((input) => ({ input, remoteId: input.remoteId }))
  for await (const found of attachAll(api, inputs.filter(needsIdentity), ctx)) {
    if ('input' in found) people.push(found)
    else yield [found]
  }
  await readExisting(api, people, ctx)
  const open: (readonly [Person, Answer])[] = []
  for await (const written of runWrites(
    api,
    people.map((person) => writeOf(api, person, ctx)),
    ctx,
  )) {
    const done: { input: Input; outcome: Outcome }[] = []
    for (const [{ person }, answer] of written) {
      const id = asText(member(answer.value, 'id'))
      if (answer.ok && id !== undefined) done.push({ input: person.input, outcome: delivered(person.input, id, answer.status) })
      else open.push([person, answer])
    }
    for (const [, answer] of written) noteIgnored(answer, ctx)
    yield* settleMemberships(api, done, ctx)
  }
  const followed = mapConcurrent(open, readers, async function* ([person, answer]) {
    const outcome = await followUp(api, person, answer, ctx)
    if (outcome !== undefined) yield { input: person.input, outcome }
  })
  for await (const one of followed) yield* settleMemberships(api, [one], ctx)
}

async function* attachAll(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Person | Outcome> {
  const writes = inputs.flatMap((input) => (input.remoteId === undefined ? [] : [attachWrite(api, input, input.remoteId, ctx)]))
  for await (const written of runWrites(api, writes, ctx)) {
    for (const [write, answer] of written) {
      // A line without a body confirms as well: it names the write and says that it was applied.
      const result = answer.ok && answer.value === undefined ? { remoteId: write.remoteId } : await attached(api, write, answer, ctx)
      if ('remoteId' in result) yield { input: write.input, remoteId: result.remoteId }
      else if ('gone' in result) yield { input: write.input, remoteId: undefined }
      else if (result.outcome !== undefined) yield result.outcome
    }
  }
}

/** Everything, unless what the CRM holds is known. */
const namesToWrite = ({ input, remoteId }: Person): readonly string[] =>
  remoteId === undefined || input.uncertain || input.remoteKey !== input.key ? Object.keys(input.fields) : input.changedFields

/** Lists are replaced as a whole, so a contact that is there already is read first: what others put into its lists stays. */
const readExisting = async (api: Api, people: readonly Person[], ctx: DestinationContext): Promise<void> => {
  const spec = objectOf(api, 'contact')
  const affected = people.filter((person) => person.remoteId !== undefined && touchesList(spec, namesToWrite(person)))
  const reads = mapConcurrent(affected, readers, async function* (person) {
    const found = await readPerson(api, person.remoteId, person.input.key, ctx)
    if ('contact' in found) person.existing = { contact: found.contact.body, ours: person.input.remoteKey === person.input.key }
    yield person
  })
  for await (const _ of reads);
}

const writeOf = (api: Api, person: Person, ctx: DestinationContext): ContactWrite => {
  const { input, existing, followed } = person
  const { body: fields, dropped } = encodeFields(objectOf(api, 'contact'), input.fields, {
    names: namesToWrite(person),
    ...(existing === undefined ? {} : { existing }),
  })
  if (dropped.length > 0)
    ctx.logger.warn({ unit: input.unit, fields: dropped.join(',') }, 'left out: no international phone number, or no language')
  const body = { sourceVersion: input.fence, ...fields }
  const identity = identityOf(input.key, ctx.contract.prefix)
  return {
    person,
    operation: operationOf(api, 'contact', 'put'),
    values: { ...identity, body },
    what: 'write of a contact',
    // After a merge was followed the same words are another write: the refusal may stand under the first key.
    idempotencyKey: idempotencyKey('contact', identity, body, followed),
  }
}

/** Fields that belong to the CRM are no error: they stay as they are there. */
const noteIgnored = (answer: Answer, ctx: DestinationContext): void => {
  const ignored = asList(member(answer.value, 'ignored')).filter((pointer) => typeof pointer === 'string')
  if (ignored.length > 0) ctx.logger.info({ ignored: ignored.join(',') }, 'fields that belong to the CRM were not overwritten')
}

/** What takes more than one answer: merges, conflicts, versions that are newer, confirmations without an id. */
const followUp = async (
  api: Api,
  person: Person,
  answer: Answer,
  ctx: DestinationContext,
  followed = false,
): Promise<Outcome | undefined> => {
  const { input } = person
  const meaning = answer.ok ? undefined : classOf(api.dialect, answer)
  if (answer.ok && answer.value !== undefined) return undefined
  if (answer.ok || meaning === 'stale') {
    if (meaning === 'stale') ctx.logger.warn({ unit: input.unit }, 'the CRM holds a newer version of this contact: left as it is')
    const found = await readByKey(api, input.key, ctx)
    if ('contact' in found) return delivered(input, found.contact.id, answer.status)
    return found.gone === 'absent'
      ? undefined
      : failed(input, refusal(api, { ...answer, ok: false, status: 410 }, 'write of a contact', ctx))
  }
  if (meaning === 'conflict') return conflicting(input, await candidatesOf(api, answer, ctx))
  if (meaning !== 'merged' || followed) return failed(input, refusal(api, answer, 'write of a contact', ctx))
  const found = await readSurvivor(api, answer, input.key, ctx)
  if (!('contact' in found)) return failed(input, refusal(api, answer, 'write of a contact', ctx))
  const { contact } = found
  const [other] = foreignKeys(contact, input)
  if (other !== undefined) return conflicting(input, [{ remoteId: contact.id, key: other }])
  const attach = attachWrite(api, input, contact.id, ctx)
  const result = await attached(api, attach, await api.transport.send(attach, ctx), ctx, true)
  if ('outcome' in result) return result.outcome
  if ('gone' in result) return failed(input, refusal(api, answer, 'write of a contact', ctx))
  // Where the merge led to is somebody's contact: what it holds in its lists stays.
  const moved: Person = { input, remoteId: result.remoteId, existing: { contact: contact.body, ours: false }, followed: true }
  const write = writeOf(api, { ...moved, input: { ...input, changedFields: Object.keys(input.fields), remoteId: result.remoteId } }, ctx)
  const again = await api.transport.send(write, ctx)
  const id = asText(member(again.value, 'id'))
  return again.ok && id !== undefined
    ? delivered({ ...input, remoteId: result.remoteId }, id, again.status)
    : followUp(api, moved, again, ctx, true)
}
