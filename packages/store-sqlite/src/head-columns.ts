import type { RecordHead, RecordRef } from '@millrace/core'

/** References by column: a pass over unchanged records asks for heads and little else, and columns cross a thread several times faster than objects. */
export interface RefColumns {
  sources: string[]
  entities: string[]
  ids: string[]
}

/** Heads by column, in the order of the references. `rids` is 0 where there is no record; then the other columns hold nothing of use. */
export interface HeadColumns {
  rids: number[]
  revisions: number[]
  contentHashes: string[]
  /** JSON as it is stored. */
  versions: string[]
  deletedAts: (number | null)[]
}

/** Takes references apart. */
export const refColumns = (refs: readonly RecordRef[]): RefColumns => ({
  sources: refs.map(({ source }) => source),
  entities: refs.map(({ entity }) => entity),
  ids: refs.map(({ id }) => id),
})

/** Puts the heads of `refs` together. */
export const headsOf = (refs: readonly RecordRef[], columns: HeadColumns): (RecordHead | undefined)[] =>
  refs.map(({ source, entity, id }, index) => {
    const rid = columns.rids[index] ?? 0
    if (rid === 0) return undefined
    return {
      rid,
      source,
      entity,
      id,
      revision: columns.revisions[index] ?? 0,
      contentHash: columns.contentHashes[index] ?? '',
      version: JSON.parse(columns.versions[index] ?? '{}'),
      deletedAt: columns.deletedAts[index] ?? null,
    }
  })
