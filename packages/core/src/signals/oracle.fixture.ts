/**
 * A second opinion on signals: what the guide says, written down as plainly as can be. It shares no code with the product: money is whole numbers of the smallest
 * unit, time is a number of ms, and everything is counted anew each time.
 */

/** An order in the oracle's own words. Amounts in the smallest unit of the currency. */
export interface PlainOrder {
  id: string
  at: number
  currency: 'EUR' | 'JPY' | 'KWD'
  gross: number
  net: number | null
  refunded: number
  paid: boolean
  cancelled: boolean
  lines: { sku: string; category: string; pieces: number; revenue: number; cost: number | null }[]
}

export interface PlainPerson {
  optedIn: boolean
  orders: PlainOrder[]
}

/** The oracle's rules: those that the tests give to the product. */
export const oracleRules = {
  churnAfterDays: 91,
  repeatWithinDays: 365,
  recencyDays: [30, 90, 180, 365],
  frequencyOrders: [2, 3, 5, 10],
  monetary: { EUR: [5_000, 15_000, 50_000, 150_000] } as Record<string, number[]>,
  value: { EUR: [20_000, 100_000] } as Record<string, number[]>,
  margin: [20, 40],
  replenishment: { A: 21, tea: 45 } as Record<string, number>,
  hours: 72,
}

const day = 24 * 60 * 60 * 1000
const places = { EUR: 2, JPY: 0, KWD: 3 }

/** 1234 as `12.34`. */
export const written = (units: number, currency: PlainOrder['currency']): string =>
  (units / 10 ** places[currency]).toFixed(places[currency])

const iso = (at: number): string => new Date(at).toISOString()
const steps = (value: number, limits: number[]): number => limits.filter((limit) => value >= limit).length
const words = ['low', 'medium', 'high']

const averaged = (sum: number, count: number): number => Math.floor((sum * 2 + count) / (count * 2))

/** Newest first, equal times by the larger id first. */
const sorted = (orders: PlainOrder[]): PlainOrder[] => {
  const list = orders.filter((order) => !order.cancelled)
  list.sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : b.at - a.at))
  return list
}

/** Money came, or there was none to come, or all of it went back. */
const countsAsPaid = ({ paid, gross, refunded }: PlainOrder): boolean => paid || gross === 0 || (refunded > 0 && refunded >= gross)

const most = (orders: PlainOrder[], name: (line: PlainOrder['lines'][number]) => string): string | undefined => {
  let best: string | undefined
  let bestPieces = 0
  let bestPlace = 0
  const names = [...new Set(orders.flatMap((order) => order.lines.map(name)))].toSorted()
  for (const candidate of names) {
    const pieces = orders.reduce(
      (sum, order) => sum + order.lines.reduce((all, line) => all + (name(line) === candidate ? line.pieces : 0), 0),
      0,
    )
    const place = orders.findIndex((order) => order.lines.some((line) => name(line) === candidate))
    if (best === undefined || pieces > bestPieces || (pieces === bestPieces && place < bestPlace))
      [best, bestPieces, bestPlace] = [candidate, pieces, place]
  }
  return best
}

const stage = (orders: PlainOrder[], optedIn: boolean, now: number): string => {
  const last = orders[0]
  if (last === undefined) return optedIn ? 'subscriber' : 'lead'
  const paid = orders.filter(countsAsPaid)
  if (paid.length === 0) return 'lead'
  if (now >= last.at + oracleRules.churnAfterDays * day) return 'churn-risk'
  for (let i = 1; i < paid.length; i++) {
    const [later, earlier] = [paid[i - 1], paid[i]]
    if (later && earlier && later.at - earlier.at <= oracleRules.repeatWithinDays * day) return 'repeat'
  }
  return 'customer'
}

const refill = (orders: PlainOrder[]): { at: string; item: string } | undefined => {
  for (const order of orders) {
    let best: { days: number; item: string } | undefined
    for (const line of order.lines) {
      const days = oracleRules.replenishment[line.sku] ?? oracleRules.replenishment[line.category]
      if (days !== undefined && (best === undefined || days < best.days)) best = { days, item: line.sku }
    }
    if (best) return { at: iso(order.at + best.days * day), item: best.item }
  }
  return undefined
}

/** What one currency adds up to. */
const inCurrency = (orders: PlainOrder[], currency: PlainOrder['currency']) => {
  const own = orders.filter((order) => order.currency === currency)
  const sum = (of: (order: PlainOrder) => number): number => own.reduce((all, order) => all + of(order), 0)
  const net = own.some((order) => order.net === null) ? undefined : sum((order) => order.net ?? 0)
  const [gross, refunded] = [sum((order) => order.gross), sum((order) => order.refunded)]
  const show = (units: number): { currency: string; amount: string } => ({ currency, amount: written(units, currency) })
  return {
    count: own.length,
    kept: gross - refunded,
    shown: {
      totals: show(gross),
      averages: show(averaged(gross, own.length)),
      netTotals: net === undefined ? undefined : show(net),
      netAverages: net === undefined ? undefined : show(averaged(net, own.length)),
      refundedTotals: show(refunded),
      keptTotals: show(gross - refunded),
    },
  }
}

const mainOf = (orders: PlainOrder[]): PlainOrder['currency'] | undefined => {
  let best: PlainOrder['currency'] | undefined
  for (const { currency } of orders) {
    if (best === undefined || inCurrency(orders, currency).count > inCurrency(orders, best).count) best = currency
  }
  return best
}

const marginOf = (orders: PlainOrder[], currency: string): number | undefined => {
  const lines = orders.filter((order) => order.currency === currency).flatMap((order) => order.lines.filter((line) => line.cost !== null))
  const revenue = lines.reduce((sum, line) => sum + line.revenue, 0)
  const cost = lines.reduce((sum, line) => sum + (line.cost ?? 0) * line.pieces, 0)
  if (revenue <= 0) return undefined
  const tenths = ((revenue - cost) * 1000) / revenue
  return (tenths < 0 ? -Math.floor(-tenths + 0.5) : Math.floor(tenths + 0.5)) / 10
}

/** Everything that the guide promises about a person at a time. */
export const oracle = (person: PlainPerson, now: number) => {
  const orders = sorted(person.orders)
  const [last, first] = [orders[0], orders[orders.length - 1]]
  const currencies = [...new Set(orders.map((order) => order.currency))]
  const sums = currencies.map((currency) => [currency, inCurrency(orders, currency)] as const)
  const pick = (name: keyof (typeof sums)[number][1]['shown']) =>
    Object.fromEntries(sums.flatMap(([currency, { shown }]) => (shown[name] === undefined ? [] : [[currency, shown[name]]])))
  const main = mainOf(orders)
  const kept = main === undefined ? 0 : inCurrency(orders, main).kept
  const monetary = main === undefined || !oracleRules.monetary[main] ? undefined : 1 + steps(kept, oracleRules.monetary[main])
  const recency = last === undefined ? undefined : 5 - oracleRules.recencyDays.filter((days) => now - last.at >= days * day).length
  const frequency = 1 + steps(orders.length, oracleRules.frequencyOrders)
  const margin = main === undefined ? undefined : marginOf(orders, main)
  const gap = orders.length < 2 || !last || !first ? undefined : Math.round((last.at - first.at) / (orders.length - 1))
  const again = refill(orders)
  return {
    orderCount: orders.length,
    paidOrderCount: orders.filter(countsAsPaid).length,
    firstOrderAt: first && iso(first.at),
    lastOrderAt: last && iso(last.at),
    totals: pick('totals'),
    averages: pick('averages'),
    netTotals: pick('netTotals'),
    netAverages: pick('netAverages'),
    refundedTotals: pick('refundedTotals'),
    keptTotals: pick('keptTotals'),
    mainCurrency: main,
    rfm: last && { recency, frequency, monetary, score: monetary === undefined ? undefined : `${recency}${frequency}${monetary}` },
    valueBand: main === undefined || !oracleRules.value[main] ? undefined : words[steps(kept, oracleRules.value[main])],
    marginPercent: margin,
    marginBand: margin === undefined ? undefined : words[steps(margin, oracleRules.margin)],
    topCategory: most(orders, (line) => line.category),
    topProduct: most(orders, (line) => line.sku),
    lastCategories: [...new Set(last?.lines.map((line) => line.category))],
    averageDaysBetweenOrders: gap === undefined ? undefined : Math.round(gap / day),
    nextOrderExpectedAt: gap === undefined || !last ? undefined : iso(last.at + gap),
    replenishmentDueAt: again?.at,
    replenishmentItem: again?.item,
    commerceStage: stage(orders, person.optedIn, now),
    suppressMarketingUntil: last && iso(last.at + oracleRules.hours * 60 * 60 * 1000),
  }
}
