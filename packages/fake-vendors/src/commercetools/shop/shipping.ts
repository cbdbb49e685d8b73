import type { Address } from './addresses.ts'
import type { Line } from './lines.ts'
import { fromEuroCents, money } from './money.ts'
import type { Region } from './regions.ts'
import { taxRateOf } from './settings.ts'
import { taxed } from './tax.ts'
import type { ShippingPrice } from './totals.ts'

/** The shipping fields of an order and what its deliveries cost. Multiple shipping marks the lines with where they go. */
export interface Shipping {
  fields: Record<string, unknown>
  prices: ShippingPrice[]
}

/** One delivery to one address. */
export function singleShipping(region: Region, address: Address): Shipping {
  const price = shippingPrice(region)
  return {
    fields: {
      shippingMode: 'Single',
      shipping: [],
      shippingInfo: shippingInfo(region, price),
      shippingAddress: address,
      itemShippingAddresses: [],
    },
    prices: [price],
  }
}

/** Two deliveries, the lines going to them by turns. */
export function multipleShipping(region: Region, addresses: readonly [Address, Address], lines: readonly Line[]): Shipping {
  const prices = addresses.map(() => shippingPrice(region))
  const keyed = addresses.map((address, index) => ({ ...address, key: `delivery-${index + 1}` }))
  for (const [index, line] of lines.entries()) {
    const target = index % 2
    line['shippingDetails'] = {
      targets: [{ addressKey: keyed[target]?.key, quantity: line.quantity, shippingMethodKey: `method-${target + 1}` }],
      valid: true,
    }
  }
  const shipping = keyed.map((shippingAddress, index) => ({
    shippingKey: `method-${index + 1}`,
    shippingAddress,
    shippingInfo: shippingInfo(region, shippingPrice(region)),
  }))
  return { fields: { shippingMode: 'Multiple', shipping, itemShippingAddresses: keyed }, prices }
}

/** No delivery at all: a download, or goods taken along. */
export function noShipping(): Shipping {
  return { fields: { shippingMode: 'Single', shipping: [], itemShippingAddresses: [] }, prices: [] }
}

function shippingPrice(region: Region): ShippingPrice {
  return { price: money(region.currency, fromEuroCents(495, region.currency)), taxRate: taxRateOf(region, false) }
}

function shippingInfo(region: Region, { price, taxRate }: ShippingPrice): Record<string, unknown> {
  return {
    shippingMethodName: `Standard ${region.country}`,
    shippingMethod: { typeId: 'shipping-method', id: `shipping-${region.storeKey}` },
    shippingMethodState: 'MatchesCart',
    price,
    shippingRate: { price, tiers: [] },
    taxRate,
    taxCategory: { typeId: 'tax-category', id: 'tax-standard' },
    taxedPrice: taxed(price, taxRate),
    deliveries: [],
  }
}
