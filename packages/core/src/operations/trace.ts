import type { TraceReport } from '../api/report.ts'
import { observedCode } from '../delivery/observe.ts'
import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { emailHash, foldEmail } from '../identity/email.ts'
import { accountKey, buyerKey, emailKey } from '../identity/person-keys.ts'
import { recordUnit, recordUnitKind } from '../routing/units.ts'
import { refText, type CommerceRecord, type RecordRef } from '../model/record.ts'
import type { Delivery } from '../spec/store.ts'
import { tellStory } from './trace-story.ts'

const journalLength = 200

/** One record's story: where it stands at every connection, and how it came there. */
export const trace = async (engine: Engine, ref: RecordRef): Promise<TraceReport> => {
  const [stored] = await engine.store.records([ref])
  // The body was checked against the schema when it was stored.
  const record = stored?.body == null ? undefined : (JSON.parse(stored.body) as CommerceRecord)
  const told = await tell(engine, await unitsOf(engine, ref, record))
  return {
    ref: refText(ref),
    found: stored !== undefined,
    record:
      stored === undefined
        ? null
        : {
            revision: stored.revision,
            version: stored.version,
            deletedAt: stored.deletedAt === null ? null : new Date(stored.deletedAt).toISOString(),
          },
    ...told,
    summary: stored === undefined ? [`${refText(ref)} was never read from its source.`] : told.summary,
  }
}

/** The story of everybody who is known by an e-mail. It is looked up by its hash and appears nowhere in the answer. */
export const tracePerson = async (engine: Engine, email: string, store: string | undefined): Promise<TraceReport> => {
  const folded = foldEmail(email)
  if (folded === undefined) throw notAnAddress()
  const units: [string, string][] = []
  for (const [name, { identity, rules }] of engine.connections) {
    const keys = [rules.emailScope === 'global' ? '*' : (store ?? '-')].flatMap((scope) => emailKey(folded, scope) ?? [])
    for (const unit of await engine.store.aliases(identity, keys)) {
      if (unit === undefined) continue
      units.push([name, unit])
      const [members = []] = await engine.store.members(identity, [unit])
      for (const { fact } of members) if (fact !== null) units.push([name, recordUnit('order', fact.source, fact.orderId)])
    }
  }
  const told = await tell(engine, units)
  const found = units.length > 0
  return {
    ref: `email/${emailHash(folded)}`,
    found,
    record: null,
    ...told,
    summary: found ? told.summary : ['Nobody is known by this e-mail.'],
  }
}

const notAnAddress = (): MillraceError =>
  new MillraceError({ code: 'reference_invalid', message: 'This is no e-mail address. Give it as it is at the shop.' })

const tell = async (
  engine: Engine,
  units: readonly (readonly [string, string])[],
): Promise<Pick<TraceReport, 'deliveries' | 'journal' | 'exchanges' | 'story' | 'summary'>> => {
  const deliveries: Delivery[] = []
  for (const [connection, unit] of units)
    deliveries.push(...(await engine.store.deliveries({ connection, unit }, { afterDid: 0, limit: 100 })))
  const journal = await engine.store.journal({ units: [...new Set(units.map(([, unit]) => unit))], limit: journalLength })
  const exchanges = await engine.store.exchanges([...new Set(journal.flatMap((entry) => entry.exchanges ?? []))])
  return { deliveries, journal, exchanges, story: tellStory(journal, exchanges), summary: deliveries.map(sentence) }
}

/** The record's own unit, and the person it belongs to, by connection. */
const unitsOf = async (engine: Engine, ref: RecordRef, record: CommerceRecord | undefined): Promise<[string, string][]> => {
  const units: [string, string][] = []
  const kind = recordUnitKind(ref.entity)
  for (const [name, connection] of engine.connections) {
    if (kind !== undefined) {
      units.push([name, recordUnit(kind, ref.source, ref.id)])
      continue
    }
    const [person] = await engine.store.aliases(connection.identity, [accountKey(ref.source, ref.id)])
    if (person !== undefined) units.push([name, person])
  }
  if (record?.entity !== 'order') return units
  for (const [name, connection] of engine.connections) {
    const key = buyerKey(ref.source, record, connection.rules)
    const [person] = key === undefined ? [] : await engine.store.aliases(connection.identity, [key])
    if (person !== undefined) units.push([name, person])
  }
  return units
}

const sentence = (delivery: Delivery): string => {
  const where = `${delivery.connection}: ${delivery.object}`
  const link = delivery.remoteId === null ? '' : ` (id ${delivery.remoteId} there)`
  const problem = delivery.problem === null ? '' : ` ${delivery.problem.code}: ${delivery.problem.message}`
  switch (delivery.state) {
    case 'settled':
      return `${where} is up to date${link}: last ${delivery.result ?? 'settled'} at ${new Date(delivery.updatedAt).toISOString()}.${problem}`
    case 'ready':
      return `${where} waits to be sent${link}, not before ${new Date(delivery.nextAt).toISOString()}, after ${delivery.attempts} failed attempts.${problem}`
    case 'sending':
      return `${where} is being sent${link}.`
    case 'parked':
      if (delivery.problem?.code === observedCode) return `${where} was observed and waits until the connection is live${link}.${problem}`
      return `${where} waits for another record${link}.${problem}`
    case 'pending':
      return `${where} was accepted and is not finished at the vendor${link}.`
    case 'held':
      return `${where} is a removal that waits to be accepted${link}.`
    case 'dead':
      return `${where} needs a decision${link}.${problem}`
  }
}
