import type { Engine } from '../engine/engine.ts'

/** When a job of whoever keeps the instance running was last done, epoch ms; undefined = never. */
export const jobLastAt = async (engine: Engine, name: string): Promise<number | undefined> => {
  const states = await engine.store.states()
  return states.flatMap((state) => (state.kind === 'job' && state.name === name ? (state.value ?? []) : []))[0]
}

/** Remembers when a job was done. */
export const jobDone = (engine: Engine, name: string, at: number): Promise<void> =>
  engine.store.putStates([{ kind: 'job', name, value: at }])
