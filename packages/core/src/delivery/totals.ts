import type { ConnectionTotals } from '../api/report.ts'

/** Figures of one connection in one pass, all zero. */
export const emptyTotals = (): ConnectionTotals => ({
  delivered: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  superseded: 0,
  parked: 0,
  pending: 0,
  unconfirmed: 0,
  deadLettered: 0,
  held: 0,
  retries: 0,
  requests: 0,
  rateLimited: 0,
})
