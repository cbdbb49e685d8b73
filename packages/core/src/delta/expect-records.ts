import { sourceContext, type Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import type { Entity } from '../model/record.ts'

/** Asked one after the other until one is known, so that a few that are really gone mean nothing. */
const sample = 10
const scanned = 200

/**
 * Asks a source that answered with nothing for a few records that we hold. One that knows none of them does not show us what it has: MillraceError
 * `source_empty`, so that its windows stay open and nothing that was edited meanwhile is passed over.
 */
export const expectRecords = async (
  engine: Engine,
  { source: name, entity, signal }: { source: string; entity: Entity; signal: AbortSignal },
): Promise<void> => {
  const stored = await engine.store.scan({ source: name, entity, afterRid: 0, limit: scanned, bodies: false })
  const alive = stored.filter((row) => row.deletedAt === null)
  const step = Math.max(1, Math.floor(alive.length / sample))
  const held = alive
    .filter((_, index) => (alive.length - 1 - index) % step === 0)
    .toReversed()
    .slice(0, sample)
  for (const { id } of held) {
    if ((await engine.sources.get(name)?.get(entity, id, sourceContext(engine, signal))) !== undefined) return
  }
  if (held.length > 0) throw sourceEmpty(name, entity)
}

/** Says that a source looks empty although we hold records of it. */
export const sourceEmpty = (source: string, entity: Entity): MillraceError =>
  new MillraceError({
    code: 'source_empty',
    message: `${source} shows no ${entity} at all, although some were read before. Nothing was removed. Check the credentials' scopes (run check); if it really is empty, delete by hand at the destination.`,
    scope: 'destination',
  })
