import type {
  CustomLineItem,
  DiscountedLineItemPriceForQuantity,
  LineItem,
  Price,
  TaxedItemPrice,
  TypedMoney,
} from '@commercetools/platform-sdk'
import { compareMoney, type Line, type Money, subtractMoney, zero } from '@millrace/core'
import { divideMoney, optionalMoney, sumOf, timesMoney, toMoney } from './money.ts'
import type { Names } from './names.ts'
import { attributes, customFields, localized, moneyField, text, webAddress } from './values.ts'

/** Tax of something taxed: as the platform states it, else gross less net; undefined where nothing was taxed yet. */
export const taxOf = (taxed: TaxedItemPrice | undefined | null): Money | undefined => {
  if (!taxed) return undefined
  return optionalMoney(taxed.totalTax) ?? subtractMoney(toMoney(taxed.totalGross), toMoney(taxed.totalNet))
}

/** The price before any discount for this quantity: the tier that the quantity reaches, else the price itself. */
const listPriceOf = (price: Price, quantity: number): Money => {
  const reached = (price.tiers ?? [])
    .filter((tier) => tier.minimumQuantity <= quantity)
    .toSorted((a, b) => b.minimumQuantity - a.minimumQuantity)[0]
  return toMoney(price.discounted ? price.value : (reached?.value ?? price.value))
}

/** Positive sum of what discounts of the cart took off the pieces of a line. */
const cartDiscountOf = (portions: readonly DiscountedLineItemPriceForQuantity[], currency: string): Money | undefined =>
  sumOf(
    portions.flatMap(({ quantity, discountedPrice }) =>
      (discountedPrice.includedDiscounts ?? []).map(({ discountedAmount }) => timesMoney(toMoney(discountedAmount), quantity)),
    ),
    currency,
  )

interface Piece {
  quantity: number
  undiscounted: Money
  total: Money
  portions: readonly DiscountedLineItemPriceForQuantity[]
}

/** Exact where all pieces cost the same; else the total divided by the quantity, rounded to the digits of the total. */
const unitPriceOf = ({ quantity, undiscounted, total, portions }: Piece): Money => {
  const [only] = portions
  if (only === undefined) return undiscounted
  if (portions.length === 1 && only.quantity === quantity) return toMoney(only.discountedPrice.value)
  return quantity === 0 ? undiscounted : divideMoney(total, quantity)
}

const positive = (money: Money | undefined): Money | undefined =>
  money === undefined || compareMoney(money, zero(money.currency)) <= 0 ? undefined : money

/**
 * A line item. Prices are the shop's own, with or without tax as the shop prices; `tax` is apart. `discount` is everything taken off the list price:
 * the product's reduced price and the discounts of the cart.
 */
export const toLine = (row: LineItem, names: Names, costField?: string): Line => {
  const portions = row.discountedPricePerQuantity ?? []
  const total = toMoney(row.totalPrice)
  const listPrice = listPriceOf(row.price, row.quantity)
  const salePrice = optionalMoney(row.price.discounted?.value) ?? listPrice
  const reduction = positive(timesMoney(subtractMoney(listPrice, salePrice), row.quantity))
  const product = row.productId === undefined ? undefined : names.product(row.productId)
  const categoryId = product?.categoryIds[0]
  const custom = customFields(row.custom)
  const variantAttributes = attributes(row.variant?.attributes)
  return {
    id: row.id,
    kind: row.lineItemMode === 'GiftLineItem' ? 'gift' : 'product',
    sku: text(row.variant?.sku),
    productId: text(row.productId),
    productKey: product === undefined ? text(row.productKey) : product.key,
    variantId: row.variant?.id === undefined ? undefined : String(row.variant.id),
    name: localized(row.name),
    slug: localized(row.productSlug),
    quantity: row.quantity,
    unitPrice: unitPriceOf({ quantity: row.quantity, undiscounted: salePrice, total, portions }),
    listPrice,
    total,
    tax: taxOf(row.taxedPrice),
    discount: sumOf([reduction, cartDiscountOf(portions, total.currency)], total.currency),
    cost: moneyField(custom, costField) ?? moneyField(variantAttributes, costField),
    imageUrl: webAddress(row.variant?.images?.[0]?.url),
    categoryPath: categoryId === undefined ? [] : (names.category(categoryId)?.path ?? []),
    attributes: variantAttributes,
    custom,
  }
}

/** A custom line item, such as a fee or a voucher; its amount may be negative. */
export const toCustomLine = (row: CustomLineItem): Line => {
  const portions = row.discountedPricePerQuantity ?? []
  const total = toMoney(row.totalPrice)
  const money: TypedMoney = row.money
  const undiscounted = toMoney(money)
  return {
    id: row.id,
    kind: 'custom',
    name: localized(row.name),
    slug: {},
    quantity: row.quantity,
    unitPrice: unitPriceOf({ quantity: row.quantity, undiscounted, total, portions }),
    listPrice: undiscounted,
    total,
    tax: taxOf(row.taxedPrice),
    discount: cartDiscountOf(portions, total.currency),
    categoryPath: [],
    attributes: {},
    custom: customFields(row.custom),
  }
}
