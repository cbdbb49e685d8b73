import { canonicalJson } from '../delta/canonical-json.ts'
import type { EngineState, StoredBudget } from '../spec/engine-state.ts'
import type { Engine } from './engine.ts'

const keepEveryMs = 1_000

/** Gives destinations what was used of their accounts' days before this process. Once for each instance. */
export const restoreBudgets = async (engine: Engine): Promise<void> => {
  if (engine.budgets !== undefined) return
  const states = await engine.store.states()
  const saved: Record<string, StoredBudget> = Object.fromEntries(
    states.flatMap((state) => (state.kind === 'budget' && state.value !== null ? [[state.name, state.value]] : [])),
  )
  engine.budgets = { kept: new Map(Object.entries(saved).map(([account, state]) => [account, canonicalJson(state)])), at: -Infinity }
  for (const { destination } of engine.connections.values()) destination.budgets?.restore(saved)
}

/** Keeps what is used now, where it changed: at most once a second, or `now`. What is used in the last second before a kill is forgotten. */
export const keepBudgets = async (engine: Engine, now = false): Promise<void> => {
  const { budgets, clock, connections, store } = engine
  if (budgets === undefined || (!now && clock.monotonic() - budgets.at < keepEveryMs)) return
  budgets.at = clock.monotonic()
  const changes: EngineState[] = []
  for (const { destination } of connections.values()) {
    for (const [name, value] of Object.entries(destination.budgets?.snapshot() ?? {})) {
      const text = canonicalJson(value)
      if (budgets.kept.get(name) === text) continue
      budgets.kept.set(name, text)
      changes.push({ kind: 'budget', name, value })
    }
  }
  if (changes.length > 0) await store.putStates(changes)
}
