import type { Localized, Named } from '@millrace/core'

/** What is known of a product that a line points at. */
export interface ProductFacts {
  key: string | undefined
  categoryIds: readonly string[]
}

/** What is known of a category: its record id (key where there is one), its parent's record id, and its names from the root down. */
export interface CategoryFacts {
  recordId: string
  parentRecordId: string | undefined
  path: Localized[]
}

/**
 * What references stand for, looked up before the mappers run, which therefore stay pure. Each answers undefined for a dangling reference and for
 * data that the API client may not read.
 */
export interface Names {
  group(id: string): Named | undefined
  state(id: string): Named | undefined
  productType(id: string): Named | undefined
  /** The key of a channel. */
  channel(id: string): string | undefined
  /** The code that a buyer types. */
  discountCode(id: string): string | undefined
  product(id: string): ProductFacts | undefined
  category(id: string): CategoryFacts | undefined
}

/** Knows nothing. */
export const noNames: Names = {
  group: () => undefined,
  state: () => undefined,
  productType: () => undefined,
  channel: () => undefined,
  discountCode: () => undefined,
  product: () => undefined,
  category: () => undefined,
}
