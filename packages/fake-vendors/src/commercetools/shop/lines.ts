import { customType } from './custom-types.ts'
import type { Dice } from './dice.ts'
import { type CentMoney, fromEuroCents, money, preciseMoney, roundHalfEven } from './money.ts'
import type { CatalogProduct, CatalogVariant } from './products.ts'
import type { Region } from './regions.ts'
import { localized, STATE_IDS, taxRateOf } from './settings.ts'
import { taxed, type TaxedPrice, type TaxRate } from './tax.ts'

/** A line of an order or cart, so far as totals and returns need it. */
export interface Line {
  id: string
  quantity: number
  totalPrice: CentMoney
  taxedPrice: TaxedPrice
  taxRate: TaxRate
  [field: string]: unknown
}

/** How a line differs from the plain one. */
export interface LineOptions {
  quantity: number
  /** A share off the unit price by a product discount on the price. */
  priceDiscount?: number
  /** A share off by a cart discount, as `discountedPricePerQuantity`. */
  cartDiscount?: number
  /** The unit price has five digits more than the currency. */
  precise?: boolean
}

/** A line for a variant. Its total is the discounted unit price times the quantity. */
export function productLine(dice: Dice, region: Region, product: CatalogProduct, variant: CatalogVariant, options: LineOptions): Line {
  const { quantity } = options
  const listed = money(region.currency, fromEuroCents(variant.euroCents, region.currency))
  const precise =
    options.precise === true
      ? preciseMoney(region.currency, listed.centAmount * 100_000 + dice.between(1, 99_999), listed.fractionDigits + 5)
      : undefined
  const lowered =
    options.priceDiscount === undefined ? undefined : money(region.currency, share(listed.centAmount, 1 - options.priceDiscount))
  const unit = lowered?.centAmount ?? listed.centAmount
  const reduced = options.cartDiscount === undefined ? undefined : share(unit, 1 - options.cartDiscount)
  const exact =
    precise !== undefined && reduced === undefined && lowered === undefined
      ? roundHalfEven((precise.preciseAmount * quantity) / 100_000)
      : undefined
  const totalPrice = money(region.currency, exact ?? (reduced ?? unit) * quantity)
  const taxRate = taxRateOf(region, product.reducedTax)
  const { euroCents: _, ...snapshot } = variant
  const discount = { typeId: 'product-discount', id: 'product-discount' }
  return {
    id: dice.uuid(),
    productId: product.id,
    productKey: product.key,
    productSlug: product.slug,
    productType: { typeId: 'product-type', id: 'product-type-clothing' },
    name: product.name,
    variant: { ...snapshot, prices: [], assets: [] },
    price: { id: dice.uuid(), value: precise ?? listed, ...(lowered === undefined ? {} : { discounted: { value: lowered, discount } }) },
    priceMode: 'Platform',
    lineItemMode: 'Standard',
    quantity,
    totalPrice,
    taxRate,
    taxedPrice: taxed(totalPrice, taxRate),
    taxedPricePortions: [],
    perMethodTaxRate: [],
    discountedPricePerQuantity: reduced === undefined ? [] : [discounted(region.currency, quantity, unit, reduced)],
    state: [{ quantity, state: { typeId: 'state', id: dice.pick(STATE_IDS) } }],
    distributionChannel: { typeId: 'channel', id: `channel-sales-${region.storeKey}` },
    supplyChannel: { typeId: 'channel', id: `channel-supply-${region.storeKey}` },
    ...(dice.chance(0.1)
      ? { custom: { type: customType('line'), fields: { engraving: 'für Zoë ♥', cost: money(region.currency, share(unit, 0.6)) } } }
      : {}),
  }
}

/** A line without a product: a service, a fee, or, with a negative amount, a credit. */
export function customLine(dice: Dice, region: Region, text: string, centAmount: number): Line {
  const totalPrice = money(region.currency, centAmount)
  const taxRate = taxRateOf(region, false)
  return {
    id: dice.uuid(),
    name: localized(text),
    slug: text.toLowerCase().replaceAll(' ', '-'),
    money: totalPrice,
    quantity: 1,
    totalPrice,
    taxRate,
    taxedPrice: taxed(totalPrice, taxRate),
    taxedPricePortions: [],
    perMethodTaxRate: [],
    taxCategory: { typeId: 'tax-category', id: 'tax-standard' },
    discountedPricePerQuantity: [],
    state: [],
    priceMode: 'Standard',
  }
}

function share(centAmount: number, part: number): number {
  return roundHalfEven(centAmount * part)
}

function discounted(currency: string, quantity: number, unit: number, reduced: number): unknown {
  const includedDiscounts = [
    { discount: { typeId: 'cart-discount', id: 'cart-discount' }, discountedAmount: money(currency, unit - reduced) },
  ]
  return { quantity, discountedPrice: { value: money(currency, reduced), includedDiscounts } }
}
