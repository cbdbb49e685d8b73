/** An order of the GraphQL store. Amounts are decimal strings, `lineItems[].priceAmount` is a line total. */
export interface GraphOrder {
  readonly id: string
  readonly legacyConnectionId: number
  readonly storeOrderId: string
  /** Everything that was written, by the names of the API. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
}

/** A product of the GraphQL store. */
export interface GraphProduct {
  readonly id: string
  readonly legacyConnectionId: number
  readonly storePrimaryId: string
  /** Everything that was written, by the names of the API. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly updatedAt: number
}
