import type { Share } from '../api/kpi-report.ts'

const tenth = (value: number): number => Math.round(value * 10) / 10

/** A share with its percentage. */
export const shareOf = (count: number, of: number): Share => ({ count, of, percent: of === 0 ? null : tenth((count / of) * 100) })

/** Mean of some numbers, one decimal; null without any. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : tenth(values.reduce((sum, value) => sum + value, 0) / values.length)

/** Median of some numbers, one decimal; null without any. */
export const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  return low === undefined || high === undefined ? null : tenth((low + high) / 2)
}
