import { entities, type Entity } from '../model/record.ts'

/** How often `start` does what, in ms. Everything has a default. */
export interface ScheduleConfig {
  /** Reading what changed, for every kind of record that `entities` does not name. Default 15 minutes. */
  everyMs?: number
  /** By kind of record. Default: carts every 5 minutes. */
  entities?: Partial<Record<Entity, number>>
  /** Delivering what became due meanwhile: retries, imports, opt-outs made at destinations. Default 2 minutes. */
  deliverMs?: number
  /** Looking for records that are gone from the source. Default a day. */
  removalsMs?: number
  /** Comparing yesterday's totals with those of the destinations. Default a day. */
  reconcileMs?: number
  /** Comparing a sample of people and orders field by field. Default a week. */
  auditMs?: number
}

/** A schedule with its defaults filled in. */
export interface Schedule {
  entities: Readonly<Record<Entity, number>>
  deliverMs: number
  removalsMs: number
  reconcileMs: number
  auditMs: number
}

const minute = 60_000
const day = 24 * 60 * minute
const longest = 7 * day

/** Fills in the defaults. `suggested` = intervals that destinations name for themselves: the shortest counts where the config says nothing. */
export const resolveSchedule = (given: ScheduleConfig = {}, suggested: readonly number[] = []): Schedule => {
  const { everyMs = Math.min(15 * minute, ...suggested), entities: own = {}, deliverMs = 2 * minute } = given
  const { removalsMs = day, reconcileMs = day, auditMs = 7 * day } = given
  return {
    entities: Object.fromEntries(
      entities.map((entity) => [entity, own[entity] ?? (entity === 'cart' ? Math.min(everyMs, 5 * minute) : everyMs)]),
      // Every entity is there.
    ) as Record<Entity, number>,
    deliverMs,
    removalsMs,
    reconcileMs,
    auditMs,
  }
}

/** What is wrong with the intervals of a schedule: a path and the reason for each. */
export const scheduleProblems = ({ entities: own = {}, ...rest }: ScheduleConfig): { path: string; message: string }[] =>
  [...Object.entries(rest), ...Object.entries(own).map(([entity, ms]) => [`entities.${entity}`, ms] as const)].flatMap(([path, ms]) =>
    typeof ms === 'number' && ms >= 1_000 && ms <= longest
      ? []
      : [{ path, message: 'must be milliseconds from 1000 to a week (604800000)' }],
  )
