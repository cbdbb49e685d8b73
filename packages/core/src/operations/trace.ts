import type { TraceReport } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
import { accountKey, buyerKey } from '../identity/person-keys.ts'
import { recordUnit, recordUnitKind } from '../routing/units.ts'
import { refText, type CommerceRecord, type RecordRef } from '../model/record.ts'
import type { Delivery } from '../spec/store.ts'

const journalLength = 200

/** One record's story: where it stands at every connection, and how it came there. */
export const trace = async (engine: Engine, ref: RecordRef): Promise<TraceReport> => {
  const [stored] = await engine.store.records([ref])
  // The body was checked against the schema when it was stored.
  const record = stored?.body == null ? undefined : (JSON.parse(stored.body) as CommerceRecord)
  const units = await unitsOf(engine, ref, record)
  const deliveries: Delivery[] = []
  for (const [connection, unit] of units)
    deliveries.push(...(await engine.store.deliveries({ connection, unit }, { afterDid: 0, limit: 100 })))
  const journal = await engine.store.journal({ units: [...new Set(units.map(([, unit]) => unit))], limit: journalLength })
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
    deliveries,
    journal,
    summary: stored === undefined ? [`${refText(ref)} was never read from its source.`] : deliveries.map(sentence),
  }
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
      return `${where} waits for another record${link}.${problem}`
    case 'pending':
      return `${where} was accepted and is not finished at the vendor${link}.`
    case 'held':
      return `${where} is a removal that waits to be accepted${link}.`
    case 'dead':
      return `${where} needs a decision${link}.${problem}`
  }
}
