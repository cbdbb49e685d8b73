import type { CommerceRecord, Entity } from './record.ts'

/**
 * The source's version of a record, in parts: `{ order: 7, 'payment:p1': 4 }`. Sources without versions give one part with a timestamp in epoch ms.
 * A version is newer when no part is older and at least one is newer.
 */
export type SourceVersion = Record<string, number>

/** A record as it now is at the source, or the news that it is gone. `modifiedAt` is the source's own stamp (epoch ms), for freshness. */
export type Change =
  | { type: 'upsert'; record: CommerceRecord; version: SourceVersion; modifiedAt: number }
  | { type: 'delete'; entity: Entity; id: string; version: SourceVersion; modifiedAt: number; erase?: boolean }
  /** A record that could not be understood: kept as a dead letter, never lost. `raw` is what the source gave. */
  | {
      type: 'invalid'
      entity: Entity
      id: string
      version: SourceVersion
      modifiedAt: number
      problem: string
      field?: string
      raw: unknown
    }
