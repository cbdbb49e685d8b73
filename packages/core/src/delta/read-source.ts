import { sourceContext, type Engine } from '../engine/engine.ts'
import type { Entity } from '../model/record.ts'
import type { Source } from '../spec/source.ts'
import type { Cursor } from '../spec/store.ts'
import { expectRecords } from './expect-records.ts'
import { ingestChanges, type Ingested } from './ingest-changes.ts'

/** One entity of one source to be read. */
export interface ReadJob {
  token: string
  source: string
  entity: Entity
  /** `delta` = since the last finished window; `full` = everything. */
  mode: 'delta' | 'full'
  /** Lower bound of a full read, epoch ms. */
  since?: number
  /** Where a source that was never read starts. */
  start: 'everything' | 'now'
  limit?: number
  signal: AbortSignal
  onPage(page: Ingested): void
}

/**
 * Reads one entity to the end of a fixed window and stores page by page, the position with each page, so that it can be stopped anywhere and resumed.
 * Nothing at all is believed only of a source that still shows what we hold. A delta starts an overlap before the end of the last window; without one it is a
 * full read (or starts now). A full read sets where the next delta starts.
 */
export const readSource = async (engine: Engine, job: ReadJob): Promise<void> => {
  const source = engine.sources.get(job.source)
  if (source === undefined) throw new TypeError(`There is no source named ${job.source}`)
  const delta = await engine.store.cursor(job.source, job.entity, 'delta')
  const mode: Cursor['mode'] = job.mode === 'full' || (delta?.high == null && job.start === 'everything') ? 'full' : 'delta'
  const cursor = await openWindow(engine, source, job, mode, mode === 'delta' ? delta : undefined)
  if (cursor === undefined) return
  const window = {
    mode,
    to: cursor.to,
    ...(cursor.from === null ? {} : { from: cursor.from }),
    ...(cursor.position === null ? {} : { cursor: cursor.position }),
  }
  let read = 0
  for await (const page of source.read(job.entity, window, sourceContext(engine, job.signal))) {
    const ingested = await ingestChanges(engine, page.changes, {
      token: job.token,
      source: job.source,
      cause: mode === 'full' ? 'backfill' : 'delta',
      cursor: { ...cursor, position: page.cursor },
      signal: job.signal,
    })
    job.onPage(ingested)
    read += ingested.read
    job.signal.throwIfAborted()
    if (job.limit !== undefined && read >= job.limit) return
  }
  if (read === 0) await expectRecords(engine, job)
  await closeWindow(engine, job, cursor)
}

type OpenCursor = Cursor & { to: number }

/** The window that was left open, or a new one up to where the source is safe to read. */
const openWindow = async (
  engine: Engine,
  source: Source,
  job: ReadJob,
  mode: Cursor['mode'],
  delta: Cursor | undefined,
): Promise<OpenCursor | undefined> => {
  const stored = mode === 'full' ? await engine.store.cursor(job.source, job.entity, 'full') : delta
  const since = job.since ?? null
  if (stored?.to != null && (mode === 'delta' || stored.from === since)) return { ...stored, to: stored.to }
  const to = (await source.now(sourceContext(engine, job.signal))) - source.settleMs
  const base = { source: job.source, entity: job.entity, mode, high: stored?.high ?? null, position: null }
  if (mode === 'full') return { ...base, from: since, to }
  if (delta?.high == null) {
    await engine.store.putCursor(job.token, { ...base, high: to, from: null, to: null })
    return undefined
  }
  return { ...base, from: delta.high - source.overlapMs, to: Math.max(to, delta.high) }
}

const closeWindow = async (engine: Engine, job: ReadJob, cursor: OpenCursor): Promise<void> => {
  await engine.store.putCursor(job.token, { ...cursor, high: cursor.to, from: null, to: null, position: null })
  if (cursor.mode === 'delta') return
  const delta = await engine.store.cursor(job.source, job.entity, 'delta')
  if (delta?.high == null) {
    await engine.store.putCursor(job.token, { ...cursor, mode: 'delta', high: cursor.to, from: null, to: null, position: null })
  }
}
