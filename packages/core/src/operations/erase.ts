import type { ErasureReport } from '../api/erasure-report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import { eraseAt, targetsAt, type Subject } from '../erasure/erase-at-destination.ts'
import { eraseLocally } from '../erasure/erase-locally.ts'
import { emailsIn, findPeople, phonesIn, recordsOf, type PersonRef } from '../erasure/find-people.ts'
import { emailHash, foldEmail } from '../identity/email.ts'

/** Bounds of an erasure. */
export interface EraseOptions {
  signal?: AbortSignal
  /** Says what would be erased, and erases nothing. */
  dryRun?: boolean
}

/** Tells whom, without telling who it is. */
export const subjectText = (ref: PersonRef): string =>
  'email' in ref ? `email/${emailHash(foldEmail(ref.email) ?? '')}` : `${ref.source}/customer/${ref.id}`

/** Everything that is known of whoever is meant. */
export const subjectOf = async (engine: Engine, ref: PersonRef, signal: AbortSignal): Promise<Subject> => {
  const people = await findPeople(engine, ref)
  const given = 'email' in ref ? [ref.email] : []
  const records = await recordsOf(engine, people, given, signal)
  return { people, records, emails: [...new Set([...given, ...emailsIn(records)])], phones: phonesIn(records) }
}

/**
 * Erases a person at every destination and here. Destinations first, while it is still known what is where; here in any case, so that nothing more is sent. May be
 * repeated where a destination failed: whoever is erased already is looked for by e-mail.
 */
export const erase = async (
  engine: Engine,
  token: string,
  ref: PersonRef,
  { dryRun = false }: EraseOptions,
  signal: AbortSignal,
): Promise<ErasureReport> => {
  const now = engine.clock.now()
  const subject = await subjectOf(engine, ref, signal)
  const records: Record<string, number> = {}
  for (const { ref: own } of subject.records) records[own.entity] = (records[own.entity] ?? 0) + 1
  const report: ErasureReport = {
    complete: false,
    dryRun,
    at: new Date(now).toISOString(),
    actor: engine.actor,
    subject: subjectText(ref),
    connections: {},
    store: null,
    records,
  }
  for (const [name, connection] of engine.connections) {
    const targets = await targetsAt(engine, connection, subject)
    const ids = targets.flatMap(({ remoteId, related }) => [
      ...(remoteId === undefined ? [] : [remoteId]),
      ...related.map((link) => `${link.object} ${link.remoteId}`),
    ])
    report.connections[name] = dryRun
      ? { result: 'planned', ids, remains: [], found: null, problem: null }
      : await eraseAt(engine, connection, targets, signal)
  }
  if (dryRun) return report
  report.store = await eraseLocally(engine, token, subject, now)
  report.complete = Object.values(report.connections).every(
    ({ result, found }) => (result === 'erased' || result === 'absent') && (found ?? 0) === 0,
  )
  await engine.store.audit(auditedBy(engine, 'erase', undefined, { subject: report.subject, complete: report.complete }), now)
  return report
}
