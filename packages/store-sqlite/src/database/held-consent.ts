import type { HeldConsent, HeldConsentRow } from '@millrace/core'
import type { Connection } from './connection.ts'
import { findUnit, putUnit } from './units.ts'

interface Row {
  channel: HeldConsent['channel']
  target: string
  status: HeldConsent['status']
  at: number | null
  first_seen_at: number
  reason: HeldConsent['reason']
  ours: number
}

const selectSql = `
  SELECT channel, target, status, at, first_seen_at, reason, ours FROM held_consent
  WHERE unit = ? AND connection = ? ORDER BY channel, target`

const toHeld = ({ channel, target, status, at, first_seen_at, reason, ours }: Row): HeldConsent => ({
  channel,
  target: target === '' ? null : target.slice(1),
  status,
  at,
  firstSeenAt: first_seen_at,
  reason,
  ours: ours === 1,
})

/** What the destination of a connection holds of the consent of units. */
export const heldConsent = (connection: Connection, name: string, units: readonly string[]): HeldConsent[][] => {
  const id = connection.names.find(name)
  const select = connection.prepare<[number, number], Row>(selectSql)
  return units.map((text) => {
    const unit = id === undefined ? undefined : findUnit(connection, text)
    return id === undefined || unit === undefined ? [] : select.all(unit, id).map(toHeld)
  })
}

const putSql = `
  INSERT OR REPLACE INTO held_consent (unit, connection, channel, target, status, at, first_seen_at, reason, ours) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Keeps rows; each replaces that of its unit, channel and target. */
export const putHeldConsent = (connection: Connection, name: string, rows: readonly HeldConsentRow[]): void => {
  const put = connection.prepare<unknown[]>(putSql)
  const id = connection.names.put(name)
  for (const { unit, channel, target, status, at, firstSeenAt, reason, ours } of rows) {
    const text = target === null ? '' : `=${target}`
    put.run(putUnit(connection, unit), id, channel, text, status, at, firstSeenAt, reason, Number(ours))
  }
}

// A denial stays before anything else, then what was seen last.
const joinSql = `
  INSERT INTO held_consent (unit, connection, channel, target, status, at, first_seen_at, reason, ours)
  SELECT ?, connection, channel, target, status, at, first_seen_at, reason, ours FROM held_consent WHERE unit = ? AND connection = ?
  ON CONFLICT (unit, connection, channel, target) DO UPDATE SET
    status = excluded.status, at = excluded.at, first_seen_at = excluded.first_seen_at, reason = excluded.reason, ours = excluded.ours
  WHERE (excluded.status = 'denied') > (held_consent.status = 'denied')
    OR ((excluded.status = 'denied') = (held_consent.status = 'denied') AND excluded.first_seen_at > held_consent.first_seen_at)`

/** Moves the consent of a unit at one connection to the unit that it joins. */
export const joinHeldConsent = (connection: Connection, connectionId: number, from: number, into: number): void => {
  connection.prepare<number[]>(joinSql).run(into, from, connectionId)
  connection.prepare<number[]>('DELETE FROM held_consent WHERE unit = ? AND connection = ?').run(from, connectionId)
}

/** How far the consent of a connection was read. */
export const consentCursor = (connection: Connection, name: string): string | undefined => {
  const id = connection.names.find(name)
  if (id === undefined) return undefined
  return connection.prepare<[number], string>('SELECT position FROM consent_cursor WHERE connection = ?').pluck().get(id)
}

/** Notes how far the consent of a connection was read. */
export const putConsentCursor = (connection: Connection, name: string, position: string): void => {
  connection
    .prepare<[number, string]>('INSERT OR REPLACE INTO consent_cursor (connection, position) VALUES (?, ?)')
    .run(connection.names.put(name), position)
}

// All at once, since each look walks over every link: an index would cost every delivery more than the few looks do.
const byRemoteSql = `
  SELECT remote_id, unit.name FROM delivery_remote JOIN delivery ON delivery.did = delivery_remote.did JOIN unit ON unit.id = delivery.unit
  WHERE remote_id IN (SELECT value FROM json_each(?)) AND connection = ? ORDER BY delivery.did DESC`

/** The units whose objects have these ids at the vendor. */
export const unitsByRemoteId = (connection: Connection, name: string, remoteIds: readonly string[]): (string | undefined)[] => {
  const id = connection.names.find(name)
  if (id === undefined || remoteIds.length === 0) return remoteIds.map(() => undefined)
  const rows = connection.prepare<[string, number], { remote_id: string; name: string }>(byRemoteSql).all(JSON.stringify(remoteIds), id)
  const units = new Map(rows.map((row) => [row.remote_id, row.name]))
  return remoteIds.map((remoteId) => units.get(remoteId))
}
