import { contentHash } from '../delta/content-hash.ts'
import type { Selected, Selection } from '../delta/select-changes.ts'
import type { Engine } from '../engine/engine.ts'
import { isErased, loadErased, type Erased } from './marks.ts'
import { scrubOrder } from './scrub-order.ts'

/** Who was erased, read once for each pass: nobody else erases while the engine holds the lease. */
export const erasedPeople = (engine: Engine): Promise<Erased | undefined> => (engine.erased ??= loadErased(engine))

/**
 * Keeps people who were erased from coming back with what the source still holds of them: their accounts, carts and lists are not taken in, their orders without them. Costs
 * nothing where nobody was erased.
 */
export const withoutErased = async (engine: Engine, source: string, selection: Selection): Promise<Selection> => {
  if (selection.changed.length + selection.rejected.length === 0) return selection
  const erased = await erasedPeople(engine)
  if (erased === undefined) return selection
  const changed = selection.changed.flatMap((item) => withoutPerson(erased, source, item))
  const touched = changed.filter(isTouched)
  return {
    changed: changed.filter((item) => !isTouched(item)),
    touched: [...selection.touched, ...touched],
    rejected: selection.rejected.filter(({ entity, id }) => entity !== 'customer' || erased.account(source, id) === undefined),
  }
}

/** An order that differs from what is stored by its person only is no change. */
const isTouched = (item: Selected): boolean =>
  item.head !== undefined && item.head.deletedAt === null && !item.deleted && item.contentHash === item.head.contentHash

const withoutPerson = (erased: Erased, source: string, item: Selected): Selected[] => {
  const { record } = item
  if (record === undefined || !isErased(erased, source, record)) return [item]
  if (record.entity !== 'order') return []
  const left = scrubOrder(record)
  const hash = contentHash(left)
  return [{ ...item, record: left, contentHash: hash, body: hash === item.head?.contentHash ? undefined : JSON.stringify(left) }]
}
