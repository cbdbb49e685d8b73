import { collectedKeys } from '../collect/collected-notice.ts'
import { ingestChanges, type Ingested } from '../delta/ingest-changes.ts'
import { defaultRetryPolicy } from '../delivery/retry-policy.ts'
import { refOf } from '../delta/validate.ts'
import { sourceContext, type Engine } from '../engine/engine.ts'
import { isMillraceError, MillraceError } from '../error.ts'
import type { Change } from '../model/change.ts'
import type { Entity } from '../model/record.ts'
import { erase } from '../operations/erase.ts'
import type { Fetched } from '../spec/notification.ts'
import type { NoticeFailure, StoredNotice } from '../spec/store.ts'

/** Notices that are fetched and taken in at a time: few enough that what they bring is delivered soon. */
const batch = 200

/** What came of the notices of one kind of record. */
export interface NoticeBatch extends Ingested {
  source: string
  entity: Entity
}

/**
 * Fetches what due notices speak of and takes it in, at most one batch: a notice is forgotten in the transaction that stores its records. One that cannot be
 * fetched is tried again later, or is dead when no repetition mends it; it holds up no other.
 */
export const fetchNotices = async (engine: Engine, token: string, signal: AbortSignal): Promise<NoticeBatch[]> => {
  const due = await engine.store.notices(engine.clock.now(), batch, { prefix: collectedKeys, excluded: true })
  const batches: NoticeBatch[] = []
  for (const [source, notices] of Map.groupBy(due, (notice) => notice.source)) {
    signal.throwIfAborted()
    const fetched = await ask(engine, source, notices, signal)
    const answered = notices.flatMap((notice) => {
      const found = fetched.get(notice.key)
      return found !== undefined && 'changes' in found ? [{ notice, changes: found.changes }] : []
    })
    for (const [entity, group] of Map.groupBy(answered, ({ changes: [first] }) => first && refOf(first).entity)) {
      const refs = group.map(({ notice: { key, seq } }) => ({ source, key, seq }))
      const options = { token, source, cause: 'notification' as const, notices: refs, signal }
      const ingested = await ingestChanges(
        engine,
        group.flatMap(({ changes }) => changes),
        options,
      )
      if (entity !== undefined) batches.push({ source, entity, ...ingested })
      for (const person of erasedAtSource(source, group)) await engine.ingestInTurn(() => erase(engine, token, person, {}, signal))
    }
    const failures = notices.flatMap((notice) => toFailure(engine, notice, fetched.get(notice.key)))
    if (failures.length > 0) await engine.store.deferNotices(token, failures, engine.clock.now())
  }
  return batches
}

/** Accounts that the source erased, and not only deleted. */
const erasedAtSource = (source: string, group: readonly { changes: readonly Change[] }[]): { source: string; id: string }[] =>
  group.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.type === 'delete' && change.erase === true && change.entity === 'customer' ? [{ source, id: change.id }] : [],
    ),
  )

const ask = async (engine: Engine, name: string, notices: readonly StoredNotice[], signal: AbortSignal): Promise<Map<string, Fetched>> => {
  const source = engine.sources.get(name)
  const all = (error: unknown): Map<string, Fetched> => new Map(notices.map(({ key }) => [key, { key, error }]))
  if (source?.fetch === undefined)
    return all(
      new MillraceError({
        code: 'source_unknown',
        message: `The config has no source ${name} that fetches notifications. Discard these, or put it back and replay.`,
      }),
    )
  try {
    return new Map((await source.fetch(notices, sourceContext(engine, signal))).map((found) => [found.key, found]))
  } catch (thrown) {
    signal.throwIfAborted()
    return all(thrown)
  }
}

const toFailure = (engine: Engine, { source, key, seq, attempts }: StoredNotice, found: Fetched | undefined): NoticeFailure[] => {
  if (found !== undefined && 'changes' in found) return []
  const error = toError(found?.error)
  const made = attempts + 1
  const retry = defaultRetryPolicy({ error, attempts: made, random: Math.random() })
  const nextAt = retry === undefined ? null : engine.clock.now() + retry.delayMs
  return [{ source, key, seq, attempts: made, nextAt, problem: { code: error.code, message: error.message } }]
}

const toError = (thrown: unknown): MillraceError =>
  isMillraceError(thrown)
    ? thrown
    : new MillraceError({
        code: 'adapter_failed',
        retryable: true,
        message: `The source could not fetch what was announced (${thrown instanceof Error ? thrown.name : 'no result'}). It is tried again.`,
      })
