import type { RunReport } from '@millrace/core'

type Count = 'requests' | 'created' | 'updated' | 'deadLettered'

/** What every connection did in all passes together, for the closing table. */
export interface Totals {
  add(report: RunReport): RunReport
  of(connection: string): Record<Count, number>
}

export const createTotals = (): Totals => {
  const sums = new Map<string, Record<Count, number>>()
  const of = (connection: string): Record<Count, number> => sums.get(connection) ?? { requests: 0, created: 0, updated: 0, deadLettered: 0 }
  return {
    add: (report) => {
      for (const [name, { requests, created, updated, deadLettered }] of Object.entries(report.connections)) {
        const before = of(name)
        sums.set(name, {
          requests: before.requests + requests,
          created: before.created + created,
          updated: before.updated + updated,
          deadLettered: before.deadLettered + deadLettered,
        })
      }
      return report
    },
    of,
  }
}
