import type { Row } from '../table.ts'

/** A shop that is connected: one per project or store. */
export interface Connection extends Row {
  readonly service: string
  readonly externalid: string
  readonly name: string
  readonly logoUrl: string
  readonly linkUrl: string
}

/** A shop's customer: one row per connection. */
export interface EcomCustomer extends Row {
  readonly connectionid: string
  readonly externalid: string
  readonly email: string
  /** A flag for segments; no subscription. */
  readonly acceptsMarketing: '0' | '1'
}

/** A line of a Deep Data order. `price` is the unit price in cents. */
export interface EcomProduct {
  readonly externalid: string
  readonly name: string
  readonly price: number
  readonly quantity: number
  readonly category: string
  readonly sku: string
  readonly description: string
  readonly imageUrl: string
  readonly productUrl: string
}

/** A discount of a Deep Data order, in cents. */
export interface EcomDiscount {
  readonly name: string
  readonly type: string
  readonly discountAmount: number
}

/** State of a Deep Data order: 0 pending, 1 completed, 2 abandoned, 3 recovered, 4 waiting. */
export type EcomState = '0' | '1' | '2' | '3' | '4'

/** An order or cart of Deep Data. Amounts are integer cents. */
export interface EcomOrder extends Row {
  readonly connectionid: string
  readonly customerid: string
  readonly externalid: string | null
  readonly externalcheckoutid: string | null
  readonly source: '0' | '1'
  readonly email: string
  readonly currency: string
  readonly totalPrice: number
  readonly shippingAmount: number
  readonly taxAmount: number
  readonly discountAmount: number
  readonly orderNumber: string
  readonly orderUrl: string
  readonly shippingMethod: string
  readonly externalCreatedDate: string
  readonly externalUpdatedDate: string | null
  readonly abandonedDate: string | null
  readonly state: EcomState
  readonly orderProducts: readonly EcomProduct[]
  readonly orderDiscounts: readonly EcomDiscount[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** Key of an order by the id of the shop. */
export function orderKey(connection: string, externalid: string): string {
  return `order:${connection}:${externalid}`
}

/** Key of a cart by the id of the shop. */
export function cartKey(connection: string, externalcheckoutid: string): string {
  return `cart:${connection}:${externalcheckoutid}`
}

/** An order is found by either id. */
export function ecomOrderKeys({ connectionid, externalid, externalcheckoutid }: EcomOrder): string[] {
  return [
    ...(externalid === null ? [] : [orderKey(connectionid, externalid)]),
    ...(externalcheckoutid === null ? [] : [cartKey(connectionid, externalcheckoutid)]),
  ]
}
