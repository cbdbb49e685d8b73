import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { parseFingerprint } from '../delivery/fingerprint.ts'
import { isMillraceError } from '../error.ts'
import { emailHash } from '../identity/email.ts'
import { subjectsOf } from '../events/subject.ts'
import { withVisitors } from '../events/visitors.ts'
import { eventTypes } from '../model/event.ts'
import { recordUnit } from '../routing/units.ts'
import { eventUnit } from '../events/raise-events.ts'
import type { ObjectLink } from '../spec/destination.ts'
import type { ErasureOutcome, ErasureTarget } from '../spec/erasure.ts'
import type { ConnectionErasure } from '../api/erasure-report.ts'
import type { FoundPerson, OwnRecord } from './find-people.ts'

/** Everything that is known of the people to be erased. */
export interface Subject {
  people: readonly FoundPerson[]
  records: readonly OwnRecord[]
  emails: readonly string[]
  phones: readonly string[]
}

/** What is to be erased at one connection: its people with what we linked there. Somebody whom the store does not know is still looked for by e-mail. */
export const targetsAt = async (
  engine: Engine,
  connection: Connection,
  { people, records, emails, phones }: Subject,
): Promise<ErasureTarget[]> => {
  const own = people.filter(({ identity }) => identity === connection.identity)
  const objects = connection.objectsOf('person')
  const related = await relatedAt(engine, connection, own, records)
  const targets: ErasureTarget[] = []
  for (const { unit } of own) {
    const links = await engine.store.links(
      connection.name,
      objects.map((object) => ({ object, unit })),
    )
    const link = links.find((each) => each?.remoteId != null)
    const key = parseFingerprint(link?.fingerprint ?? null)?.key ?? ''
    targets.push({ unit, key, emails, phones, related, ...(link?.remoteId == null ? {} : { remoteId: link.remoteId }) })
  }
  if (targets.length > 0 || emails.length === 0) return targets
  return [{ unit: `unknown:${emailHash(emails[0] ?? '')}`, key: '', emails, phones, related }]
}

const relatedAt = async (
  engine: Engine,
  connection: Connection,
  people: readonly FoundPerson[],
  records: readonly OwnRecord[],
): Promise<ObjectLink[]> => {
  const units = records.flatMap(({ ref }) =>
    ref.entity === 'order' || ref.entity === 'cart'
      ? connection
          .objectsOf(ref.entity)
          .map((object) => ({ object, unit: recordUnit(ref.entity === 'order' ? 'order' : 'cart', ref.source, ref.id) }))
      : [],
  )
  const subjects = await withVisitors(engine.store, subjectsOf(people.flatMap(({ keys }) => keys)))
  const events = subjects.length === 0 ? [] : await engine.store.eventsAbout({ subjects, types: eventTypes, since: 0 })
  const told = events.flatMap(({ source, id }) => connection.objectsOf('event').map((object) => ({ object, unit: eventUnit(source, id) })))
  const links = await engine.store.links(connection.name, [...units, ...told])
  return links.flatMap((link) =>
    link?.remoteId == null ? [] : [{ object: link.object, key: parseFingerprint(link.fingerprint)?.key ?? '', remoteId: link.remoteId }],
  )
}

/** Erases people at one destination and looks whether they are gone. What it throws is in the report; the others go on. */
export const eraseAt = async (
  engine: Engine,
  connection: Connection,
  targets: readonly ErasureTarget[],
  signal: AbortSignal,
): Promise<ConnectionErasure> => {
  const { destination } = connection
  const ids = targets.flatMap(({ remoteId, related }) => [
    ...(remoteId === undefined ? [] : [remoteId]),
    ...related.map((link) => `${link.object} ${link.remoteId}`),
  ])
  if (targets.length === 0) return { result: 'absent', ids, remains: [], found: null, problem: null }
  if (destination.erase === undefined)
    return {
      result: 'by-hand',
      ids,
      remains: [`${destination.name} cannot be asked to erase anybody: do it there by hand.`],
      found: null,
      problem: null,
    }
  const context = destinationContext(engine, connection, signal)
  const outcomes: ErasureOutcome[] = []
  try {
    for await (const some of destination.erase(targets, context)) outcomes.push(...some)
    const found = await stillThere(engine, connection, targets, signal)
    return { ...summary(targets, outcomes), ids, found }
  } catch (thrown) {
    signal.throwIfAborted()
    const problem = isMillraceError(thrown)
      ? { code: thrown.code, message: thrown.message }
      : { code: 'adapter_failed', message: `${destination.name} threw ${thrown instanceof Error ? thrown.name : typeof thrown}.` }
    return { result: 'failed', ids, remains: [], found: null, problem }
  }
}

const summary = (
  targets: readonly ErasureTarget[],
  outcomes: readonly ErasureOutcome[],
): Pick<ConnectionErasure, 'result' | 'remains' | 'problem'> => {
  const remains = [...new Set(outcomes.flatMap((outcome) => outcome.remains))]
  const failed = outcomes.find((outcome) => outcome.result === 'failed')
  if (failed?.result === 'failed') return { result: 'failed', remains, problem: { code: failed.error.code, message: failed.error.message } }
  if (outcomes.length < targets.length)
    return {
      result: 'failed',
      remains,
      problem: { code: 'unconfirmed', message: 'The destination did not say what became of everybody. Erase again.' },
    }
  const results = new Set(outcomes.map(({ result }) => result))
  return { result: results.has('requested') ? 'requested' : results.has('erased') ? 'erased' : 'absent', remains, problem: null }
}

/** How many objects the destination still finds by an e-mail of theirs; null where it cannot be asked. */
const stillThere = async (
  engine: Engine,
  connection: Connection,
  targets: readonly ErasureTarget[],
  signal: AbortSignal,
): Promise<number | null> => {
  const { destination } = connection
  const [object] = connection.objectsOf('person').filter((each) => connection.spec(each).adoptBy?.includes('email') === true)
  const values = [...new Set(targets.flatMap(({ emails }) => emails.map((email) => email.trim().toLowerCase())))]
  if (object === undefined || destination.find === undefined || values.length === 0) return null
  return (await destination.find({ object, by: 'email', values }, destinationContext(engine, connection, signal))).length
}
