import type { RecordRef } from '../model/record.ts'

/**
 * That somebody was erased: a keyed hash of a key that the person was known by, and when. Tells nobody who it was, and recognises who comes back. `applied` is false
 * where it is known from beside the store only, because the store itself is an older copy: what it holds has to be erased again.
 */
export interface Tombstone {
  mark: string
  erasedAt: number
  applied: boolean
}

/** Everything that is forgotten about people, in one transaction. */
export interface StoreErasure {
  /** The person under each identity: its keys and members are forgotten, and its unit gets a name that tells nothing. */
  people: readonly { identity: string; unit: string }[]
  /** Records whose content goes, and what they say is watched. Version and hash stay, so that the same version is not taken in again; they count as deleted. */
  records: readonly RecordRef[]
  /** Records that stay without the person: the body and hash of what is left. */
  scrubbed: readonly (RecordRef & { body: string; contentHash: string })[]
  /**
   * Units whose deliveries end as skipped with the code `erased`, whatever state they are in: no link, fingerprint, progress or ticket stays, nor what the journal and
   * the exchanges say of them, nor consent that is held of them. They wait for nothing, and what waits for them is looked at again.
   */
  units: readonly string[]
  /** Subjects of events: their content and subject go, and their deliveries end as those of `units`. */
  subjects: readonly string[]
  tombstones: readonly Omit<Tombstone, 'applied'>[]
}

/** How much was forgotten. */
export interface ErasedCounts {
  records: number
  scrubbed: number
  deliveries: number
  events: number
  journal: number
  exchanges: number
}
