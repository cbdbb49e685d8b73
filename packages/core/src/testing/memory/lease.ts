import { MillraceError } from '../../error.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

/** Takes the lease and takes back what a dead engine left in flight. Throws `store_in_use`. */
export const takeLease = (state: MemoryState, holder: string): string => {
  if (state.lease !== undefined) {
    throw new MillraceError({
      code: 'store_in_use',
      message: `The memory store is in use by ${state.lease.holder}. End that engine, or hand it the work.`,
      scope: 'destination',
    })
  }
  const token = crypto.randomUUID()
  state.lease = { token, holder }
  for (const row of state.deliveries.values()) if (row.state === 'sending') recover(row)
  return token
}

const recover = (row: DeliveryRow): void => {
  row.state = row.guarded && row.remoteId !== null ? 'held' : 'ready'
  row.uncertain = true
  row.sending = null
  row.guarded = false
}

/** Throws `lease_lost` unless the token is the one that holds the lease. */
export const checkLease = (state: MemoryState, token: string): void => {
  if (state.lease?.token === token) return
  throw new MillraceError({
    code: 'lease_lost',
    message: 'This engine no longer holds the lease of the memory store: nothing was changed. Acquire it again.',
    scope: 'destination',
  })
}
