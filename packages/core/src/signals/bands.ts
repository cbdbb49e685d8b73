import { compareMoney } from '../model/money.ts'
import type { Money } from '../model/money.ts'

/** How many of some ascending thresholds a value reaches. */
const reached = <T>(thresholds: readonly T[], reaches: (threshold: T) => boolean): number => thresholds.filter(reaches).length

/** 1 to 5 by four ascending thresholds: 5 from the fourth on. */
export const scoreOf = (value: number, thresholds: readonly number[]): number => 1 + reached(thresholds, (at) => value >= at)

/** The same for money; the thresholds are amounts in its currency. */
export const scoreOfMoney = (money: Money, thresholds: readonly string[]): number =>
  1 + reached(thresholds, (amount) => compareMoney(money, { currency: money.currency, amount }) >= 0)

/** The age of something in ms as a score: 5 while it is younger than the first of four ascending numbers of days, 1 from the fourth on. */
export const recencyScore = (ageMs: number, days: readonly number[], dayMs: number): number =>
  5 - reached(days, (at) => ageMs >= at * dayMs)

export const bands = ['low', 'medium', 'high'] as const
export type Band = (typeof bands)[number]

/** The band that a number of reached thresholds stands for. */
export const bandOf = (score: number): Band => bands[Math.min(Math.max(score - 1, 0), 2)] ?? 'low'
