import type { Store } from '@commercetools/platform-sdk'
import type { SourceContext } from '@millrace/core'
import { keyset } from './keyset.ts'
import type { Lookups } from './lookups.ts'
import { createPageSize } from './page-size.ts'
import type { StoreFacts } from './product.ts'
import type { Workshop } from './reader.ts'

/** Keys (ids where they may not be read) of the channels that prices and stock of a store come from. */
export interface StoreChannels {
  prices: readonly string[]
  supply: readonly string[]
}

/** Facts about the whole catalogue, read once in five minutes. */
export interface Catalogue {
  /** In the modular catalogue (beta) variants are resources of their own: `masterVariant` is absent and `variants` empty. */
  isModular(ctx: SourceContext): Promise<boolean>
  /** The languages of the project. */
  languages(ctx: SourceContext): Promise<readonly string[]>
  /** The stores that product addresses are made for; none where the template has no `{store}`. */
  stores(ctx: SourceContext): Promise<readonly StoreFacts[]>
  /** The channels of every store, by its key. */
  channels(lookups: Pick<Lookups, 'load' | 'names'>, ctx: SourceContext): Promise<ReadonlyMap<string, StoreChannels>>
}

const ttlMs = 300_000

const remembered = <T>(fetch: (ctx: SourceContext) => Promise<T>): ((ctx: SourceContext) => Promise<T>) => {
  let held: { value: T; until: number } | undefined
  return async (ctx) => {
    if (held !== undefined && ctx.clock.monotonic() < held.until) return held.value
    const value = await fetch(ctx)
    held = { value, until: ctx.clock.monotonic() + ttlMs }
    return value
  }
}

/** Reads the project and its stores with the workshop's transport. */
export const createCatalogue = ({ transport, platform, settings }: Pick<Workshop, 'transport' | 'platform' | 'settings'>): Catalogue => {
  const project = remembered(async (ctx) => (await transport.send(platform.project(), 'the project settings', ctx)).body)
  const stores = remembered(async (ctx) => {
    const found: Store[] = []
    const request = { listing: platform.stores, mode: 'full' as const, conditions: [], after: {}, size: createPageSize(500) }
    for await (const { rows } of keyset(transport, request, ctx)) found.push(...rows)
    return found
  })
  return {
    isModular: async (ctx) => (await project(ctx)).productCatalogModel === 'Modular',
    languages: async (ctx) => (await project(ctx)).languages,
    stores: async (ctx) => {
      if (!settings.productUrl?.includes('{store}')) return []
      const found = (await stores(ctx)).map(({ key, languages }) => ({ key, languages: languages ?? [] }))
      return settings.stores.length === 0 ? found : found.filter(({ key }) => settings.stores.includes(key))
    },
    channels: async ({ load, names }, ctx) => {
      const all = await stores(ctx)
      const ids = ({ id }: { id: string }): string => id
      await load(
        { channels: all.flatMap((store) => [...(store.distributionChannels ?? []), ...(store.supplyChannels ?? [])].map(ids)) },
        ctx,
      )
      const keys = (channels: readonly { id: string }[] = []): string[] => channels.map(({ id }) => names.channel(id) ?? id)
      return new Map(
        all.map(({ key, distributionChannels, supplyChannels }) => [
          key,
          { prices: keys(distributionChannels), supply: keys(supplyChannels) },
        ]),
      )
    },
  }
}
