import type { DeadNotice } from '../api/report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import { fetchNotices } from '../notifications/fetch-notices.ts'
import { attempt } from './attempt.ts'
import type { ReadingPass } from './pass.ts'
import { countUp } from './read-sources.ts'

/** The reading half of a pass over notifications. A source that cannot be asked is a problem of its notices, not of the pass. */
export const readNotices = async (engine: Engine, pass: ReadingPass): Promise<void> => {
  await attempt(engine, pass.report, pass.signal, {}, async () => {
    for (const { source, entity, ...page } of await fetchNotices(engine, pass.token, pass.signal))
      countUp(engine, pass, source, entity, page)
  })
}

/** Notifications that could not be understood or fetched, the newest first. */
export const deadNotices = async (engine: Engine, limit: number): Promise<DeadNotice[]> =>
  (await engine.store.deadNotices(limit)).map(({ source, key, problem, attempts, at }) => ({
    source,
    key,
    code: problem.code,
    message: problem.message,
    attempts,
    at: new Date(at).toISOString(),
  }))

interface Which {
  source?: string
  key?: string
}

/** Makes dead notifications due again. */
export const replayNotices = (engine: Engine, token: string, which: Which): Promise<number> =>
  engine.store.requeueNotices(
    token,
    which,
    engine.clock.now(),
    auditedBy(engine, 'replay', undefined, { notifications: true, source: which.source }),
  )

/** Gives dead notifications up. */
export const discardNotices = (engine: Engine, token: string, which: Which): Promise<number> =>
  engine.store.discardNotices(
    token,
    which,
    engine.clock.now(),
    auditedBy(engine, 'discard', undefined, { notifications: true, source: which.source }),
  )
