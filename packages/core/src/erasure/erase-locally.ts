import { contentHash } from '../delta/content-hash.ts'
import type { Engine } from '../engine/engine.ts'
import { subjectsOf } from '../events/subject.ts'
import { visitorsOf, withVisitors } from '../events/visitors.ts'
import { recordUnit } from '../routing/units.ts'
import type { ErasedCounts } from '../spec/store-erasure.ts'
import type { Subject } from './erase-at-destination.ts'
import { accountMark, emailMark } from './marks.ts'
import { scrubOrder } from './scrub-order.ts'

/** Forgets people in the store, and remembers that they were erased. Orders stay without them, since they are the books. */
export const eraseLocally = async (
  engine: Engine,
  token: string,
  { people, records, emails }: Subject,
  now: number,
): Promise<ErasedCounts> => {
  const key = await engine.store.erasureKey()
  const accounts = records.flatMap(({ ref }) => (ref.entity === 'customer' ? [accountMark(key, ref.source, ref.id)] : []))
  const marks = new Set([...accounts, ...emails.flatMap((email) => emailMark(key, email) ?? [])])
  const subjects = subjectsOf(people.flatMap(({ keys }) => keys))
  const erased = await engine.store.erase(
    token,
    {
      people: [...people.map(({ identity, unit }) => ({ identity, unit })), ...visitorsOf(subjects)],
      records: records.flatMap(({ ref }) => (ref.entity === 'order' ? [] : [ref])),
      scrubbed: records.flatMap(({ ref, record }) => {
        if (record.entity !== 'order') return []
        const left = scrubOrder(record)
        return [{ ...ref, body: JSON.stringify(left), contentHash: contentHash(left) }]
      }),
      units: [
        ...new Set([
          ...people.map(({ unit }) => unit),
          ...records.flatMap(({ ref }) => (ref.entity === 'cart' ? [recordUnit('cart', ref.source, ref.id)] : [])),
        ]),
      ],
      subjects: await withVisitors(engine.store, subjects),
      tombstones: [...marks].map((mark) => ({ mark, erasedAt: now })),
    },
    now,
  )
  engine.erased = undefined
  return erased
}
