/** What is compared, and how strictly. Days are `YYYY-MM-DD` in the shop's time zone, both ends included. `from` is yesterday by default (UTC), `to` the same day as `from`. */
export interface ReconcileOptions<C extends string = string> {
  from?: string
  to?: string
  connection?: C | readonly C[]
  /** `paid` (default): orders in won stages on the day they were paid. `placed`: all orders on the day they were placed. */
  basis?: 'paid' | 'placed'
  /** Percent by which a day's totals may deviate, and share of its orders that may have a finding. Default 0.5. */
  thresholdPercent?: number
  /** Default: the contract's. */
  timeZone?: string
  /** Objects that do not carry our key: `all` (default), only those in pipelines that hold orders of ours, or `none`. */
  foreign?: 'all' | 'ours' | 'none'
  /** Makes what is missing or differs ready to be sent whole with the next pass. What is too much at the destination is left to people. */
  repair?: boolean
  signal?: AbortSignal
}

/** Sums of some orders of one currency, as exact decimals. Null: the destination does not keep it. `amount` = what its own reports add up. */
export interface OrderSums {
  orders: number
  amount: string
  gross: string | null
  net: string | null
  refunds: string | null
}

/** One day, currency, store and customer group, at both ends. */
export interface ReconciledGroup {
  day: string
  currency: string
  store: string | null
  customerGroup: string | null
  source: OrderSums
  destination: OrderSums
}

/** One order that does not agree, by its key and number. `day` = the source's day, or the destination's where the source has none. */
export interface OrderFinding {
  kind: 'missing' | 'extra' | 'differing' | 'doubled'
  day: string
  currency: string
  key: string | null
  number: string | null
  remoteIds: string[]
  /** What the source has of it, or else the destination. */
  amount: string
  differences: { what: string; field: string; source: string | null; destination: string | null }[]
  /** Where its delivery stands. */
  state: string | null
}

/** A day whose totals, or whose share of orders with findings, are beyond the threshold. */
export interface BeyondThreshold {
  day: string
  currency: string
  what: 'orders' | 'amount' | 'gross' | 'net' | 'refunds' | 'findings'
  deviationPercent: number
}

/** One connection. `status` is `not-comparable` where its destination cannot list orders or does not say which fields tell their money. */
export interface ReconciledConnection {
  status: 'agrees' | 'differs' | 'not-comparable'
  object: string | null
  timeZone: string
  /** By days of the shop's time zone, and the same orders by days of UTC. */
  groups: ReconciledGroup[]
  utcGroups: ReconciledGroup[]
  findings: OrderFinding[]
  beyond: BeyondThreshold[]
  /** Orders on their way: in no sum and no finding. */
  inFlight: { currency: string; orders: number; gross: string }[]
  /** Orders that the contract does not take, by reason. */
  leftOut: Record<string, number>
  /** How many orders were made ready again. */
  repaired: number
}

export interface ReconcileReport {
  from: string
  to: string
  basis: 'paid' | 'placed'
  thresholdPercent: number
  /** No connection is beyond the threshold. */
  ok: boolean
  connections: Record<string, ReconciledConnection>
}
