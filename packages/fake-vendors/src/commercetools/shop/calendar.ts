import { timestamp } from '../resource.ts'
import type { Dice } from './dice.ts'

/** Draws points in time between two others, many of them several times. */
export interface Calendar {
  /** Epoch ms not before `earliest`. One draw in four repeats the last one drawn, so that rows share a millisecond. */
  draw(earliest?: number): number
  from: number
  until: number
}

/** Milliseconds of a day. */
export const DAY = 86_400_000

/** A calendar of `years` years up to `until` (epoch ms). */
export function createCalendar(dice: Dice, until: number, years: number): Calendar {
  const from = until - Math.round(years * 365.25 * DAY)
  let last = from
  return {
    from,
    until,
    draw(earliest = from) {
      if (last >= earliest && dice.chance(0.25)) return last
      const span = Math.max(0, until - earliest)
      last = earliest + dice.between(0, Math.floor(span / 1000)) * 1000 + dice.between(0, 9) * 100
      last = Math.min(last, until)
      return last
    },
  }
}

/** Base fields for a resource made at `createdAt` and changed last at `lastModifiedAt` (epoch ms). */
export function stamps(
  createdAt: number,
  lastModifiedAt: number = createdAt,
): { createdAt: string; lastModifiedAt: string; version: number } {
  return { createdAt: timestamp(createdAt), lastModifiedAt: timestamp(lastModifiedAt), version: lastModifiedAt === createdAt ? 1 : 4 }
}
