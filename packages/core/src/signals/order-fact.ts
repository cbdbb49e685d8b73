import { addMoney, compareMoney, fromMinorUnits, subtractMoney, toMinorUnits, zero } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import type { Line, Order } from '../model/order.ts'
import type { FactItem, OrderFact } from '../spec/store.ts'
import { orderStage } from './order-stage.ts'

/** Stages that money came for. */
const paidStages: ReadonlySet<string> = new Set(['paid', 'fulfilled', 'returned', 'refunded'])

/**
 * What an order says about its buyer. Refunds in another currency than the order's are not counted: amounts of different currencies never mix.
 * SKUs are distinct and in the order of the lines; `guest` = the order names no account.
 */
export const orderFact = (order: Order, source: string): OrderFact => ({
  source,
  orderId: order.id,
  number: order.number ?? null,
  placedAt: order.placedAt,
  paidAt: order.paidAt ?? null,
  currency: order.gross.currency,
  gross: order.gross.amount,
  net: order.net?.currency === order.gross.currency ? order.net.amount : null,
  refunded: order.refunded.currency === order.gross.currency ? order.refunded.amount : '0',
  cancelled: order.orderState === 'cancelled',
  guest: order.customerId === undefined,
  skus: distinctSkus(order.lines),
  paid: order.paidAt !== undefined || paidStages.has(orderStage(order)),
  items: order.lines.flatMap(itemOf),
  margin: marginOf(order),
})

/** The SKUs of some lines, each once, in the order of the lines. */
export const distinctSkus = (lines: readonly { sku?: string | undefined }[]): string[] => [
  ...new Set(lines.flatMap((line) => (line.sku === undefined || line.sku === '' ? [] : [line.sku]))),
]

/** Gifts and fees say nothing about what somebody likes. */
const itemOf = ({ kind, quantity, sku, productKey, productId, categoryPath }: Line): FactItem[] => {
  if (kind !== 'product' || quantity <= 0) return []
  const product = productKey ?? productId
  const category = categoryPath.at(-1)
  return [
    {
      quantity,
      ...(sku === undefined ? {} : { sku }),
      ...(product === undefined ? {} : { product }),
      ...(category === undefined ? {} : { category }),
    },
  ]
}

/**
 * What the lines with a known cost brought and cost. Prices of lines hold the tax where the lines add up to more than the order's net amount: it is taken off
 * then, as far as it is known.
 */
const marginOf = ({ lines, net, gross: { currency } }: Order): NonNullable<OrderFact['margin']> | null => {
  const own = lines.filter(({ total }) => total.currency === currency)
  const sum = own.reduce<Money>((all, { total }) => addMoney(all, total), zero(currency))
  const taxed = net?.currency === currency && compareMoney(sum, net) > 0
  let known = false
  let revenue = zero(currency)
  let cost = zero(currency)
  for (const line of own) {
    if (line.cost?.currency !== currency || line.quantity <= 0) continue
    known = true
    revenue = addMoney(revenue, taxed && line.tax?.currency === currency ? subtractMoney(line.total, line.tax) : line.total)
    cost = addMoney(cost, fromMinorUnits(currency, toMinorUnits(line.cost, digits) * BigInt(line.quantity), digits))
  }
  return known ? { revenue: revenue.amount, cost: cost.amount } : null
}

const digits = 20
