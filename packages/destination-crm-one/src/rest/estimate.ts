import type { Destination } from '@millrace/core'
import type { Dialect } from '../dialect/dialect.ts'

/** The contract names no budget; this is what bulks of about 300 ms allow one after the other. */
const perMinute = 200

/** Requests of a first delivery: bulks. Consents and events read each person once more, when they need consent; that is not in it. */
export const estimateBulks =
  ({ batch }: Dialect): NonNullable<Destination['estimate']> =>
  (units) => ({
    calls: Object.fromEntries(
      Object.entries(units).map(([object, count]) => [
        object,
        Math.ceil(count / (batch.kind === 'ndjson' ? batch.operations : batch.size)),
      ]),
    ),
    perMinute,
    perDay: null,
  })
