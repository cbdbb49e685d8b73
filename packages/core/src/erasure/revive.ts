import type { Engine } from '../engine/engine.ts'
import type { CommerceRecord } from '../model/record.ts'
import { eraseLocally } from './erase-locally.ts'
import { findPeople, recordsOf, type PersonRef } from './find-people.ts'
import { isErased, loadErased } from './marks.ts'

const pageSize = 1_000

/**
 * After an older copy of the store was put back: people who were erased since are in it again. Finds them by their marks, one record after the other, and forgets them
 * here again; destinations have forgotten them already. Costs one look at the tombstones where there is nothing to do.
 */
export const eraseRevived = async (engine: Engine, token: string, signal: AbortSignal): Promise<void> => {
  engine.erased = undefined
  const open = (await engine.store.tombstones()).filter(({ applied }) => !applied)
  if (open.length === 0) return
  const erased = await loadErased(engine)
  if (erased === undefined) return
  for (const source of engine.sources.keys()) {
    for (const entity of ['customer', 'order', 'cart', 'shopping-list'] as const) {
      for (let afterRid = 0; ;) {
        signal.throwIfAborted()
        const page = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
        for (const { id, body } of page) {
          if (body === null) continue
          // The body was checked against the schema when it was stored.
          const record = JSON.parse(body) as CommerceRecord
          if (isErased(erased, source, record)) await forget(engine, token, referenceOf(source, id, record), signal)
        }
        if (page.length < pageSize) break
        afterRid = page.at(-1)?.rid ?? afterRid
      }
    }
  }
  const now = engine.clock.now()
  const applied = open.map(({ mark, erasedAt }) => ({ mark, erasedAt }))
  await engine.store.erase(token, { people: [], records: [], scrubbed: [], units: [], subjects: [], tombstones: applied }, now)
  engine.erased = undefined
}

const referenceOf = (source: string, id: string, record: CommerceRecord): PersonRef | undefined => {
  if (record.entity === 'customer') return { source, id }
  if (record.entity === 'shopping-list') return record.customerId === undefined ? undefined : { source, id: record.customerId }
  if (record.entity !== 'order' && record.entity !== 'cart') return undefined
  if (record.email !== undefined) return { email: record.email }
  return record.customerId === undefined ? undefined : { source, id: record.customerId }
}

const forget = async (engine: Engine, token: string, ref: PersonRef | undefined, signal: AbortSignal): Promise<void> => {
  if (ref === undefined) return
  const people = await findPeople(engine, ref)
  const records = await recordsOf(engine, people, 'email' in ref ? [ref.email] : [], signal)
  await eraseLocally(engine, token, { people, records, emails: [], phones: [] }, engine.clock.now())
}
