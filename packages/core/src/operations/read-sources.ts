import type { PassOptions, SourceTotals } from '../api/report.ts'
import { ingestChanges, type Ingested } from '../delta/ingest-changes.ts'
import { findRemoved } from '../delta/find-removed.ts'
import { readSource, type ReadJob } from '../delta/read-source.ts'
import { sourceContext, type Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { entities, type Entity, type RecordRef } from '../model/record.ts'
import { attempt } from './attempt.ts'
import type { ReadingPass } from './pass.ts'
import { sourceUnknown } from './source-unknown.ts'

/** Reads every source in turn, parents before children. A source that cannot be read is reported; the others go on. */
export const readSources = async (
  engine: Engine,
  pass: ReadingPass,
  job: Pick<ReadJob, 'mode' | 'start'> & { since?: number; removals: boolean },
  options: PassOptions,
): Promise<void> => {
  const wanted = new Set<Entity>([options.entity ?? entities].flat())
  for (const [name, source] of engine.sources) {
    for (const entity of entities) {
      if (!wanted.has(entity) || !source.entities.includes(entity)) continue
      const where = { token: pass.token, source: name, entity, signal: pass.signal }
      const done = await attempt(engine, pass.report, pass.signal, { source: name }, async () => {
        await readSource(engine, {
          ...where,
          mode: job.mode,
          start: job.start,
          ...(job.since === undefined ? {} : { since: job.since }),
          ...(options.limit === undefined ? {} : { limit: options.limit }),
          onPage: (page) => countUp(engine, pass, name, entity, page),
        })
        if (job.removals && options.limit === undefined) await findRemoved(engine, where)
      })
      // A source that cannot be read fails for every kind alike; one that hides a kind may show the others.
      if (!done && pass.report.problems.at(-1)?.code !== 'source_empty') break
    }
  }
}

/** Fetches single records now. Ones that the source says twice it does not have are taken in as deleted when they were known. */
export const readRecords = async (engine: Engine, pass: ReadingPass, refs: readonly RecordRef[]): Promise<void> => {
  for (const { source: name, entity, id } of refs) {
    const source = engine.sources.get(name)
    if (source === undefined) throw sourceUnknown(engine, name)
    await attempt(engine, pass.report, pass.signal, { source: name }, async () => {
      const context = sourceContext(engine, pass.signal)
      const change = (await source.get(entity, id, context)) ?? (await source.get(entity, id, context))
      const deleted = { type: 'delete', entity, id, version: {}, modifiedAt: engine.clock.now() } as const
      const page = await ingestChanges(engine, [change ?? deleted], { token: pass.token, source: name, cause: 'push', signal: pass.signal })
      countUp(engine, pass, name, entity, page)
    })
  }
}

/** Reads `customer:42` or `customer:shop-eu:42`. Throws MillraceError `reference_invalid`. */
export const parseReference = (engine: Engine, text: string): RecordRef => {
  const [entity, second, ...rest] = text.split(':')
  const known = entities.find((candidate) => candidate === entity)
  const [only, ...others] = engine.sources.keys()
  if (known !== undefined && second !== undefined && second !== '') {
    if (engine.sources.has(second) && rest.length > 0) return { source: second, entity: known, id: rest.join(':') }
    if (only !== undefined && others.length === 0) return { source: only, entity: known, id: [second, ...rest].join(':') }
  }
  throw new MillraceError({
    code: 'reference_invalid',
    message: `"${text}" does not name a record. Write <entity>:<id>, or <entity>:<source>:<id> where there are several sources; entities are ${entities.join(', ')}.`,
  })
}

/** Adds what came of a page to the figures of the pass. */
export const countUp = (engine: Engine, pass: ReadingPass, source: string, entity: Entity, page: Ingested): void => {
  const bySource = (pass.report.sources[source] ??= {})
  const totals: SourceTotals = (bySource[entity] ??= { read: 0, changed: 0, rejected: 0 })
  totals.read += page.read
  totals.changed += page.changed
  totals.rejected += page.rejected
  engine.emitter.emit('progress', { phase: 'read', source, entity, done: totals.read })
}
