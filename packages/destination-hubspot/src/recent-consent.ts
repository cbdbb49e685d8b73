import type { Clock } from '@millrace/core'
import type { Told } from './consent-status.ts'

/** What was just read of addresses, so that an opt-in which the engine asked about a moment ago is not asked about again. Each answer is used once. */
export interface RecentConsent {
  note(address: string, told: readonly Told[]): void
  take(address: string): readonly Told[] | undefined
}

const freshMs = 30_000
const mostKept = 10_000

/** Makes an empty one. */
export const createRecentConsent = (clock: Clock): RecentConsent => {
  const known = new Map<string, { told: readonly Told[]; at: number }>()
  return {
    note(address, told) {
      if (known.size >= mostKept) known.clear()
      known.set(address, { told, at: clock.monotonic() })
    },
    take(address) {
      const found = known.get(address)
      known.delete(address)
      return found === undefined || clock.monotonic() - found.at > freshMs ? undefined : found.told
    },
  }
}
