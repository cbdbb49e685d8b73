/** Which days are reported on, in the shop's time zone, both ends included. Default: the last 90 days. */
export interface KpiOptions {
  from?: string
  to?: string
  /** Default `UTC`. */
  timeZone?: string
  signal?: AbortSignal
}

/** A share: `of` is what it is a share of; `percent` is null where that is nothing. One decimal. */
export interface Share {
  count: number
  of: number
  percent: number | null
}

/**
 * What the store's records say about the shop. Formulas: `docs/guides/signals.md`. People are accounts, or guests by their e-mail; cancelled and deleted orders are none.
 */
export interface KpiReport {
  from: string
  to: string
  timeZone: string
  /** Carts that were left for 4 hours or more, and of them those that were bought after all; by store and customer group. */
  cartRecovery: { store: string | null; customerGroup: string | null; left: number; recovered: number; percent: number | null }[]
  /** Of the people whose first order lies in the period: who ordered again within so many days. Only first orders that so many days have passed since. */
  repeatPurchase: Record<'30' | '60' | '90', Share>
  /** From the account to the first order, of accounts whose first order lies in the period. Days, one decimal. */
  timeToFirstPurchase: { people: number; medianDays: number | null; averageDays: number | null }
  /** Pieces that came back of those sold in the period, by category (the most specific one of a line). */
  returnsByCategory: ({ category: string | null } & Share)[]
  /** How complete what we hold is; `score` = mean of the percentages. */
  dataQuality: { score: number | null; parts: Record<string, Share> }
}
