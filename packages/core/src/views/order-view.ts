import { z } from 'zod'
import { instantSchema } from '../model/common.ts'
import { addMoney, compareMoney, moneySchema, subtractMoney, toMinorUnits, zero } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import { orderSchema } from '../model/order.ts'
import type { Order } from '../model/order.ts'
import { recordKey, recordUnit } from '../routing/units.ts'
import { distinctSkus } from '../signals/order-fact.ts'
import { orderStage, orderStages } from '../signals/order-stage.ts'
import { convert, rateAt } from '../signals/conversion.ts'
import type { ConversionRules } from '../signals/signal-rules.ts'
import { scaleMoney } from '../signals/scale-money.ts'
import { touchOf, touchSchema } from '../signals/touch.ts'
import { lineViews, lineViewSchema } from './line-view.ts'
import { languageOf } from './text.ts'
import { instantOf } from './view.ts'
import type { ViewContext } from './view.ts'

/**
 * An order as rules see it.
 * `amountDue` = gross without what was refunded, never below 0; absent when the refund is in another currency.
 * `netDue` = net in the same proportion (a refund does not say how much of it was tax), rounded to the currency's digits; absent where net is unknown.
 * `subtotal` = sum of all lines, those below 0 included; absent when they are in several currencies.
 * `cartKey` = our own key of the cart that it was made from.
 * `lines` = the lines at or above zero, `reductions` = those below. `itemCount` = pieces of goods, `name` = number or id.
 */
export const orderViewSchema = orderSchema.omit({ entity: true, lines: true }).extend({
  key: z.string(),
  cartKey: z.string().optional(),
  name: z.string(),
  stage: z.enum(orderStages),
  pipeline: z.enum(['commerce', 'sales-assisted']),
  currency: z.string(),
  language: z.string().optional(),
  amountDue: moneySchema.optional(),
  netDue: moneySchema.optional(),
  subtotal: moneySchema.optional(),
  refundState: z.enum(['none', 'partial', 'full']),
  itemCount: z.number().int(),
  skus: z.array(z.string()),
  /** Categories of the goods, each once, the most specific one of each line, named in the language of the order. */
  categories: z.array(z.string()),
  /** How the buyer came to the shop this time; only where the contract says where that stands. */
  touch: touchSchema.optional(),
  /** The amounts in the contract's currency, with the rate, its date and who published it. */
  converted: z
    .object({
      gross: moneySchema,
      net: moneySchema.optional(),
      amountDue: moneySchema.optional(),
      rate: z.string(),
      date: z.iso.date(),
      source: z.string(),
    })
    .optional(),
  lines: z.array(lineViewSchema),
  reductions: z.array(lineViewSchema),
  /** Name of the source. */
  source: z.string(),
  /** False for one that the connection no longer takes. */
  inScope: z.boolean(),
  historical: z.boolean(),
  deletedAt: instantSchema.optional(),
})
export type OrderView = z.infer<typeof orderViewSchema>

const amountDue = ({ gross, refunded }: Order): Money | undefined => {
  if (gross.currency !== refunded.currency) return undefined
  const due = subtractMoney(gross, refunded)
  return compareMoney(due, zero(due.currency)) < 0 ? zero(due.currency) : due
}

const netDue = ({ gross, net, refunded }: Order, due: Money | undefined): Money | undefined => {
  if (net === undefined || due === undefined || net.currency !== due.currency) return undefined
  const nothing = zero(net.currency)
  if (compareMoney(net, nothing) < 0) return nothing
  if (compareMoney(refunded, nothing) === 0 || compareMoney(gross, nothing) <= 0) return net
  return scaleMoney(net, toMinorUnits(due, 20), toMinorUnits(gross, 20))
}

const subtotal = ({ lines, gross }: Order): Money | undefined =>
  lines.some(({ total }) => total.currency !== gross.currency)
    ? undefined
    : lines.reduce((sum, { total }) => addMoney(sum, total), zero(gross.currency))

const refundState = ({ gross, refunded }: Order): OrderView['refundState'] => {
  if (compareMoney(refunded, zero(refunded.currency)) <= 0) return 'none'
  return gross.currency === refunded.currency && compareMoney(refunded, gross) >= 0 ? 'full' : 'partial'
}

const converted = (order: Order, due: Money | undefined, rules: ConversionRules): OrderView['converted'] => {
  const rate = rateAt(rules, order.gross.currency, order.placedAt)
  if (rate === undefined) return undefined
  const into = (money: Money | undefined): Money | undefined =>
    money === undefined || money.currency !== order.gross.currency ? undefined : convert(money, rate, rules.currency)
  return { gross: convert(order.gross, rate, rules.currency), net: into(order.net), amountDue: into(due), ...rate }
}

/** Builds the view of an order. Orders that came from a quote belong to the sales-assisted pipeline. */
export const orderView = (order: Order, context: ViewContext): OrderView => {
  const { entity: _entity, lines: all, ...fields } = order
  const { lines, reductions } = lineViews(all, { key: context.key, number: order.number, locale: order.locale, source: context.source })
  const due = amountDue(order)
  return {
    ...fields,
    key: context.key,
    cartKey: order.cartId === undefined ? undefined : recordKey(recordUnit('cart', context.source, order.cartId)),
    name: order.number ?? order.id,
    stage: orderStage(order),
    pipeline: order.origin === 'quote' ? 'sales-assisted' : 'commerce',
    currency: order.gross.currency,
    country: order.country ?? order.shippingAddress?.country ?? order.billingAddress?.country,
    language: order.locale === undefined ? undefined : languageOf(order.locale),
    amountDue: due,
    netDue: netDue(order, due),
    subtotal: subtotal(order),
    refundState: refundState(order),
    itemCount: lines.reduce((sum, line) => sum + (line.kind === 'custom' ? 0 : line.quantity), 0),
    skus: distinctSkus(lines),
    categories: [...new Set(lines.flatMap(({ category }) => category ?? []))],
    touch: context.signals?.acquisition === undefined ? undefined : touchOf(order, context.signals.acquisition),
    converted: context.signals?.conversion === undefined ? undefined : converted(order, due, context.signals.conversion),
    lines,
    reductions,
    source: context.source,
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(context.deletedAt),
  }
}
