import type { Store } from '../spec/store.ts'
import { claimedOf, claimRows } from './memory/claim.ts'
import { raiseDueRows, scheduleRows } from './memory/due.ts'
import { dueCarts, eventsAbout } from './memory/events.ts'
import { heldOf, putHeld } from './memory/held-consent.ts'
import { erasePeople, erasureKeyOf, tombstonesOf, unitsOfEmail } from './memory/erase.ts'
import { applyPage } from './memory/ingest.ts'
import { discardRows, matching, releaseHeldRows, requeueRows } from './memory/interventions.ts'
import { countNotices, deadNoticesOf, deferNotices, discardNotices, dueNotices, receiveNotices, requeueNotices } from './memory/notices.ts'
import { checkLease, takeLease } from './memory/lease.ts'
import { compareBy } from './memory/order.ts'
import { auditing, pauseConnection, pausesOf, resumeConnection, writeAudit } from './memory/operator.ts'
import { aliasKeysOf, membersOf } from './memory/people.ts'
import { applyRaises } from './memory/raise.ts'
import { eventCountsOf, exchangesOf, keepExchanges, latenciesOf, pruneHistory } from './memory/history.ts'
import { findRecord, headOf, scanRecords } from './memory/records.ts'
import { settleRow } from './memory/settle.ts'
import { emptyState, keyOf } from './memory/state.ts'
import { countRows, deliveryOf, earliest, journalOf, linkOf, openTicketsOf, unitByRemoteId } from './memory/views.ts'
import { dueOffers, watchers } from './memory/watched.ts'

/** Results are copied on the way out, as a store behind a thread or a network does. */
const command = async <T>(run: () => T): Promise<T> => structuredClone(run())

/**
 * A store of plain maps: the reference for what the commands mean, and a quick store for tests. It keeps nothing beyond the process.
 * `close` gives back the lease and keeps the content, so that a test can start a second engine on it.
 */
export const memoryStore = (): Store => {
  const state = emptyState()
  const write = <T>(token: string, run: () => T): Promise<T> =>
    command(() => {
      checkLease(state, token)
      return run()
    })

  return {
    specificationVersion: 'v1',
    acquire: (holder) => command(() => takeLease(state, holder)),
    release: (token) =>
      command(() => {
        if (state.lease?.token === token) state.lease = undefined
      }),

    heads: (refs) => command(() => refs.map((ref) => findRecord(state, ref)).map((record) => record && headOf(record))),
    records: (refs) => command(() => refs.map((ref) => findRecord(state, ref))),
    scan: (query) => command(() => scanRecords(state, query)),
    aliases: (identity, keys) => command(() => keys.map((key) => state.aliases.get(keyOf(identity, key))?.unit)),
    aliasKeys: (identity, units) => command(() => units.map((unit) => aliasKeysOf(state, identity, unit))),
    ingest: (page) => write(page.token, () => applyPage(state, structuredClone(page))),
    events: (refs) => command(() => refs.map(({ source, id }) => state.events.get(keyOf(source, id)))),
    eventsAbout: (query) => command(() => eventsAbout(state, query)),
    dueCarts: (query) => command(() => dueCarts(state, query)),
    dueOffers: (query) => command(() => dueOffers(state, query)),
    watchers: (query) => command(() => watchers(state, query)),
    raise: (token, raises, now) => write(token, () => applyRaises(state, raises, now)),
    schedule: (token, times) => write(token, () => scheduleRows(state, times)),
    raiseDue: (token, connection, now) => write(token, () => raiseDueRows(state, connection, now)),

    claim: (request) => write(request.token, () => claimRows(state, request)),
    members: (identity, units) => command(() => membersOf(state, identity, units)),
    links: (connection, wanted) => command(() => wanted.map(({ object, unit }) => linkOf(state, connection, object, unit))),
    settle: (token, run, settlements, now, exchanges = []) =>
      write(token, () => {
        keepExchanges(state, exchanges)
        for (const settlement of structuredClone(settlements).toSorted((a, b) => a.did - b.did)) settleRow(state, run, settlement, now)
      }),
    tickets: (connection, now, limit) =>
      command(() =>
        matching(state, { connection, state: 'pending' })
          .filter((row) => row.nextAt <= now)
          .toSorted((a, b) => compareBy([a.nextAt, a.did], [b.nextAt, b.did]))
          .slice(0, limit)
          .map((row) => claimedOf(row, 0)),
      ),
    openTickets: (connection) => command(() => openTicketsOf(state, connection)),
    nextAt: (connection) => command(() => earliest(state, connection)),

    releaseHeld: (token, connection, now, audited) =>
      write(token, () => auditing(state, audited, now, () => releaseHeldRows(state, connection, now))),
    requeue: (token, filter, cause, now, audited) =>
      write(token, () => auditing(state, audited, now, () => requeueRows(state, filter, cause, now))),
    discard: (token, filter, now, audited) => write(token, () => auditing(state, audited, now, () => discardRows(state, filter, now))),

    pause: (pause, audited) => command(() => pauseConnection(state, pause, audited)),
    resume: (connection, now, audited) => command(() => resumeConnection(state, connection, now, audited)),
    pauses: () => command(() => pausesOf(state)),
    audit: (audited, now) => command(() => writeAudit(state, audited, now, null)),
    auditLog: (limit) => command(() => state.audit.toReversed().slice(0, Math.max(0, limit))),

    receive: (notices, now) => command(() => receiveNotices(state, structuredClone(notices), now)),
    notices: (now, limit, keys) => command(() => dueNotices(state, now, limit, keys)),
    deferNotices: (token, failures, now) => write(token, () => deferNotices(state, structuredClone(failures), now)),
    noticeCounts: () => command(() => countNotices(state)),
    deadNotices: (limit) => command(() => deadNoticesOf(state, limit)),
    requeueNotices: (token, which, now, audited) =>
      write(token, () => auditing(state, audited, now, () => requeueNotices(state, which, now))),
    discardNotices: (token, which, now, audited) => write(token, () => auditing(state, audited, now, () => discardNotices(state, which))),

    deliveries: (filter, { afterDid, limit }) =>
      command(() =>
        matching(state, filter)
          .filter((row) => row.did > afterDid)
          .slice(0, limit)
          .map(deliveryOf),
      ),
    counts: (connection) => command(() => countRows(state, connection)),
    rejected: (limit) =>
      command(() =>
        [...state.rejected.values()]
          .toSorted((a, b) => compareBy([-a.at, a.source, a.entity, a.id], [-b.at, b.source, b.entity, b.id]))
          .slice(0, limit),
      ),
    journal: (filter) => command(() => journalOf(state, filter)),

    exchanges: (ids) => command(() => exchangesOf(state, ids)),
    latencies: (connection, limit) => command(() => latenciesOf(state, connection, limit)),
    eventCounts: (since) => command(() => eventCountsOf(state, since)),
    prune: (before, limit) => command(() => pruneHistory(state, before, limit)),
    states: () => command(() => [...state.states.values()].toSorted((a, b) => compareBy([a.kind, a.name], [b.kind, b.name]))),
    putStates: (states) =>
      command(() => {
        for (const each of structuredClone(states)) {
          if (each.value === null) state.states.delete(keyOf(each.kind, each.name))
          else state.states.set(keyOf(each.kind, each.name), each)
        }
      }),

    cursor: (source, entity, mode) => command(() => state.cursors.get(keyOf(source, entity, mode))),
    putCursor: (token, cursor) =>
      write(token, () => void state.cursors.set(keyOf(cursor.source, cursor.entity, cursor.mode), structuredClone(cursor))),
    putRun: (token, run) => write(token, () => void state.runs.set(run.id, structuredClone(run))),
    runs: (limit) =>
      command(() => [...state.runs.values()].toSorted((a, b) => b.startedAt - a.startedAt || compareBy([b.id], [a.id])).slice(0, limit)),
    contract: (connection) => command(() => state.contracts.get(connection)),
    contractVersions: (connection) =>
      command(() =>
        state.contractVersions
          .filter((version) => version.connection === connection)
          .map(({ hash, body, since, actor }) => ({ hash, body, since, actor }))
          .toReversed(),
      ),
    putContract: (token, connection, { hash, body }, now, audited) =>
      write(token, () => {
        const stored = state.contracts.get(connection)
        state.contracts.set(connection, { hash, body, since: stored?.hash === hash ? stored.since : now })
        if (stored?.hash !== hash) state.contractVersions.push({ connection, hash, body, since: now, actor: audited?.actor ?? null })
        writeAudit(state, audited, now, null)
      }),
    heldConsent: (connection, units) => command(() => units.map((unit) => heldOf(state, connection, unit))),
    putHeldConsent: (token, connection, { rows, raises, cursor }, now) =>
      write(token, () => {
        putHeld(state, connection, structuredClone(rows))
        applyRaises(state, raises, now)
        if (cursor !== undefined) state.consentCursors.set(connection, cursor)
      }),
    consentCursor: (connection) => command(() => state.consentCursors.get(connection)),
    unitsByRemoteId: (connection, ids) => command(() => ids.map((id) => unitByRemoteId(state, connection, id))),
    erase: (token, erasure, now) => write(token, () => erasePeople(state, structuredClone(erasure), now)),
    tombstones: () => command(() => tombstonesOf(state)),
    erasureKey: () => command(() => erasureKeyOf(state)),
    unitsOfEmail: (hash) => command(() => unitsOfEmail(state, hash)),

    close: () =>
      command(() => {
        state.lease = undefined
      }),
  }
}
