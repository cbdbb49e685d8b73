import { ingestChanges } from '../delta/ingest-changes.ts'
import { sourceContext, type Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'
import type { Problem } from '../spec/store.ts'
import { toProblem } from './settle-outcome.ts'

/** Fetches accounts that orders name but that were never read. Returns the refusals that concern one account only, by unit; anything else is thrown. */
export const hydrate = async (
  engine: Engine,
  units: readonly string[],
  token: string,
  signal: AbortSignal,
): Promise<Map<string, Problem>> => {
  const refused = new Map<string, Problem>()
  for (const unit of units) {
    const [kind, name = '', ...id] = unit.split(':')
    const source = kind === 'customer' ? engine.sources.get(name) : undefined
    try {
      const change = await source?.get('customer', id.join(':'), sourceContext(engine, signal))
      if (change !== undefined) await ingestChanges(engine, [change], { token, source: name, cause: 'push', signal })
    } catch (thrown) {
      if (!isMillraceError(thrown) || thrown.retryable || thrown.scope !== 'record') throw thrown
      refused.set(unit, toProblem(thrown))
    }
  }
  return refused
}
