import { hash } from 'node:crypto'

/** Types of which a part is enough. Goods in a cart, checkouts and purchases are always told. */
export const sampledTypes = ['product.viewed', 'category.viewed', 'search'] as const

const buckets = 0x1_0000_0000

/** Whether events of somebody belong to the part that is kept: the same for all events of one visitor, whenever they come. `share` = 0 to 1. */
export const isSampled = (visitor: string, share: number): boolean =>
  Number.parseInt(hash('sha256', visitor, 'hex').slice(0, 8), 16) < share * buckets
