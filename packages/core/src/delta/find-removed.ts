import { hash } from 'node:crypto'
import { sourceContext, type Engine } from '../engine/engine.ts'
import type { Entity } from '../model/record.ts'
import type { Change } from '../model/change.ts'
import { sourceEmpty } from './expect-records.ts'
import { ingestChanges } from './ingest-changes.ts'

const pageSize = 1_000

/** 48 bits of an id: a pass over two million ids stays in tens of megabytes, and a collision only means that one removal is found by a later pass. */
const shortId = (id: string): number => Number.parseInt(hash('sha256', id, 'hex').slice(0, 12), 16)

/**
 * Finds records that are gone from the source by comparing ids, and takes them in as deletions, which the removal guard holds back where they are many. Gone
 * means that `get` says so twice. A source that shows nothing at all while we hold records removes nothing: MillraceError `source_empty`.
 */
export const findRemoved = async (
  engine: Engine,
  job: { token: string; source: string; entity: Entity; signal: AbortSignal },
): Promise<number> => {
  const source = engine.sources.get(job.source)
  if (source?.ids === undefined) return 0
  const context = sourceContext(engine, job.signal)
  const present = new Set<number>()
  for await (const ids of source.ids(job.entity, context)) for (const id of ids) present.add(shortId(id))
  let removed = 0
  for (let afterRid = 0; ;) {
    const stored = await engine.store.scan({ source: job.source, entity: job.entity, afterRid, limit: pageSize, bodies: false })
    const last = stored.at(-1)
    if (last === undefined) return removed
    afterRid = last.rid
    const alive = stored.filter((row) => row.deletedAt === null)
    if (present.size === 0 && alive.length > 0) throw sourceEmpty(job.source, job.entity)
    const gone: Change[] = []
    for (const row of alive.filter((candidate) => !present.has(shortId(candidate.id)))) {
      const twice = [await source.get(job.entity, row.id, context), await source.get(job.entity, row.id, context)]
      if (twice.every((answer) => answer === undefined)) {
        gone.push({ type: 'delete', entity: job.entity, id: row.id, version: row.version, modifiedAt: engine.clock.now() })
      }
    }
    if (gone.length === 0) continue
    await ingestChanges(engine, gone, { token: job.token, source: job.source, cause: 'removal', signal: job.signal })
    removed += gone.length
  }
}
