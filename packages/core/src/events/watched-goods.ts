import type { Engine } from '../engine/engine.ts'
import { accountKey } from '../identity/person-keys.ts'
import type { Product, Variant } from '../model/catalog.ts'
import type { Customer } from '../model/customer.ts'
import { eventDataSchema, type CommerceEvent, type EventData } from '../model/event.ts'
import { compareMoney, type Money } from '../model/money.ts'
import type { ShoppingList } from '../model/shopping-list.ts'
import { productUrl } from '../views/product-url.ts'
import { pickText } from '../views/text.ts'
import { localesOf } from './event-data.ts'
import { priceFor, stockFor, type Shopper } from './offer.ts'
import { isBack, type ChangedOffer } from './offer-changes.ts'

/** Somebody who watches goods that changed. `since` = when they were put on the list, `at` = when they changed, epoch ms. */
export interface Watching {
  customer: Customer
  list: ShoppingList
  since: number
  /** The currency that the account last paid in. */
  currency: string | undefined
}

const shopperOf = ({ customer, list, currency }: Watching): Shopper => ({
  currency,
  country: customer.shippingAddress?.country ?? customer.billingAddress?.country,
  groups: new Set(customer.groups.flatMap(({ id, key }) => (key === undefined ? [id] : [id, key]))),
  priceChannels: list.priceChannels,
  supplyChannels: list.supplyChannels,
})

/**
 * What a changed offer is to somebody who watches it: that it costs less than before, that it can be had again. The same change is the same fact on whichever of their lists
 * it stands.
 */
export const watchedEvents = (change: ChangedOffer, at: number, product: Product, watching: Watching): CommerceEvent[] => {
  const { sku, before, beforeAt, after } = change
  const { customer } = watching
  const variant = product.variants.find((each) => each.sku === sku)
  if (variant === undefined) return []
  const shopper = shopperOf(watching)
  const now = priceFor(after.prices, shopper, at)
  const previous = now === undefined ? undefined : priceFor(before.prices, shopper, beforeAt, now.currency)
  const fact = (type: CommerceEvent['type'], what: string, data: Partial<EventData>): CommerceEvent => ({
    id: `${type}:${customer.id}:${sku}:${what}`,
    type,
    occurredAt: new Date(at).toISOString(),
    subject: { customerId: customer.id },
    data: goodsData(product, variant, watching, shopper.country, now, data),
  })
  return [
    ...(now !== undefined && previous !== undefined && compareMoney(now, previous) < 0
      ? [fact('price.dropped', `${now.amount}${now.currency}:${at}`, { previousPrice: previous })]
      : []),
    ...(isBack(stockFor(before, shopper), stockFor(after, shopper)) ? [fact('product.back-in-stock', `${at}`, {})] : []),
  ]
}

const goodsData = (
  product: Product,
  variant: Variant,
  { customer, list, since }: Watching,
  country: string | undefined,
  price: Money | undefined,
  more: Partial<EventData>,
): EventData => {
  const store = list.store ?? customer.stores[0]
  const locales = localesOf(customer.locale)
  const url = productUrl(product, store, customer.locale)
  return {
    ...eventDataSchema.parse({}),
    store,
    locale: customer.locale,
    country,
    currency: price?.currency,
    value: price,
    url,
    since: new Date(since).toISOString(),
    lines: [
      {
        sku: variant.sku,
        productKey: product.id,
        name: pickText(product.name, locales) ?? variant.sku,
        categoryPath: product.categoryPath.flatMap((name) => pickText(name, locales) ?? []),
        quantity: 1,
        price,
        value: price,
        url,
        image: variant.images[0],
      },
    ],
    ...more,
  }
}

/** The currency of the latest order of some accounts of a source. */
export const lastCurrencies = async (engine: Engine, source: string, customers: readonly string[]): Promise<Map<string, string>> => {
  const latest = new Map<string, { placedAt: string; currency: string }>()
  for (const identity of new Set([...engine.connections.values()].map((connection) => connection.identity))) {
    const units = await engine.store.aliases(
      identity,
      customers.map((id) => accountKey(source, id)),
    )
    const distinct = [...new Set(units.flatMap((unit) => unit ?? []))]
    const members = distinct.length === 0 ? [] : await engine.store.members(identity, distinct)
    const facts = new Map(distinct.map((unit, index) => [unit, (members[index] ?? []).flatMap(({ fact }) => fact ?? [])]))
    for (const [index, customer] of customers.entries()) {
      for (const { placedAt, currency } of facts.get(units[index] ?? '') ?? []) {
        if (placedAt > (latest.get(customer)?.placedAt ?? '')) latest.set(customer, { placedAt, currency })
      }
    }
  }
  return new Map([...latest].map(([customer, { currency }]) => [customer, currency]))
}
