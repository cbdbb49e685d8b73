import type { Price, Variant } from '../model/catalog.ts'
import { compareMoney, type Money } from '../model/money.ts'

/** What a SKU is offered at: its prices and its stock. */
export type Offer = Pick<Variant, 'prices' | 'stock' | 'stockByChannel'>

/** What is known of whoever looks at an offer. `currency` = the one that they last paid in. */
export interface Shopper {
  currency: string | undefined
  country: string | undefined
  /** Ids and keys of customer groups. */
  groups: ReadonlySet<string>
  /** Keys of the channels that prices of their store come from, and its stock. */
  priceChannels: readonly string[]
  supplyChannels: readonly string[]
}

/** Epoch ms at which a price begins or ends. */
export const boundary = (instant: string | undefined): number | undefined => (instant === undefined ? undefined : Date.parse(instant))

/** Whether a price holds at a time (epoch ms). */
export const isValid = ({ validFrom, validUntil }: Price, at: number): boolean =>
  (boundary(validFrom) ?? -Infinity) <= at && at < (boundary(validUntil) ?? Infinity)

const isFor = ({ country, customerGroup, channel }: Price, shopper: Shopper): boolean =>
  (country === undefined || country === shopper.country) &&
  (customerGroup === undefined || shopper.groups.has(customerGroup)) &&
  (channel === undefined || shopper.priceChannels.includes(channel))

/** A price for a group beats one for a channel, that one for a country, each alone beats none, and a price for a time beats one for ever. */
const weight = ({ country, customerGroup, channel, validFrom, validUntil }: Price): number =>
  (customerGroup === undefined ? 0 : 8) +
  (channel === undefined ? 0 : 4) +
  (country === undefined ? 0 : 2) +
  (validFrom === undefined && validUntil === undefined ? 0 : 1)

/** What is paid at a price. */
export const amountOf = ({ value, discounted }: Price): Money => discounted ?? value

/** The currency that a shopper sees: the one that they last paid in, else that of their country's prices, else the only one there is. */
const currencyOf = (prices: readonly Price[], shopper: Shopper): string | undefined => {
  const currencies = (some: readonly Price[]): Set<string> => new Set(some.map(({ value }) => value.currency))
  if (shopper.currency !== undefined && currencies(prices).has(shopper.currency)) return shopper.currency
  const ofCountry = currencies(prices.filter(({ country }) => country !== undefined))
  const [only, ...others] = ofCountry.size === 1 ? ofCountry : currencies(prices)
  return others.length === 0 ? only : undefined
}

/** What a shopper pays for one piece at a time (epoch ms); undefined where that cannot be said. `currency` = in no other than this one. */
export const priceFor = (prices: readonly Price[], shopper: Shopper, at: number, currency?: string): Money | undefined => {
  const open = prices.filter((price) => isValid(price, at) && isFor(price, shopper))
  const wanted = currency ?? currencyOf(open, shopper)
  const best = open
    .filter(({ value }) => value.currency === wanted)
    .reduce<Price | undefined>((a, b) => (a === undefined || isBetter(b, a) ? b : a), undefined)
  return best === undefined ? undefined : amountOf(best)
}

const isBetter = (a: Price, b: Price): boolean =>
  weight(a) === weight(b) ? compareMoney(amountOf(a), amountOf(b)) < 0 : weight(a) > weight(b)

/** Pieces that a shopper can get: those of the channels of their store where both are known, else all. Undefined where stock is not tracked. */
export const stockFor = ({ stock, stockByChannel }: Offer, { supplyChannels }: Pick<Shopper, 'supplyChannels'>): number | undefined =>
  stockByChannel === undefined || supplyChannels.length === 0
    ? stock
    : supplyChannels.reduce((sum, channel) => sum + (stockByChannel[channel] ?? 0), 0)
