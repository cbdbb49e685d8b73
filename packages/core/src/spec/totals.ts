/**
 * Which fields of an object made from an order tell its money, time and place, so that totals can be compared at any destination that can `list`. Names may hold
 * `{prefix}`. What the destination does not keep is left out; a field that the contract does not map is not compared.
 */
export interface TotalsSpec {
  /** Currency code, ISO 4217. */
  currency: string
  /** What the destination's own reports add up: the amount of a deal. Whatever the contract maps to it is what should be there. */
  amount: string
  /** The source's amounts, each apart, where the contract writes them. */
  gross?: string
  net?: string
  refunded?: string
  placedAt?: string
  paidAt?: string
  /** Where the order stands; `won` = values that count as money received. `list` and `read` give the contract's words, not the vendor's ids of them. */
  stage?: { field: string; won: readonly string[] }
  /** What tells pipelines apart, where the destination keeps other things than orders in the same kind of object. */
  pipeline?: string
  /** Number and id of the order, by which a second object for it is recognised though it does not carry our key. */
  number?: string
  id?: string
  store?: string
  customerGroup?: string
}
