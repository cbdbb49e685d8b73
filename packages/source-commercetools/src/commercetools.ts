import { markCredential } from '@millrace/adapter-kit'
import { type Change, type Entity, MillraceError, type Source, type SourceContext } from '@millrace/core'
import { checkSource } from './check.ts'
import { countRecords } from './count.ts'
import { decodeCursor } from './cursor.ts'
import { decodeNotification } from './decode-notification.ts'
import { describeFields } from './described-fields.ts'
import { fetchNotices } from './fetch-notices.ts'
import { createLookups } from './lookups.ts'
import { createPlatform } from './platform.ts'
import { createCartReader } from './read-carts.ts'
import { createCategoryReader } from './read-categories.ts'
import { createCompanyReader } from './read-companies.ts'
import { createCustomerReader } from './read-customers.ts'
import { createOrderReader } from './read-orders.ts'
import { createProductReader } from './read-products.ts'
import { createShoppingListReader } from './read-shopping-lists.ts'
import { createReadStamp, type Reader, type Stream, type Workshop } from './reader.ts'
import { type CommercetoolsSettings, resolveSettings } from './settings.ts'
import { applySubscription, planSubscription } from './subscription.ts'
import { createTransport } from './transport.ts'
import { waitForVersion } from './wait-for-version.ts'

const createReaders = (workshop: Workshop): Map<Entity, Reader> => {
  const { carts, shoppingLists, companies, companyRule } = workshop.settings
  return new Map<Entity, Reader>([
    ['category', createCategoryReader(workshop)],
    ['product', createProductReader(workshop)],
    ...(companies || companyRule !== 'none' ? [['company', createCompanyReader(workshop)] as const] : []),
    ['customer', createCustomerReader(workshop)],
    ['order', createOrderReader(workshop)],
    ...(carts ? [['cart', createCartReader(workshop)] as const] : []),
    ...(shoppingLists === undefined ? [] : [['shopping-list', createShoppingListReader(workshop, shoppingLists)] as const]),
  ])
}

/** The streams from the one that the cursor is in; a stream that no longer exists (settings changed) means reading from the start. */
const from = (
  streams: readonly Stream[],
  cursor: string | undefined,
): { streams: readonly Stream[]; after: { id?: string; at?: string } } => {
  if (cursor === undefined) return { streams, after: {} }
  const { stream, ...after } = decodeCursor(cursor)
  const index = streams.findIndex(({ name }) => name === stream)
  return index === -1 ? { streams, after: {} } : { streams: streams.slice(index), after }
}

/**
 * A commercetools project as a source: categories, products, business units, customers, orders with their payments and, if wanted, carts and shopping lists. Reads only; but for its own subscription, which `apply` makes where the settings name one.
 * Throws MillraceError `setting_invalid`, naming the setting. Everything else is found by `check`.
 */
export const commercetools = (given: CommercetoolsSettings): Source => {
  const settings = resolveSettings(given)
  const transport = createTransport(settings)
  const platform = createPlatform(settings)
  const lookups = createLookups(transport, platform, settings)
  const readers = createReaders({ settings, transport, platform, lookups, readStamp: createReadStamp() })

  const readerOf = (entity: Entity): Reader => {
    const reader = readers.get(entity)
    if (reader !== undefined) return reader
    throw new MillraceError({
      code: 'source_entity_unknown',
      message: `The commercetools source does not read records of kind ${entity}.`,
      scope: 'destination',
    })
  }

  return {
    specificationVersion: 'v1',
    name: 'commercetools',
    entities: [...readers.keys()],
    versioning: 'parts',
    settleMs: settings.settleMs,
    overlapMs: settings.overlapMs,
    check: (ctx) => checkSource({ settings, transport, platform }, ctx),
    now: async (ctx) => (await transport.serverTime(platform.project(), 'the project', ctx)) ?? ctx.clock.now(),
    read: async function* (entity, window, ctx) {
      const { streams, after } = from(await readerOf(entity).streams(window, ctx), window.cursor)
      for (const [index, stream] of streams.entries()) yield* stream.read(window, index === 0 ? after : {}, ctx)
    },
    get: (entity: Entity, id: string, ctx: SourceContext, atLeast?: Record<string, number>): Promise<Change | undefined> => {
      const reader = readerOf(entity)
      return waitForVersion(() => reader.get(id, ctx), atLeast, ctx)
    },
    describe: (ctx) => describeFields({ transport, platform }, ctx),
    plan: (ctx) => planSubscription({ settings, transport, platform }, ctx),
    apply: (changes, ctx) => applySubscription({ settings, transport, platform }, changes, ctx),
    decode: (payload) => decodeNotification(settings.projectKey, payload),
    fetch: (notices, ctx) => fetchNotices(readers, notices, ctx),
    credentialMark: (seal) => markCredential(settings.clientSecret, seal),
    ids: (entity, ctx) => readerOf(entity).ids(ctx),
    count: (entity, since, ctx) => countRecords({ transport, platform }, entity, since, ctx),
  }
}
