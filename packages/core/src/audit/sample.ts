import { hash } from 'node:crypto'
import type { Store, Delivery } from '../spec/store.ts'

const pageSize = 1_000
const delivered: ReadonlySet<string> = new Set(['created', 'updated', 'unchanged'])

/**
 * Chooses objects that stand at the destination as they should: those whose hash with the seed is smallest. The same seed chooses the same ones whatever else was
 * delivered since, as long as they are among the smallest.
 */
export const sampleDeliveries = async (
  store: Store,
  { connection, object, seed, size, signal }: { connection: string; object: string; seed: string; size: number; signal: AbortSignal },
): Promise<{ delivered: number; rows: Delivery[] }> => {
  let chosen: { rank: string; row: Delivery }[] = []
  let count = 0
  for (let afterDid = 0; ;) {
    signal.throwIfAborted()
    const page = await store.deliveries({ connection, object, state: 'settled' }, { afterDid, limit: pageSize })
    const there = page.filter(({ remoteId, result }) => remoteId !== null && result !== null && delivered.has(result))
    count += there.length
    const ranked = there.map((row) => ({ rank: hash('sha256', `${seed} ${row.unit}`, 'hex'), row }))
    chosen = [...chosen, ...ranked].toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, size)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) break
    afterDid = last.did
  }
  return { delivered: count, rows: chosen.map(({ row }) => row) }
}
