import type { IncomingNotice, NoticeFailure, NoticeRef, Problem, StoredNotice, Store } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { keyOf, type MemoryState } from './state.ts'

/** A notice as it is kept. `nextAt: null` = dead. */
export interface NoticeRow extends StoredNotice {
  nextAt: number | null
  problem: Problem | null
  updatedAt: number
}

/** Keeps what was announced; of one key the highest version. */
export const receiveNotices = (state: MemoryState, notices: readonly IncomingNotice[], now: number): void => {
  for (const { problem, ...notice } of notices) {
    const key = keyOf(notice.source, notice.key)
    const before = state.notices.get(key)
    const newest = before === undefined || notice.version >= before.version ? notice : before
    state.notices.set(key, {
      source: notice.source,
      key: notice.key,
      version: newest.version,
      at: newest.at,
      data: newest.data,
      seq: (before?.seq ?? 0) + 1,
      receivedAt: before?.nextAt == null ? now : before.receivedAt,
      attempts: 0,
      nextAt: problem === undefined ? now : null,
      problem: problem ?? null,
      updatedAt: now,
    })
  }
}

/** Notices that are due, the longest waiting first. */
export const dueNotices = (state: MemoryState, now: number, limit: number, keys: Parameters<Store['notices']>[2]): StoredNotice[] =>
  [...state.notices.values()]
    .filter((row) => row.nextAt !== null && row.nextAt <= now)
    .filter(({ key }) => keys === undefined || key.startsWith(keys.prefix) !== (keys.excluded ?? false))
    .toSorted((a, b) => compareBy([a.nextAt ?? 0, a.source, a.key], [b.nextAt ?? 0, b.source, b.key]))
    .slice(0, limit)
    .map(({ source, key, version, at, data, seq, receivedAt, attempts }) => ({ source, key, version, at, data, seq, receivedAt, attempts }))

const current = (state: MemoryState, { source, key, seq }: NoticeRef): NoticeRow | undefined => {
  const row = state.notices.get(keyOf(source, key))
  return row?.seq === seq ? row : undefined
}

/** Forgets what was answered, unless it was received again. */
export const forgetNotices = (state: MemoryState, refs: readonly NoticeRef[]): void => {
  for (const ref of refs) if (current(state, ref) !== undefined) state.notices.delete(keyOf(ref.source, ref.key))
}

/** Puts notices off, or gives them up. */
export const deferNotices = (state: MemoryState, failures: readonly NoticeFailure[], now: number): void => {
  for (const failure of failures) {
    const row = current(state, failure)
    if (row !== undefined)
      Object.assign(row, { attempts: failure.attempts, nextAt: failure.nextAt, problem: failure.problem, updatedAt: now })
  }
}

/** How many wait and how many are dead. */
export const countNotices = (state: MemoryState): Awaited<ReturnType<Store['noticeCounts']>> =>
  [...Map.groupBy(state.notices.values(), ({ source }) => source)]
    .map(([source, rows]) => {
      const times = rows.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]))
      return { source, waiting: times.length, dead: rows.length - times.length, nextAt: times.length === 0 ? null : Math.min(...times) }
    })
    .toSorted((a, b) => compareBy([a.source], [b.source]))

const dead = (state: MemoryState, which: { source?: string; key?: string } = {}): NoticeRow[] =>
  [...state.notices.values()].filter(
    (row) =>
      row.nextAt === null &&
      (which.source === undefined || row.source === which.source) &&
      (which.key === undefined || row.key === which.key),
  )

/** Dead ones, the newest first. */
export const deadNoticesOf = (state: MemoryState, limit: number): Awaited<ReturnType<Store['deadNotices']>> =>
  dead(state)
    .toSorted((a, b) => compareBy([-a.updatedAt, a.source, a.key], [-b.updatedAt, b.source, b.key]))
    .slice(0, limit)
    .map(({ source, key, problem, attempts, updatedAt }) => ({
      source,
      key,
      problem: problem ?? { code: 'unknown', message: '' },
      attempts,
      at: updatedAt,
    }))

/** Makes dead notices due again. */
export const requeueNotices = (state: MemoryState, which: { source?: string; key?: string }, now: number): number => {
  const rows = dead(state, which)
  for (const row of rows) Object.assign(row, { nextAt: now, attempts: 0, seq: row.seq + 1, updatedAt: now })
  return rows.length
}

/** Forgets dead notices. */
export const discardNotices = (state: MemoryState, which: { source?: string; key?: string }): number => {
  const rows = dead(state, which)
  for (const row of rows) state.notices.delete(keyOf(row.source, row.key))
  return rows.length
}
