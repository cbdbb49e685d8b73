import type { Commands } from '../protocol.ts'
import { contract, contractVersions, cursor, putContract, putCursor, putRun, rejected, runs } from './bookkeeping.ts'
import { claim } from './claim.ts'
import { openConnection } from './connection.ts'
import { deliveries } from './deliveries.ts'
import { raiseDue, schedule } from './due.ts'
import { eventCounts } from './event-tally.ts'
import { exchanges, keepExchanges } from './exchanges.ts'
import { latencies, prune, putStates, states } from './history.ts'
import { dueCarts, events, eventsAbout } from './events.ts'
import { consentCursor, heldConsent, putConsentCursor, putHeldConsent, unitsByRemoteId } from './held-consent.ts'
import { erase, unitsOfEmail } from './erase.ts'
import { addTombstones, erasureKey, mergeTombstones, tombstones } from './tombstones.ts'
import { ingest } from './ingest.ts'
import { discard, releaseHeld, requeue } from './interventions.ts'
import { journal } from './journal.ts'
import { leaseOf } from './lease.ts'
import { countNotices, deadNotices, deferNotices, discardNotices, dueNotices, receive, requeueNotices } from './notices.ts'
import { auditing, auditLog, pause, pauses, resume, writeAudit } from './operator.ts'
import { aliases, aliasKeys, members } from './people.ts'
import { applyRaises } from './raise.ts'
import { headColumns, records, scan } from './records.ts'
import { settle } from './settle.ts'
import { counts, links, nextAt, openTickets, tickets } from './views.ts'
import { dueOffers, watchers } from './watched.ts'

/** Opens a database file and gives its commands. Throws StoreFault or what SQLite and the file system throw. */
export const openCommands = (path: string): Commands => {
  const connection = openConnection(path)
  mergeTombstones(connection)
  const lease = leaseOf(connection)
  const write = <Result>(token: string, work: () => Result): Result => {
    lease.check(token)
    return connection.transaction(work)
  }
  return {
    acquire: (holder) => lease.acquire(holder),
    release: (token) => lease.release(token),
    headColumns: (refs) => headColumns(connection, refs),
    records: (refs) => records(connection, refs),
    scan: (query) => scan(connection, query),
    aliases: (identity, keys) => aliases(connection, identity, keys),
    aliasKeys: (identity, units) => aliasKeys(connection, identity, units),
    ingest: (page) => write(page.token, () => ingest(connection, page)),
    events: (refs) => events(connection, refs),
    eventsAbout: (query) => eventsAbout(connection, query),
    dueCarts: (query) => dueCarts(connection, query),
    dueOffers: (query) => dueOffers(connection, query),
    watchers: (query) => watchers(connection, query),
    raise: (token, raises, now) => write(token, () => applyRaises(connection, raises, now)),
    schedule: (token, times) => write(token, () => schedule(connection, times)),
    raiseDue: (token, name, now) => write(token, () => raiseDue(connection, name, now)),
    claim: (request) => write(request.token, () => claim(connection, request)),
    members: (identity, units) => members(connection, identity, units),
    links: (name, wanted) => links(connection, name, wanted),
    settle: (token, run, settlements, now, said = []) =>
      write(token, () => {
        keepExchanges(connection, said)
        settle(connection, run, settlements, now)
      }),
    tickets: (name, now, limit) => tickets(connection, name, now, limit),
    openTickets: (name) => openTickets(connection, name),
    nextAt: (name) => nextAt(connection, name),
    releaseHeld: (token, name, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => releaseHeld(connection, name, now))),
    requeue: (token, filter, cause, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => requeue(connection, filter, cause, now))),
    discard: (token, filter, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => discard(connection, filter, now))),
    pause: (wanted, audited) => connection.transaction(() => pause(connection, wanted, audited)),
    resume: (name, now, audited) => connection.transaction(() => resume(connection, name, now, audited)),
    pauses: () => pauses(connection),
    audit: (audited, now) => connection.transaction(() => writeAudit(connection, audited, now, null)),
    auditLog: (limit) => auditLog(connection, limit),
    receive: (notices, now) => connection.transaction(() => receive(connection, notices, now)),
    notices: (now, limit, keys) => dueNotices(connection, now, limit, keys),
    deferNotices: (token, failures, now) => write(token, () => deferNotices(connection, failures, now)),
    noticeCounts: () => countNotices(connection),
    deadNotices: (limit) => deadNotices(connection, limit),
    requeueNotices: (token, which, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => requeueNotices(connection, which, now))),
    discardNotices: (token, which, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => discardNotices(connection, which))),
    deliveries: (filter, page) => deliveries(connection, filter, page),
    counts: (name) => counts(connection, name),
    rejected: (limit) => rejected(connection, limit),
    journal: (filter) => journal(connection, filter),
    exchanges: (ids) => exchanges(connection, ids),
    latencies: (name, limit) => latencies(connection, name, limit),
    eventCounts: (since) => eventCounts(connection, since),
    prune: (before, limit) => connection.transaction(() => prune(connection, before, limit)),
    states: () => states(connection),
    putStates: (rows) => connection.transaction(() => putStates(connection, rows)),
    cursor: (source, entity, mode) => cursor(connection, source, entity, mode),
    putCursor: (token, value) => write(token, () => putCursor(connection, value)),
    putRun: (token, run) => write(token, () => putRun(connection, run)),
    runs: (limit) => runs(connection, limit),
    contract: (name) => contract(connection, name),
    contractVersions: (name) => contractVersions(connection, name),
    putContract: (token, name, value, now, audited) =>
      write(token, () => auditing(connection, audited, now, () => putContract(connection, name, value, now, audited?.actor ?? null))),
    heldConsent: (name, units) => heldConsent(connection, name, units),
    putHeldConsent: (token, name, { rows, raises, cursor: position }, now) =>
      write(token, () => {
        putHeldConsent(connection, name, rows)
        applyRaises(connection, raises, now)
        if (position !== undefined) putConsentCursor(connection, name, position)
      }),
    consentCursor: (name) => consentCursor(connection, name),
    unitsByRemoteId: (name, remoteIds) => unitsByRemoteId(connection, name, remoteIds),
    erase: (token, erasure, now) => {
      const erased = write(token, () => {
        addTombstones(connection, erasure.tombstones)
        return erase(connection, erasure, now)
      })
      // What was deleted must not wait in the log until it is overwritten.
      connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
      return erased
    },
    tombstones: () => tombstones(connection),
    erasureKey: () => connection.transaction(() => erasureKey(connection)),
    unitsOfEmail: (hash) => unitsOfEmail(connection, hash),
    close: () => {
      lease.close()
      connection.close()
    },
  }
}
