import { randomUUID } from 'node:crypto'
import type { Tracked } from '../operations/track.ts'
import type { IncomingNotice, StoredNotice } from '../spec/store.ts'

/** How keys of notices begin that hold what a collect endpoint was told; keys of sources begin with a kind of record. */
export const collectedKeys = 'collected:'

/** Makes the notices of one process: calls of one millisecond stay in their order. */
export const collectedNotices = (): ((source: string, tracked: Tracked, now: number) => IncomingNotice) => {
  let calls = 0
  return (source, { events, introductions }, now) => {
    calls += 1
    const identities = introductions.map(({ subject }) => subject)
    const key = `${collectedKeys}${String(calls).padStart(12, '0')}-${randomUUID()}`
    return { source, key, version: 0, at: now, data: { call: JSON.stringify({ events, identities }) } }
  }
}

/** What a call told. */
export const readCollected = ({ data }: StoredNotice): { events: unknown[]; identities: unknown[] } =>
  // Nothing but the maker of these notices writes keys like theirs.
  JSON.parse(String(data['call'])) as { events: unknown[]; identities: unknown[] }
