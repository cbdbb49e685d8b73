import type { InventoryEntry, Order, Product, StandalonePrice, Variant } from '@commercetools/platform-sdk'
import type { Change, ReadWindow, SourceContext } from '@millrace/core'
import { latest, toChange } from './change.ts'
import { type Condition, collect, keyset } from './keyset.ts'
import { categoryIdsOf } from './lookups.ts'
import { createPageSize } from './page-size.ts'
import type { Listing, Row } from './platform.ts'
import { type ProductParts, skusOf, toProduct, variantsOf } from './product.ts'
import { createCatalogue } from './catalogue.ts'
import { allOf, beforeWindow, locate, type Reader, type Stream, streamName, streamOf, type Workshop } from './reader.ts'
import { keepReferenced } from './referenced.ts'
import { text } from './values.ts'

const recordId = (row: Product): string => text(row.key) ?? row.id

const bySku = <T extends { sku: string }>(rows: readonly T[]): Map<string, T[]> => Map.groupBy(rows, ({ sku }) => sku)

const productOfVariant = (row: Variant): string => row.product.id

/** When prices and stock of a product changed: what no stamp of the product itself says. */
const stampsOf = (row: Product, variants: readonly Variant[] | undefined, parts: Pick<ProductParts, 'prices' | 'inventory'>): string[] =>
  skusOf(variantsOf(row, variants)).flatMap((sku) =>
    [...(parts.prices.get(sku) ?? []), ...(parts.inventory.get(sku) ?? [])].map(({ lastModifiedAt }) => lastModifiedAt),
  )

/** Products of these SKUs, whether the master variant or another one has it. */
const ofSkus = 'masterData(current(masterVariant(sku in :values) or variants(sku in :values)))'

/**
 * Products with their prices and stock. In a delta the products modified in the window come first, then those whose standalone prices, stock or (modular
 * catalogue) variants were. The version is the product's and the time of reading, see `createReadStamp`.
 */
export const createProductReader = (workshop: Workshop): Reader => {
  const { transport, platform, lookups, settings } = workshop
  const { products } = settings
  const catalogue = createCatalogue(workshop)
  const selected: Condition | undefined = typeof products === 'object' ? { where: [products.where] } : undefined

  const byIds = (ids: Iterable<string>, condition: Condition | undefined, ctx: SourceContext): Promise<Product[]> =>
    collect(
      transport,
      {
        listing: platform.products,
        condition: allOf({ where: ['id in :values'] }, condition, selected),
        values: ids,
        size: settings.pageSizes.product,
      },
      ctx,
    )

  const variantsFor = async (rows: readonly Product[], ctx: SourceContext): Promise<Map<string, Variant[]> | undefined> => {
    if (!(await catalogue.isModular(ctx))) return undefined
    const values = rows.map(({ id }) => id)
    return Map.groupBy(
      await collect(transport, { listing: platform.variants, condition: { where: ['product(id in :values)'] }, values }, ctx),
      productOfVariant,
    )
  }

  const join = async (rows: readonly Product[], ctx: SourceContext, date: number | undefined): Promise<Change[]> => {
    const readAt = workshop.readStamp(date, ctx)
    const variants = await variantsFor(rows, ctx)
    const ownVariants = (row: Product) => (variants === undefined ? undefined : (variants.get(row.id) ?? []))
    const skus = (candidates: readonly Product[]) => candidates.flatMap((row) => skusOf(variantsOf(row, ownVariants(row))))
    const standalone = rows.filter((row) => variants !== undefined || row.priceMode === 'Standalone')
    const prices = await collect(
      transport,
      { listing: platform.standalonePrices, condition: { where: ['sku in :values'] }, values: skus(standalone) },
      ctx,
    )
    const inventory = await collect(
      transport,
      { listing: platform.inventory, condition: { where: ['sku in :values'] }, values: skus(rows) },
      ctx,
    )
    const allPrices = [...prices, ...rows.flatMap((row) => variantsOf(row, ownVariants(row)).flatMap((variant) => variant.prices ?? []))]
    await lookups.load(
      {
        productTypes: rows.flatMap((row) => row.productType?.id ?? []),
        categories: rows.flatMap(categoryIdsOf),
        channels: [
          ...allPrices.flatMap((price) => price.channel?.id ?? []),
          ...inventory.flatMap(({ supplyChannel }) => supplyChannel?.id ?? []),
        ],
        groups: allPrices.flatMap((price) => price.customerGroup?.id ?? []),
      },
      ctx,
    )
    const stores = await catalogue.stores(ctx)
    const found: Pick<ProductParts, 'prices' | 'inventory'> = {
      prices: bySku<StandalonePrice>(prices),
      inventory: bySku<InventoryEntry>(inventory),
    }
    return rows.map((row) => {
      const own = ownVariants(row)
      return toChange({
        entity: 'product',
        id: recordId(row),
        version: { product: row.version, readAt },
        modifiedAt: latest(row.lastModifiedAt, ...stampsOf(row, own, found)),
        raw: row,
        map: () =>
          toProduct(row, { ...found, ...(own === undefined ? {} : { variants: own }) }, { names: lookups.names, stores, settings }),
      })
    })
  }

  const keepWanted = (rows: readonly Product[], ctx: SourceContext): Promise<readonly Product[]> =>
    products === 'referenced' ? keepReferenced(workshop, rows, ctx) : Promise.resolve(rows)

  const joinWanted = async (rows: readonly Product[], ctx: SourceContext, date: number | undefined): Promise<Change[]> =>
    join(await keepWanted(rows, ctx), ctx, date)

  /** Products found by way of another resource that was modified in the window. */
  const detour = <T extends Row>(
    name: string,
    listing: Listing<T>,
    find: (rows: readonly T[], ctx: SourceContext) => Promise<Product[]>,
  ): Stream =>
    streamOf(workshop, {
      name,
      listing,
      size: settings.pageSizes.product,
      changes: async (rows, ctx, date) => joinWanted(await find(rows, ctx), ctx, date),
    })

  const idsOfSkus = async (skus: readonly string[], before: Condition, ctx: SourceContext): Promise<Product[]> => {
    if (!(await catalogue.isModular(ctx))) {
      return collect(
        transport,
        {
          listing: platform.products,
          condition: allOf({ where: [ofSkus] }, before, selected),
          values: skus,
          size: settings.pageSizes.product,
        },
        ctx,
      )
    }
    const variants = await collect(
      transport,
      { listing: platform.variants, condition: { where: ['current(sku in :values)'] }, values: skus },
      ctx,
    )
    return byIds(variants.map(productOfVariant), before, ctx)
  }

  const detours = async (before: Condition, ctx: SourceContext): Promise<Stream[]> => {
    const modular = await catalogue.isModular(ctx)
    const ofVariants = detour('variants', platform.variants, (rows, inner) => byIds(rows.map(productOfVariant), before, inner))
    const ofPrices = detour('prices', platform.standalonePrices, (rows, inner) =>
      idsOfSkus(
        rows.map(({ sku }) => sku),
        before,
        inner,
      ),
    )
    const ofStock = detour('inventory', platform.inventory, (rows, inner) =>
      idsOfSkus(
        rows.map(({ sku }) => sku),
        before,
        inner,
      ),
    )
    const ofOrders = platform.orders.map((orders) =>
      detour(streamName('orders', orders.store), orders, (rows: readonly Order[], inner) =>
        byIds(
          rows.flatMap((order) => (order.lineItems ?? []).flatMap((line) => line.productId ?? [])),
          before,
          inner,
        ),
      ),
    )
    return [...(modular ? [ofVariants] : []), ofPrices, ofStock, ...(products === 'referenced' ? ofOrders : [])]
  }

  const own = streamOf(workshop, {
    name: 'products',
    listing: platform.products,
    size: settings.pageSizes.product,
    ...(selected === undefined ? {} : { condition: selected }),
    changes: joinWanted,
  })

  return {
    streams: async (window: ReadWindow, ctx: SourceContext) => {
      const before = beforeWindow(window)
      return [own, ...(before === undefined ? [] : await detours(before, ctx))]
    },
    get: async (id, ctx) => {
      const reply =
        (await transport.find(platform.products.byKey(id), 'products', ctx)) ??
        (await transport.find(platform.products.byId(id), 'products', ctx))
      if (reply === undefined || recordId(reply.body) !== id) return undefined
      const wanted = selected === undefined ? [reply.body] : await byIds([reply.body.id], undefined, ctx)
      return (await join(wanted, ctx, reply.date))[0]
    },
    byIds: async (ids, ctx) => {
      const rows = await keepWanted(await byIds(ids, undefined, ctx), ctx)
      return locate(rows, await join(rows, ctx, undefined))
    },
    ids: async function* (ctx) {
      const conditions = selected === undefined ? [] : [selected]
      const request = { listing: platform.products, mode: 'full' as const, conditions, after: {}, size: createPageSize(500) }
      for await (const { rows } of keyset(transport, request, ctx)) yield (await keepWanted(rows, ctx)).map(recordId)
    },
  }
}
