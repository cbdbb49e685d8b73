import type { Entity } from '../model/record.ts'
import type { UnitKind } from '../spec/destination.ts'

/** Kinds of units that are exactly one record. People are joined from several and have their own names (see `identity/`). */
const kindOf = { category: 'category', product: 'product', company: 'company', order: 'order', cart: 'cart' } as const

export type RecordUnitKind = (typeof kindOf)[keyof typeof kindOf]

/** The unit kind that a record is by itself; undefined for customers, who are members of a person, and for shopping lists, of which only events are told. */
export const recordUnitKind = (entity: Entity): RecordUnitKind | undefined =>
  entity === 'customer' || entity === 'shopping-list' ? undefined : kindOf[entity]

/** `order:<source>:<id>` */
export const recordUnit = (kind: RecordUnitKind, source: string, id: string): string => `${kind}:${source}:${id}`

/** The record that a unit stands for. Source names hold no colon. */
export const unitRecord = (kind: RecordUnitKind, unit: string): { source: string; entity: Entity; id: string } => {
  const [, source = '', ...id] = unit.split(':')
  return { source, entity: kind, id: id.join(':') }
}

/** Our own key at a destination for a unit that is one record: `<source>:<id>`. */
export const recordKey = (unit: string): string => unit.slice(unit.indexOf(':') + 1)

/** 0 consent, 1 live, 2 delta, 3 backfill. */
export const priorityOf = (kind: UnitKind, cause: string): number =>
  kind === 'consent' ? 0 : cause === 'backfill' ? 3 : cause === 'delta' || cause === 'signals' || cause === 'contract' ? 2 : 1
