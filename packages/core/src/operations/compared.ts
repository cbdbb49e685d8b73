import type { Alert } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'

/** Ways to compare destinations with the source. */
export type Comparison = Extract<Alert['kind'], 'reconcile' | 'audit'>

/** Notes what a comparison of each connection came to: until the next one that agrees, what is beyond the threshold is an alert. `null` = it agrees. */
export const noteCompared = async (
  engine: Engine,
  comparison: Comparison,
  verdicts: readonly { connection: string; message: string | null }[],
): Promise<void> => {
  const at = engine.clock.now()
  const states = verdicts.map(({ connection, message }) => ({
    kind: 'compared' as const,
    name: `${comparison}:${connection}`,
    value: { at, message },
  }))
  if (states.length > 0) await engine.store.putStates(states)
}

/** The last comparison of each sort and connection. */
export const comparisons = async (
  engine: Engine,
): Promise<{ comparison: Comparison; connection: string; at: number; message: string | null }[]> => {
  const states = await engine.store.states()
  return states.flatMap((state) => {
    if (state.kind !== 'compared' || state.value === null) return []
    const comparison: Comparison = state.name.startsWith('audit:') ? 'audit' : 'reconcile'
    return [{ comparison, connection: state.name.slice(comparison.length + 1), ...state.value }]
  })
}
