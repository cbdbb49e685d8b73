import { chunk, mapConcurrent } from '@millrace/adapter-kit'
import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, operationOf, refusal, type Api } from '../api.ts'
import { classOf } from '../dialect/classify.ts'
import { encodeFields } from '../encode.ts'
import { idempotencyKey, identityOf } from '../identity.ts'
import { asText, member } from '../json.ts'
import { conflicting, delivered, failed } from '../outcome.ts'
import type { Answer } from '../transport.ts'
import { attached, attachWrite } from './attach.ts'
import { candidatesOf } from './candidates.ts'
import { idOf, nameOf, progressOf, statementOf, type Statement, type WrittenConsent } from './consent-statement.ts'
import { consentsOf, type HeldConsent } from './consent.ts'
import { foreignKeys, readByKey, readSurvivor } from './contact.ts'
import { contactAwaited, optedOutThere, versionBehind } from './refusals.ts'
import { runWrites, type Write } from './run-writes.ts'

const readers = 6

/** Names a consent of a write by its place. */
const consentPointer = /^\/consents\/(\d+)/

type ConsentWrite = Write & { statement: Statement }

/** Consents of people, each with its time. What the CRM holds of a later time stays; a withdrawal there is lifted only with evidence. */
export async function* deliverConsent(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const batch of chunk(inputs, objectOf(api, 'subscription').deliver, ({ key }) => key)) {
    const statements = batch.map((input) => statementOf(input, ctx.clock.now()))
    const silent = statements.filter(({ consents }) => consents.length === 0)
    const spoken: Statement[] = []
    const asked = mapConcurrent(
      statements.filter((one) => !silent.includes(one)),
      readers,
      async function* (statement) {
        const outcome = await recognised(api, statement, ctx)
        yield { statement: outcome === undefined ? await withoutLifting(api, statement, ctx) : statement, outcome }
      },
    )
    for await (const { statement, outcome } of asked) {
      const end = outcome ?? (statement.consents.length === 0 ? statement.refused : undefined)
      if (end === undefined) spoken.push(statement)
      else yield [end]
    }
    // Nothing to say is said: the person's state at the CRM is what it was.
    if (silent.length > 0) yield silent.map(({ input }) => delivered(input, idOf(input), 200, progressOf(input, [])))
    for await (const written of runWrites(
      api,
      spoken.map((statement) => writeOf(api, statement, ctx)),
      ctx,
    )) {
      for (const [{ statement }, answer] of written) {
        const outcome = await judge(api, statement, answer, ctx)
        if (outcome !== undefined) yield [outcome]
      }
    }
  }
}

/** The engine asked before it decided; somebody may have opted out there since. Such an opt-in is left out and told. */
const withoutLifting = async (api: Api, statement: Statement, ctx: DestinationContext): Promise<Statement> => {
  if (statement.cautious.length === 0) return statement
  const found = await readByKey(api, statement.key, ctx)
  const held = 'contact' in found ? consentsOf(found.contact) : []
  const isDenied = (name: string): boolean => held.some((one) => nameOf(one) === name && ['denied', 'withdrawn'].includes(one.status))
  const kept = statement.consents.filter(
    (one) => one.status !== 'granted' || !statement.cautious.includes(nameOf(one)) || !isDenied(nameOf(one)),
  )
  if (kept.length === statement.consents.length) return statement
  return { ...statement, consents: kept, refused: failed(statement.input, optedOutThere(api.dialect)) }
}

/** A contact that was found there gets our identity before anything is said about it. */
const recognised = async (api: Api, { input, key }: Statement, ctx: DestinationContext): Promise<Outcome | undefined> => {
  if (input.remoteId === undefined || input.remoteKey === key || input.parents.some(({ object }) => object === 'contact')) return undefined
  const write = attachWrite(api, { ...input, key }, input.remoteId, ctx)
  const result = await attached(api, write, await api.transport.send(write, ctx), ctx)
  return 'outcome' in result ? result.outcome : undefined
}

const isKnownThere = ({ input }: Statement): boolean =>
  input.remoteId !== undefined || input.parents.some(({ object }) => object === 'contact')

const writeOf = (api: Api, statement: Statement, ctx: DestinationContext): ConsentWrite => {
  const { input, key, consents } = statement
  // A contact that is not there yet is made with its address, so that the person can be recognised by it.
  const fields = isKnownThere(statement) ? {} : encodeFields(objectOf(api, 'subscription'), input.fields).body
  const body = { sourceVersion: input.fence, ...fields, consents }
  const identity = identityOf(key, ctx.contract.prefix)
  return {
    statement,
    operation: operationOf(api, 'subscription', 'put'),
    values: { ...identity, body },
    what: 'consent of a contact',
    urgent: true,
    // After a merge was followed the same words are another write: the refusal may stand under the first key.
    idempotencyKey: idempotencyKey('consent', identity, body, statement.followed),
  }
}

const send = async (api: Api, statement: Statement, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { input, consents, refused } = statement
  if (consents.length === 0) return refused ?? delivered(input, idOf(input), 200, progressOf(input, []))
  return judge(api, statement, await api.transport.send(writeOf(api, statement, ctx), ctx), ctx)
}

const done = (statement: Statement, remoteId: string, status: number): Outcome =>
  statement.refused ?? delivered(statement.input, remoteId, status, progressOf(statement.input, statement.consents))

const judge = async (api: Api, statement: Statement, answer: Answer, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { input } = statement
  if (answer.ok) {
    const id = asText(member(answer.value, 'id'))
    if (id !== undefined) return done(statement, id, answer.status)
    return answer.value === undefined ? done(statement, idOf(input), answer.status) : undefined
  }
  switch (classOf(api.dialect, answer)) {
    case 'stale':
      // Another write of the same person was faster; the consent has a time of its own, so it is said again with a newer version.
      return failed(input, versionBehind(api.dialect))
    case 'stale-consent':
      return settleStale(api, statement, ctx)
    case 'evidence':
      return withoutRefused(api, statement, answer, ctx)
    case 'conflict':
      return conflicting(input, await candidatesOf(api, answer, ctx))
    case 'merged':
      return moved(api, statement, answer, ctx)
    case 'refused':
      // One that is not valid refuses the whole write; the others, an opt-out among them, go out without it.
      if (statement.consents.length > 1 && answer.details.some(({ pointer }) => consentPointer.test(pointer)))
        return withoutRefused(api, statement, answer, ctx)
      return notWritten(api, statement, answer, ctx)
    default:
      return notWritten(api, statement, answer, ctx)
  }
}

/** The CRM makes no contact of a consent alone: the profile has to be there first. */
const notWritten = (api: Api, statement: Statement, answer: Answer, ctx: DestinationContext): Outcome =>
  !isKnownThere(statement) && answer.details.some(({ code }) => code === 'required')
    ? failed(statement.input, contactAwaited(api.dialect))
    : failed(statement.input, refusal(api, answer, 'consent of a contact', ctx))

const later = (at: string): string => new Date(Date.parse(at) + 1).toISOString()

/** Reads what is held, and leaves out what is as new there. At the same time a denial counts more than an opt-in, so it is told one millisecond later. */
const settleStale = async (api: Api, statement: Statement, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const found = await readByKey(api, statement.key, ctx)
  const held = new Map<string, HeldConsent>('contact' in found ? consentsOf(found.contact).map((one) => [nameOf(one), one]) : [])
  const consents = statement.consents.flatMap((consent): WrittenConsent[] => {
    const there = held.get(nameOf(consent))
    if (there === undefined || Date.parse(consent.at) > Date.parse(there.at)) return [consent]
    const tie = Date.parse(consent.at) === Date.parse(there.at) && consent.status !== 'granted' && there.status === 'granted'
    return tie ? [{ ...consent, at: later(there.at) }] : []
  })
  const isSame = consents.length === statement.consents.length && consents.every((one, index) => one.at === statement.consents[index]?.at)
  if (isSame) {
    const { dialect } = api
    ctx.logger.warn({ unit: statement.input.unit }, `${dialect.label} calls consents stale that are newer than what it holds`)
    return undefined
  }
  return send(api, { ...statement, consents }, ctx)
}

/** What the CRM refuses, such as an opt-in without evidence over a withdrawal, is left out and told as a dead letter; what else the person said goes out. */
const withoutRefused = async (api: Api, statement: Statement, answer: Answer, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const named = new Set(answer.details.flatMap(({ pointer }) => consentPointer.exec(pointer)?.[1] ?? []))
  const refused = failed(statement.input, refusal(api, answer, 'consent of a contact', ctx))
  const consents = statement.consents.filter(
    (consent, index) => !(named.size === 0 ? consent.status === 'granted' : named.has(String(index))),
  )
  return consents.length === statement.consents.length ? refused : send(api, { ...statement, consents, refused }, ctx)
}

const moved = async (api: Api, statement: Statement, answer: Answer, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { input } = statement
  const found = await readSurvivor(api, answer, statement.key, ctx)
  if (!('contact' in found) || statement.followed === true) return failed(input, refusal(api, answer, 'consent of a contact', ctx))
  const [other] = foreignKeys(found.contact, { key: statement.key })
  if (other !== undefined) return conflicting(input, [{ remoteId: found.contact.id, key: other }])
  const attach = attachWrite(api, { ...input, key: statement.key }, found.contact.id, ctx)
  const result = await attached(api, attach, await api.transport.send(attach, ctx), ctx, true)
  if ('outcome' in result) return result.outcome
  return 'gone' in result
    ? failed(input, refusal(api, answer, 'consent of a contact', ctx))
    : send(api, { ...statement, followed: true }, ctx)
}
