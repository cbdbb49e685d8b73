import type { Destination } from '@millrace/core'

/** Rows of one import as the engine hands them over, and a few polls of it. */
const perImport = { contact: 5_000, subscription: 5_000, product: 2_000, order: 1_000, cart: 1_000 } as const
const pollsPerImport = 3
const eventsPerCall = 5_000

/** Imports count towards the scarcest tier; its limit is not public, 150 a minute is what a fresh account is taken to have. */
const perMinute = 150

/** Calls of a first delivery: look-up of contacts that are there, imports, polls. */
export const estimateCalls: NonNullable<Destination['estimate']> = (units) => ({
  calls: Object.fromEntries(
    Object.entries(units).map(([object, count]) => {
      const size = perImport[object as keyof typeof perImport]
      if (size === undefined) return [object, Math.ceil(count / eventsPerCall)]
      return [object, Math.ceil(count / size) * (1 + pollsPerImport + (object === 'contact' ? 1 : 0))]
    }),
  ),
  perMinute,
  perDay: null,
})
