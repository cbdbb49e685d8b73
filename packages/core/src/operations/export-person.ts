import type { ExportReport } from '../api/erasure-report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import { subjectsOf } from '../events/subject.ts'
import { withVisitors } from '../events/visitors.ts'
import type { PersonRef } from '../erasure/find-people.ts'
import { eventTypes } from '../model/event.ts'
import { recordUnit, recordUnitKind } from '../routing/units.ts'
import { subjectOf, subjectText } from './erase.ts'

const atOnce = 10_000

/** Everything that is held and was sent about a person, for subject access. The answer is personal data as a whole; that it was asked for is audited. */
export const exportPerson = async (engine: Engine, ref: PersonRef, signal: AbortSignal): Promise<ExportReport> => {
  const now = engine.clock.now()
  const { people, records } = await subjectOf(engine, ref, signal)
  const report: ExportReport = {
    at: new Date(now).toISOString(),
    subject: subjectText(ref),
    records: records.map(({ ref: { source, entity, id }, record }) => ({ source, entity, id, record })),
    connections: {},
    events: [],
    journal: [],
  }
  const own = records.flatMap(({ ref: { source, entity, id } }) => {
    const kind = recordUnitKind(entity)
    return kind === undefined ? [] : [recordUnit(kind, source, id)]
  })
  const all = new Set<string>()
  for (const [name, { identity }] of engine.connections) {
    const persons = people.filter((person) => person.identity === identity).map(({ unit }) => unit)
    const units = [...persons, ...own]
    const objects = []
    for (const unit of units) {
      all.add(unit)
      for (const row of await engine.store.deliveries({ connection: name, unit }, { afterDid: 0, limit: atOnce }))
        objects.push({ object: row.object, remoteId: row.remoteId, state: row.state, since: new Date(row.updatedAt).toISOString() })
    }
    report.connections[name] = { objects, consent: (await engine.store.heldConsent(name, persons)).flat() }
  }
  const subjects = await withVisitors(engine.store, subjectsOf(people.flatMap(({ keys }) => keys)))
  const events = subjects.length === 0 ? [] : await engine.store.eventsAbout({ subjects, types: eventTypes, since: 0 })
  report.events = events.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as unknown]))
  const journal = all.size === 0 ? [] : await engine.store.journal({ units: [...all], limit: atOnce })
  report.journal = journal.map(({ at, connection, object, event }) => ({ at: new Date(at).toISOString(), connection, object, event }))
  await engine.store.audit(auditedBy(engine, 'export', undefined, { subject: report.subject }), now)
  return report
}
