import { hostname } from 'node:os'
import { state } from './codes.ts'
import type { Connection } from './connection.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { StoreFault } from './fault.ts'
import { takeLock } from './lock.ts'
import type { FileLock } from './lock.ts'
import { countKey } from './tally.ts'

/** The one engine lease of a database. The lock is the truth; the row only says who has it. */
export interface Lease {
  acquire(holder: string): string
  /** A stale token changes nothing. */
  release(token: string): void
  /** Throws `lease_lost` unless the token is the one that holds the lease. */
  check(token: string): void
  close(): void
}

type Recovered = Pick<DeliveryRow, 'connection' | 'object' | 'state' | 'result' | 'code'>

const recoverSql = `
  UPDATE delivery SET
    state = CASE WHEN guarded = 1 AND (SELECT remote_id FROM delivery_remote WHERE did = delivery.did) IS NOT NULL THEN 8 ELSE 2 END,
    uncertain = 1, sending = NULL, guarded = 0
  WHERE state = 3
  RETURNING connection, object, state, result, code`

/** The lease of an open database. */
export const leaseOf = (connection: Connection): Lease => {
  let held: { token: string; lock: FileLock } | undefined

  const drop = (): void => {
    held?.lock.release()
    held = undefined
  }

  return {
    acquire: (holder) => {
      const lock = held === undefined ? takeLock(connection.path, 0) : undefined
      if (lock === undefined) throw inUse(connection)
      held = { token: crypto.randomUUID(), lock }
      try {
        connection.transaction(() => {
          connection.prepare<[string]>('INSERT OR REPLACE INTO lease (id, holder) VALUES (1, ?)').run(describe(holder))
          for (const row of connection.prepare<[], Recovered>(recoverSql).all()) {
            connection.tally.move(countKey({ ...row, state: state.sending }), countKey(row))
          }
        })
      } catch (error) {
        drop()
        throw error
      }
      return held.token
    },
    release: (token) => {
      if (held?.token === token) drop()
    },
    check: (token) => {
      if (held?.token !== token) throw lost(connection)
    },
    close: drop,
  }
}

const describe = (holder: string): string => `${holder} (process ${process.pid} on ${hostname()}, since ${new Date().toISOString()})`

const inUse = (connection: Connection): StoreFault => {
  const holder = connection.prepare<[], string>('SELECT holder FROM lease').pluck().get() ?? 'another engine'
  return new StoreFault(
    'store_in_use',
    `${connection.path} is in use by ${holder}. One engine at a time may deliver from a store: stop that one, or hand it the work. Reading (status, trace) needs no lease.`,
    { path: connection.path, holder },
  )
}

const lost = (connection: Connection): StoreFault =>
  new StoreFault('lease_lost', `This engine does not hold the lease of ${connection.path}: nothing was changed. Acquire it again.`, {
    path: connection.path,
  })
