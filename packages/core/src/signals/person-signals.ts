import { z } from 'zod'
import { instantSchema } from '../model/common.ts'
import { addMoney, moneySchema, subtractMoney, toMinorUnits } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import type { OrderFact } from '../spec/store.ts'
import { categoriesOf, topCategory, topProduct } from './affinity.ts'
import { bandOf, bands, recencyScore, scoreOf, scoreOfMoney } from './bands.ts'
import { cadence, replenishment } from './cadence.ts'
import { commerceStage, commerceStages, isPaid } from './commerce-stage.ts'
import { convert, rateAt } from './conversion.ts'
import { defaultSignalRules } from './signal-rules.ts'
import type { ConversionRules, SignalRules } from './signal-rules.ts'
import { suppressionFlags, suppressMarketingUntil } from './suppression.ts'
import type { EvidenceRecords } from './suppression.ts'
import { dayMs, msOf } from './time.ts'
import { averageOf, mainCurrency, totalsByCurrency } from './totals.ts'
import type { CurrencyTotals } from './totals.ts'

const byCurrency = z.record(z.string(), moneySchema)
const score = z.number().int()

/**
 * What a person's orders add up to. Cancelled orders count nowhere. Money is exact and kept per currency: `totals` = gross of the orders, `netTotals` = the same
 * without tax (absent where one order does not know it), `refundedTotals` = what was paid back of them, `keptTotals` = gross less refunds, `averages` and
 * `netAverages` = total by number of orders in that currency, rounded to the currency's digits (half away from zero). `lastSkus` runs from the newest order back,
 * each SKU once, at most 10. `totalsText` lists the totals: `EUR 120.00; JPY 5000`. Every formula stands in `docs/guides/signals.md`.
 */
export const personSignalsSchema = z.object({
  orderCount: z.number().int(),
  paidOrderCount: z.number().int(),
  firstOrderAt: instantSchema.optional(),
  lastOrderAt: instantSchema.optional(),
  totals: byCurrency,
  averages: byCurrency,
  netTotals: byCurrency,
  netAverages: byCurrency,
  refundedTotals: byCurrency,
  keptTotals: byCurrency,
  lastSkus: z.array(z.string()),
  totalsText: z.string(),
  mainCurrency: z.string().optional(),
  /** `score` = the three digits one after the other. Absent without orders; `recency` and `score` need the time, `monetary` bands of the currency. */
  rfm: z.object({ recency: score.optional(), frequency: score, monetary: score.optional(), score: z.string().optional() }).optional(),
  valueBand: z.enum(bands).optional(),
  /** Revenue without tax less cost, in percent of that revenue, one decimal; over the lines with a known cost in the main currency. */
  marginPercent: z.number().optional(),
  marginBand: z.enum(bands).optional(),
  topCategory: z.string().optional(),
  topProduct: z.string().optional(),
  /** Categories of the newest order. */
  lastCategories: z.array(z.string()),
  averageDaysBetweenOrders: z.number().int().optional(),
  nextOrderExpectedAt: instantSchema.optional(),
  replenishmentDueAt: instantSchema.optional(),
  replenishmentItem: z.string().optional(),
  commerceStage: z.enum(commerceStages).optional(),
  suppressMarketingUntil: instantSchema.optional(),
  /** Only flags whose evidence the contract names. */
  suppression: z.object({
    returnInProgress: z.boolean().optional(),
    fraudHold: z.boolean().optional(),
    openIssue: z.boolean().optional(),
  }),
  /** All orders in one currency, by the rates of the contract; absent where one of them has no rate. `source` = who publishes the rates. */
  converted: z.object({ total: moneySchema, kept: moneySchema, source: z.string() }).optional(),
})
export type PersonSignals = z.infer<typeof personSignalsSchema>

/** What signals depend on besides the orders. Without `now` (epoch ms), those that change with the time are absent. */
export interface SignalContext {
  now?: number
  rules?: SignalRules
  locales?: readonly string[]
  /** Whether the person allows any marketing. */
  optedIn?: boolean
  /** Needed for the flags. */
  records?: EvidenceRecords
}

const maxSkus = 10

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Newest first, then by id. Two sources may use one id at the same time; their content decides then. */
const newestFirst = (a: OrderFact, b: OrderFact): number =>
  compare(b.placedAt, a.placedAt) ||
  compare(b.orderId, a.orderId) ||
  compare(JSON.stringify(Object.values(a)), JSON.stringify(Object.values(b)))

/** Aggregates the facts of one person's orders; the same result in whatever order they come. See {@link personSignalsSchema}. */
export const personSignals = (facts: readonly OrderFact[], context: SignalContext = {}): PersonSignals => {
  const { rules = {}, locales = [], now } = context
  const counted = facts.filter((fact) => !fact.cancelled).toSorted(newestFirst)
  const totals = totalsByCurrency(counted)
  const pick = (from: (sum: CurrencyTotals) => Money | undefined): Record<string, Money> =>
    Object.fromEntries(
      totals.flatMap((sum) => {
        const money = from(sum)
        return money === undefined ? [] : [[sum.currency, money] as const]
      }),
    )
  const converted = rules.conversion === undefined ? undefined : convertAll(counted, rules.conversion)
  return {
    orderCount: counted.length,
    paidOrderCount: counted.filter(isPaid).length,
    firstOrderAt: counted.at(-1)?.placedAt,
    lastOrderAt: counted.at(0)?.placedAt,
    totals: pick(({ gross }) => gross),
    averages: pick((sum) => averageOf(sum.gross, sum)),
    netTotals: pick(({ net }) => net),
    netAverages: pick((sum) => (sum.net === undefined ? undefined : averageOf(sum.net, sum))),
    refundedTotals: pick(({ refunded }) => refunded),
    keptTotals: pick(({ kept }) => kept),
    lastSkus: [...new Set(counted.flatMap((fact) => fact.skus))].slice(0, maxSkus),
    totalsText: totals.map(({ currency, gross }) => `${currency} ${gross.amount}`).join('; '),
    ...valueSignals(counted, totals, converted, context),
    topCategory: topCategory(counted, locales),
    topProduct: topProduct(counted),
    lastCategories: categoriesOf(counted[0], locales),
    ...cadence(counted),
    ...replenishment(counted, rules.replenishmentDays ?? {}),
    commerceStage:
      now === undefined ? undefined : commerceStage(counted, { ...defaultSignalRules, ...rules, now, optedIn: context.optedIn ?? false }),
    suppressMarketingUntil: suppressMarketingUntil(rules.suppression ?? {}, counted),
    suppression: suppressionFlags(rules.suppression ?? {}, context.records ?? { orders: [], accounts: [] }),
    converted,
  }
}

/** Scores and bands: by the converted amounts where there are any, else by those in the currency that the person buys in. */
const valueSignals = (
  counted: readonly OrderFact[],
  totals: readonly CurrencyTotals[],
  converted: PersonSignals['converted'],
  { now, rules }: SignalContext,
): Pick<PersonSignals, 'mainCurrency' | 'rfm' | 'valueBand' | 'marginPercent' | 'marginBand'> => {
  const currency = mainCurrency(counted)
  const [newest] = counted
  if (currency === undefined || newest === undefined) return {}
  const { recencyDays, frequencyOrders, monetaryAmounts, valueBands, marginBands } = { ...defaultSignalRules, ...rules }
  const kept = converted?.kept ?? totals.find((sum) => sum.currency === currency)?.kept
  const recency = now === undefined ? undefined : recencyScore(now - msOf(newest.placedAt), recencyDays, dayMs)
  const frequency = scoreOf(counted.length, frequencyOrders)
  const amounts = kept === undefined ? undefined : monetaryAmounts[kept.currency]
  const monetary = kept === undefined || amounts === undefined ? undefined : scoreOfMoney(kept, amounts)
  const limits = kept === undefined ? undefined : valueBands[kept.currency]
  const margin = marginPercent(counted.filter((fact) => fact.currency === currency))
  return {
    mainCurrency: currency,
    rfm: {
      recency,
      frequency,
      monetary,
      score: recency === undefined || monetary === undefined ? undefined : `${recency}${frequency}${monetary}`,
    },
    valueBand: kept === undefined || limits === undefined ? undefined : bandOf(scoreOfMoney(kept, limits)),
    marginPercent: margin,
    marginBand: margin === undefined ? undefined : bandOf(scoreOf(margin, marginBands)),
  }
}

const marginPercent = (facts: readonly OrderFact[]): number | undefined => {
  const sum = (part: 'revenue' | 'cost'): bigint =>
    facts.reduce((all, { currency, margin }) => all + (margin == null ? 0n : toMinorUnits({ currency, amount: margin[part] }, 20)), 0n)
  const revenue = sum('revenue')
  if (revenue <= 0n) return undefined
  const doubled = (revenue - sum('cost')) * 2000n
  const half = doubled < 0n ? -revenue : revenue
  return Number((doubled + half) / (revenue * 2n)) / 10
}

const convertAll = (counted: readonly OrderFact[], rules: ConversionRules): PersonSignals['converted'] => {
  let total: Money | undefined
  let kept: Money | undefined
  for (const { currency, gross, refunded, placedAt } of counted) {
    const rate = rateAt(rules, currency, placedAt)
    if (rate === undefined) return undefined
    const whole = convert({ currency, amount: gross }, rate, rules.currency)
    const left = subtractMoney(whole, convert({ currency, amount: refunded }, rate, rules.currency))
    total = total === undefined ? whole : addMoney(total, whole)
    kept = kept === undefined ? left : addMoney(kept, left)
  }
  return total === undefined || kept === undefined ? undefined : { total, kept, source: rules.source }
}
