import type { SourceVersion } from '../../model/change.ts'
import type { Localized } from '../../model/common.ts'
import type { RecordRef } from '../../model/record.ts'

/** What the store knows of a record without its body. `rid` is the store's own integer id. `version` outlives deletion. */
export interface RecordHead extends RecordRef {
  rid: number
  revision: number
  contentHash: string
  version: SourceVersion
  deletedAt: number | null
}

/** A record with its canonical JSON. `body` is null after erasure. */
export interface StoredRecord extends RecordHead {
  body: string | null
}

/** What orders say about their buyer, kept apart from the bodies so that signals are aggregated when needed. Amounts are decimal strings. */
export interface OrderFact {
  /** Name of the source that the order is from. */
  source: string
  orderId: string
  number: string | null
  placedAt: string
  paidAt: string | null
  currency: string
  gross: string
  net: string | null
  refunded: string
  cancelled: boolean
  guest: boolean
  skus: string[]
  /** Whether money came for it; without it, `paidAt` tells. What follows is absent in facts that earlier versions stored. */
  paid?: boolean
  /** The goods, in the order of the lines. `product` = the stable key of the product, `category` = the most specific one of the line. */
  items?: FactItem[]
  /** Of the lines whose cost is known: what was paid for them without tax, and what they cost. Null where no cost is known. */
  margin?: { revenue: string; cost: string } | null
}

/** Goods of an order, for affinities and replenishment. */
export interface FactItem {
  sku?: string
  product?: string
  category?: Localized
  quantity: number
}

/** How a record belongs to a person: its account, a guest order (profile and fact), or an order of an account (fact only). */
export type MemberRole = 'account' | 'guest' | 'order'

/** Members of a person in the order of `rid`: bodies for accounts and guests, facts for guests and orders. */
export interface Member {
  role: MemberRole
  record: StoredRecord | null
  fact: OrderFact | null
}
