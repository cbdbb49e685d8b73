import type { Engine } from '../engine/engine.ts'

/** Runs a short command under the engine lease. */
export const withLease = async <T>(engine: Engine, holder: string, work: (token: string) => Promise<T>): Promise<T> => {
  const token = await engine.store.acquire(holder)
  try {
    return await work(token)
  } finally {
    await engine.store.release(token)
  }
}
