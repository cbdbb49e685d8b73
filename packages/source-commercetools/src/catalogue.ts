import type { SourceContext } from '@millrace/core'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { StoreFacts } from './product.ts'
import type { Workshop } from './reader.ts'

/** Facts about the whole catalogue, read once in five minutes. */
export interface Catalogue {
  /** In the modular catalogue (beta) variants are resources of their own: `masterVariant` is absent and `variants` empty. */
  isModular(ctx: SourceContext): Promise<boolean>
  /** The stores that product addresses are made for; none where the template has no `{store}`. */
  stores(ctx: SourceContext): Promise<readonly StoreFacts[]>
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
export const createCatalogue = ({ transport, platform, settings }: Pick<Workshop, 'transport' | 'platform' | 'settings'>): Catalogue => ({
  isModular: remembered(
    async (ctx) => (await transport.send(platform.project(), 'the project settings', ctx)).body.productCatalogModel === 'Modular',
  ),
  stores: remembered(async (ctx) => {
    if (!settings.productUrl?.includes('{store}')) return []
    const found: StoreFacts[] = []
    for await (const { rows } of keyset(
      transport,
      { listing: platform.stores, mode: 'full', conditions: [], after: {}, size: createPageSize(500) },
      ctx,
    )) {
      found.push(...rows.map(({ key, languages }) => ({ key, languages: languages ?? [] })))
    }
    return settings.stores.length === 0 ? found : found.filter(({ key }) => settings.stores.includes(key))
  }),
})
