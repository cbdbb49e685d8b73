import type { Connection } from '../engine/connection.ts'
import type { CommerceRecord } from '../model/record.ts'
import type { Cause } from '../spec/destination.ts'
import type { Member, Raise } from '../spec/store.ts'
import { priorityOf, recordUnit, recordUnitKind } from './units.ts'

/** One raise for each row, as the last one says; but what is there in one of them is not to be removed, and what says nothing of it changes nothing. */
export const oncePerRow = (raises: readonly Raise[]): Raise[] => {
  const rows = new Map<string, Raise>()
  for (const raise of raises) {
    const key = `${raise.connection}\n${raise.object}\n${raise.unit}`
    const before = rows.get(key)?.held
    const held = before === false || raise.held === undefined ? before : raise.held
    rows.set(key, held === undefined ? raise : { ...raise, held })
  }
  return [...rows.values()]
}

/** A changed record to be routed. `person` = the person it belongs to under the connection's identity rules. */
export interface Routed {
  record: CommerceRecord
  source: string
  person: string | undefined
  cause: Cause
  held: boolean
}

const raiseUnit = (connection: Connection, kind: Raise['kind'], unit: string, cause: Cause, held: boolean | undefined): Raise[] =>
  connection.objectsOf(kind).map((object) => ({
    connection: connection.name,
    object,
    unit,
    kind,
    cause,
    priority: priorityOf(kind, cause),
    ...(held === undefined ? {} : { held }),
  }))

/** Raises a person whose members changed. */
export const raisePerson = (connection: Connection, unit: string, cause: Cause, held?: boolean): Raise[] =>
  raiseUnit(connection, 'person', unit, cause, held)

/** Raises what a person allows. */
export const raiseConsent = (connection: Connection, unit: string, cause: Cause): Raise[] =>
  raiseUnit(connection, 'consent', unit, cause, undefined)

/** Raises whatever of a person says how their consent is decided, because the destination said something new of it. */
export const raiseConsentReaders = (connection: Connection, unit: string): Raise[] =>
  raisePerson(connection, unit, 'delta').filter(({ object }) => connection.readsConsent(object))

/** Whether an order brings what a guest allowed. */
const saysConsent = (record: CommerceRecord): boolean =>
  record.entity === 'order' && record.customerId === undefined && (record.consents ?? []).length > 0

/** Raises the orders of people, so that they are looked at again with the buyer they have now. */
export const raiseOrders = (connection: Connection, members: readonly Member[]): Raise[] =>
  members.flatMap(({ role, fact }) =>
    role === 'account' || fact === null || !connection.admission.takesSource(fact.source)
      ? []
      : raiseUnit(connection, 'order', recordUnit('order', fact.source, fact.orderId), 'signals', undefined),
  )

/**
 * Which deliveries of a connection a changed record concerns: its own unit, and the person whose profile or signals it is part of. What the record is the profile
 * of is held when it is removed, and no longer when it is there; a removal that waits is not let out by news of anything else.
 */
export const route = (connection: Connection, { record, source, person, cause, held }: Routed): Raise[] => {
  if (!connection.admission.takesSource(source)) return []
  const raises: Raise[] = []
  const kind = recordUnitKind(record.entity)
  if (kind !== undefined) raises.push(...raiseUnit(connection, kind, recordUnit(kind, source, record.id), cause, held))
  if (person !== undefined) {
    const isAccount = record.entity === 'customer'
    const isProfile = isAccount || (record.entity === 'order' && record.customerId === undefined)
    raises.push(...raisePerson(connection, person, isAccount || cause === 'backfill' ? cause : 'signals', isProfile ? held : undefined))
    if (isAccount || saysConsent(record)) raises.push(...raiseConsent(connection, person, cause))
  }
  return raises
}
