/**
 * Where a suppression flag is read: a path in the orders or the accounts of a person, as their views have them. The flag is up while any of them holds one of
 * the values; without `is`, while it holds anything but blank, `false` and 0.
 */
export interface Evidence {
  of: 'order' | 'account'
  path: string
  is?: readonly (string | number | boolean)[]
}

/** What keeps marketing quiet. A flag exists only with its evidence: without, a contract that uses it is refused. */
export interface SuppressionRules {
  /** `suppressMarketingUntil` = the time at `path` of the newest order that has one, and so many hours. */
  recentPurchase?: { path: 'placedAt' | 'paidAt'; hours: number }
  returnInProgress?: readonly Evidence[]
  fraudHold?: readonly Evidence[]
  openIssue?: readonly Evidence[]
}

/** The parts of a touch: how somebody came to the shop. */
export const touchParts = ['source', 'medium', 'campaign', 'term', 'content', 'landingPage', 'referrer'] as const
export type TouchPart = (typeof touchParts)[number]

/**
 * Exchange rates into one currency, as data: `rates.USD['2026-01-01'] = '0.92'` is what one USD is worth from that day on (UTC), until a later entry. An order is
 * converted by the rate of the day it was placed, for good; an order from before the first rate is not converted. `source` names who publishes the rates.
 */
export interface ConversionRules {
  currency: string
  source: string
  rates: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** How the signals of people are computed. What is not given has the value of {@link defaultSignalRules}, or the signals that need it do not exist. */
export interface SignalRules {
  /** Days without an order after which a customer is at risk, 90 to 180. */
  churnAfterDays?: number
  /** An order within so many days of the one before makes a customer a repeat customer. */
  repeatWithinDays?: number
  /** Ages of the last order in days, ascending: younger than the first scores 5, than the fourth 2, older 1. */
  recencyDays?: readonly number[]
  /** Numbers of orders, ascending: at least the fourth scores 5, the first 2, fewer 1. */
  frequencyOrders?: readonly number[]
  /** What was spent and kept, by currency, ascending: at least the fourth scores 5, the first 2, less 1. A currency without an entry has no score. */
  monetaryAmounts?: Readonly<Record<string, readonly string[]>>
  /** Two amounts by currency: less than the first is `low`, at least the second `high`, between them `medium`. */
  valueBands?: Readonly<Record<string, readonly string[]>>
  /** Two percentages of the revenue without tax, in the same way. */
  marginBands?: readonly number[]
  /** Days after which somebody needs a thing again, by SKU, product key or category name. */
  replenishmentDays?: Readonly<Record<string, number>>
  suppression?: SuppressionRules
  /** Where the parts of a touch stand, in orders and accounts alike: `{ source: 'custom.utm_source' }`. */
  acquisition?: Readonly<Partial<Record<TouchPart, string>>>
  conversion?: ConversionRules
}

const amounts = { monetary: ['50', '150', '500', '1500'], value: ['200', '1000'] }
const perCurrency = (values: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(['CHF', 'EUR', 'GBP', 'USD'].map((currency) => [currency, values]))

/** The bands that count unless the contract gives others. */
export const defaultSignalRules: Required<
  Pick<
    SignalRules,
    'churnAfterDays' | 'repeatWithinDays' | 'recencyDays' | 'frequencyOrders' | 'monetaryAmounts' | 'valueBands' | 'marginBands'
  >
> = {
  churnAfterDays: 180,
  repeatWithinDays: 365,
  recencyDays: [30, 90, 180, 365],
  frequencyOrders: [2, 3, 5, 10],
  monetaryAmounts: perCurrency(amounts.monetary),
  valueBands: perCurrency(amounts.value),
  marginBands: [20, 40],
}
