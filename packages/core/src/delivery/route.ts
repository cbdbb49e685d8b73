import type { Connection } from '../engine/connection.ts'
import type { CommerceRecord } from '../model/record.ts'
import type { Cause } from '../spec/destination.ts'
import type { Raise } from '../spec/store.ts'
import { priorityOf, recordUnit, recordUnitKind } from './units.ts'

/** A changed record to be routed. `person` = the person it belongs to under the connection's identity rules. */
export interface Routed {
  record: CommerceRecord
  source: string
  person: string | undefined
  cause: Cause
  held: boolean
}

/** Which deliveries of a connection a changed record concerns: its own unit, and the person whose profile or signals it is part of. */
export const route = (connection: Connection, { record, source, person, cause, held }: Routed): Raise[] => {
  const raises: Raise[] = []
  const raise = (kind: Raise['kind'], unit: string, why: Cause, guarded: boolean): void => {
    for (const object of connection.objectsOf(kind)) {
      raises.push({
        connection: connection.name,
        object,
        unit,
        kind,
        cause: why,
        priority: priorityOf(kind, why),
        ...(guarded ? { held: true } : {}),
      })
    }
  }
  const kind = recordUnitKind(record.entity)
  if (kind !== undefined) raise(kind, recordUnit(kind, source, record.id), cause, held)
  if (person !== undefined) {
    const isProfile = record.entity === 'customer'
    raise('person', person, isProfile || cause === 'backfill' ? cause : 'signals', held && isProfile)
    if (isProfile) raise('consent', person, cause, false)
  }
  return raises
}
