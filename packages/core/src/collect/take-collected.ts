import type { Engine } from '../engine/engine.ts'
import { isMillraceError, MillraceError } from '../error.ts'
import { keepTracked, parseTracked, type Tracked } from '../operations/track.ts'
import type { NoticeFailure, NoticeRef, StoredNotice } from '../spec/store.ts'
import { collectedKeys, readCollected } from './collected-notice.ts'

/** Calls that are taken in with one transaction: enough for a burst, and few enough that the largest ones fit into memory. */
const batch = 20

/**
 * Takes in the oldest of what collect endpoints kept, of this process or another: it leaves the inbox in the transaction that makes events of it. Returns how many
 * calls that were, 0 = none is left. A call that cannot be understood any more is dead until somebody replays or discards it, and holds up no other.
 */
export const takeCollected = async (engine: Engine, token: string): Promise<number> => {
  const due = await engine.store.notices(engine.clock.now(), batch, { prefix: collectedKeys })
  for (const [source, notices] of Map.groupBy(due, (notice) => notice.source)) {
    const calls: Tracked[] = []
    const taken: NoticeRef[] = []
    const failures: NoticeFailure[] = []
    for (const notice of notices) {
      try {
        const { events, identities } = readCollected(notice)
        calls.push(parseTracked(engine, source, events, identities))
        taken.push({ source, key: notice.key, seq: notice.seq })
      } catch (thrown) {
        failures.push(failureOf(notice, thrown))
      }
    }
    if (taken.length > 0) await keepTracked(engine, token, source, calls, taken)
    if (failures.length > 0) await engine.store.deferNotices(token, failures, engine.clock.now())
  }
  return due.length
}

/** It was checked when it was kept: only another config or release makes it fail, so that no repetition mends it. */
const failureOf = ({ source, key, seq, attempts }: StoredNotice, thrown: unknown): NoticeFailure => {
  const { code, message } = isMillraceError(thrown)
    ? thrown
    : new MillraceError({ code: 'event_invalid', message: 'What a collect endpoint kept cannot be read. Discard it.' })
  return { source, key, seq, attempts: attempts + 1, nextAt: null, problem: { code, message } }
}
