import type { Price, Product } from '../model/catalog.ts'
import { compareMoney } from '../model/money.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import type { IngestPage } from '../spec/store.ts'
import { amountOf, boundary, type Offer } from './offer.ts'

/** How the offer of a SKU changed, as it is kept: what it was at `beforeAt` (epoch ms), and what it is since the time of the change. */
export interface ChangedOffer {
  /** Id of the product's record. */
  product: string
  sku: string
  before: Offer
  beforeAt: number
  after: Offer
}

type Offers = NonNullable<IngestPage['offers']>
type Variant = Product['variants'][number] & { sku: string }

/** A product that changed. `revision` = the one that it was compared with. */
export interface ChangedProduct {
  id: string
  entity: Entity
  record: CommerceRecord | undefined
  before: CommerceRecord | undefined
  revision: number
  modifiedAt: number
}

/**
 * What watchers may have to be told of, whatever they see of it: offers that changed for the better, and the times at which prices that are known already begin or end.
 * `now` = what a product that was never seen shows of earlier times is history.
 */
export const offerChanges = (changed: readonly ChangedProduct[], now: number): Offers =>
  changed.flatMap(({ record, before, entity, id, revision, modifiedAt }) => {
    if (entity !== 'product') return []
    const after = record?.entity === 'product' && record.published ? record : undefined
    const known = before?.entity === 'product' ? before : undefined
    return [
      ...(after === undefined || known === undefined ? [] : transitions(known, after, revision, modifiedAt)),
      ...scheduled(id, known, after, known === undefined ? now : modifiedAt),
    ]
  })

const bySku = (product: Product | undefined): Map<string, Variant> =>
  new Map(
    (product?.variants ?? []).flatMap((variant) => (variant.sku === undefined ? [] : [[variant.sku, { ...variant, sku: variant.sku }]])),
  )

const offerOf = ({ prices, stock, stockByChannel }: Variant): Offer => ({ prices, stock, stockByChannel })

const transitions = (before: Product, after: Product, revision: number, at: number): Offers => {
  const previous = bySku(before)
  return [...bySku(after)].flatMap(([sku, variant]) => {
    const old = previous.get(sku)
    if (old === undefined || !(mayBeCheaper(old.prices, variant.prices) || mayBeBack(old, variant))) return []
    const body: ChangedOffer = { product: after.id, sku, before: offerOf(old), beforeAt: at, after: offerOf(variant) }
    // Each change that was seen is one of its own.
    return [{ id: `${after.id}:${revision}:${sku}`, at, body: JSON.stringify(body), position: null }]
  })
}

const mayBeCheaper = (before: readonly Price[], after: readonly Price[]): boolean =>
  JSON.stringify(before) !== JSON.stringify(after) &&
  after.some((price) =>
    before.some((old) => old.value.currency === price.value.currency && compareMoney(amountOf(price), amountOf(old)) < 0),
  )

const mayBeBack = (before: Offer, after: Offer): boolean =>
  isBack(before.stock, after.stock) ||
  Object.entries(after.stockByChannel ?? {}).some(([channel, stock]) => isBack(before.stockByChannel?.[channel] ?? 0, stock))

/** Whether there is some of what there was none of. What is not tracked is neither. */
export const isBack = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && before <= 0 && after !== undefined && after > 0

/** The times from `from` on at which prices begin or end; those that are no more are forgotten. */
const scheduled = (product: string, before: Product | undefined, after: Product | undefined, from: number): Offers => {
  const idOf = (sku: string, at: number): string => `${product}:at:${at}:${sku}`
  const gone = [...bySku(before)].flatMap(([sku, { prices }]) =>
    boundariesOf(prices, from).map((at) => ({ id: idOf(sku, at), body: null })),
  )
  const ahead = [...bySku(after)].flatMap(([sku, variant]) =>
    boundariesOf(variant.prices, from).map((at) => {
      const offer = offerOf(variant)
      const body: ChangedOffer = { product, sku, before: offer, beforeAt: at - 1, after: offer }
      return { id: idOf(sku, at), at, body: JSON.stringify(body), position: null }
    }),
  )
  return [...gone, ...ahead]
}

const boundariesOf = (prices: readonly Price[], from: number): number[] => [
  ...new Set(
    prices
      .flatMap(({ validFrom, validUntil }) => [boundary(validFrom), boundary(validUntil)])
      .flatMap((at) => (at === undefined || at <= from ? [] : [at])),
  ),
]
