import type { SignalRules } from '../signals/signal-rules.ts'

/**
 * What the rules of a contract read: one unit as a plain object, put together from the records behind it. Paths of expressions start here. The fields of
 * every kind of view are listed in `catalog.ts`.
 */
export type View = Readonly<Record<string, unknown>>

/** What a view holds besides the record itself. `key` is our own unique key of the unit, `deletedAt` epoch ms. */
export interface ViewContext {
  key: string
  /** Whether the unit was first brought by a backfill. */
  historical: boolean
  deletedAt: number | null
  /** Name of the source. */
  source: string
  /** Of the contract: what is computed and from which evidence. */
  signals?: SignalRules
}

/** Epoch ms as an instant; undefined for null. */
export const instantOf = (at: number | null): string | undefined => (at === null ? undefined : new Date(at).toISOString())
