import type { Cart, Order, ShippingInfo } from '@commercetools/platform-sdk'
import { type Line, type Money, zero } from '@millrace/core'
import { taxOf } from './line.ts'
import { optionalMoney, sumOf, timesMoney, toMoney } from './money.ts'

/** The amounts that orders and carts have in common. */
export interface Totals {
  gross: Money
  net: Money | undefined
  tax: Money | undefined
  shipping: Money | undefined
  discount: Money | undefined
}

/** The shipments of an order or cart, in either shipping mode. */
export const shippingInfos = (row: Order | Cart): ShippingInfo[] => {
  const several = (row.shipping ?? []).map((shipping) => shipping.shippingInfo)
  return [...(row.shippingInfo ? [row.shippingInfo] : []), ...several].filter((info) => info)
}

const shippingOf = (info: ShippingInfo): Money => toMoney(info.taxedPrice?.totalGross ?? info.discountedPrice?.value ?? info.price)

const shippingDiscount = (info: ShippingInfo, currency: string): Money | undefined =>
  sumOf(
    (info.discountedPrice?.includedDiscounts ?? []).map(({ discountedAmount }) => timesMoney(toMoney(discountedAmount), 1)),
    currency,
  )

/**
 * `gross` is the taxed total; before taxes are set it is `totalPrice`, which includes tax where the shop's prices do and is the only total known where
 * they do not. `net` and `tax` are absent until then. `shipping` is gross in the same sense. `discount` sums discounts of lines, shipping and total.
 */
export const totalsOf = (row: Order | Cart, lines: readonly Line[]): Totals => {
  const gross = toMoney(row.taxedPrice?.totalGross ?? row.totalPrice)
  const infos = shippingInfos(row)
  const onTotal = row.discountOnTotalPrice
  const discounts = [
    ...lines.map((line) => line.discount),
    ...infos.map((info) => shippingDiscount(info, gross.currency)),
    optionalMoney(onTotal?.discountedGrossAmount ?? onTotal?.discountedAmount),
  ]
  const discount = sumOf(discounts, gross.currency)
  return {
    gross,
    net: optionalMoney(row.taxedPrice?.totalNet),
    tax: taxOf(row.taxedPrice),
    shipping: optionalMoney(row.taxedShippingPrice?.totalGross) ?? sumOf(infos.map(shippingOf), gross.currency),
    discount,
  }
}

/** The amount, or nothing of the currency. */
export const orZero = (money: Money | undefined, currency: string): Money => money ?? zero(currency)
