import { markCredential } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type Destination, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { applyChanges } from './apply.ts'
import { archiveInputs } from './archive.ts'
import { consentChanges } from './consent-changes.ts'
import { consentOfPeople } from './consent-status.ts'
import { checkPortal, failureFinding } from './check.ts'
import { defaultContract } from './default-contract/index.ts'
import { deliverEvents } from './deliver-events.ts'
import { deliverConsent } from './deliver-consent.ts'
import { deliverOrders } from './deliver-orders.ts'
import { deliverRecords, unwritten } from './deliver-records.ts'
import { describePortal } from './describe.ts'
import { erasePeople } from './erase.ts'
import { estimateRequests } from './estimate.ts'
import { maxEvents } from './event-definitions.ts'
import { findObjects } from './find.ts'
import { listOwn } from './list.ts'
import { objectsOf } from './objects.ts'
import { planPortal } from './plan.ts'
import { createPortalSource, type Portal, type PortalSource } from './portal.ts'
import { readFields } from './read-fields.ts'
import { readParents } from './read-parents.ts'
import { resolveSettings, type HubSpotSettings, type Settings } from './settings.ts'
import { targetOf } from './target.ts'

/**
 * HubSpot as a destination: contacts, companies, products, and orders as deals or HubSpot orders with line items and associations. State is kept exactly once by
 * our own unique keys. Throws MillraceError `setting_invalid`.
 */
export const hubspot = (settings: HubSpotSettings): Destination => {
  const resolved = resolveSettings(settings)
  const portals = createPortalSource(resolved)
  const order = resolved.orders === 'deals' ? 'deal' : 'order'
  return {
    specificationVersion: 'v1',
    name: 'hubspot',
    objects: objectsOf(resolved),
    limits: {
      deliver: { contact: 1_000, subscription: 500, company: 1_000, product: 1_000, [order]: 1_000, cart: 1_000, event: maxEvents },
      find: 1_000,
    },
    delivery: {
      contact: 'upsert',
      subscription: 'upsert',
      company: 'upsert',
      product: 'upsert',
      [order]: 'upsert',
      cart: 'upsert',
      event: 'at-most-once',
    },
    defaultContract: defaultContract(resolved),
    deliver: (inputs, ctx) => deliver(portals, resolved, inputs, ctx),
    async check(ctx, depth) {
      try {
        return await checkPortal(await portals.open(ctx), resolved, ctx, depth)
      } catch (error) {
        if (isMillraceError(error)) return [failureFinding(error, ctx.connection)]
        throw error
      }
    },
    describe: async (ctx) => describePortal(await portals.open(ctx), ctx),
    plan: async (ctx) => planPortal(await portals.open(ctx), resolved, ctx),
    apply: async (changes, ctx) => applyChanges(await portals.open(ctx), changes, ctx),
    find: async (query, ctx) => findObjects(await portals.open(ctx), query, ctx),
    async *list(query, ctx) {
      yield* listOwn(await portals.open(ctx), query, ctx)
    },
    read: async (query, ctx) => readFields(await portals.open(ctx), query, ctx),
    parentsOf: async (query, ctx) => readParents(await portals.open(ctx), query, ctx),
    consentOf: async (people, ctx) => consentOfPeople(await portals.open(ctx), people, ctx),
    async *consentChanges(cursor, ctx) {
      yield* consentChanges(await portals.open(ctx), cursor, ctx)
    },
    async *erase(people, ctx) {
      yield* erasePeople(await portals.open(ctx), people, ctx)
    },
    estimate: estimateRequests,
    budgets: portals.budgets,
    credentialMark: (seal) => markCredential(resolved.accessToken, seal),
    usage: () => portals.usage(),
    close: async () => portals.close(),
  }
}

/** Failures that somebody may just have mended in HubSpot: what is known of the portal is read again for the next call. */
const mayBeOutdated: ReadonlySet<string> = new Set([
  'property_missing',
  'event_not_defined',
  'property_read_only',
  'key_not_unique',
  'option_unknown',
  'pipeline_missing',
  'stage_missing',
  'currency_not_enabled',
  'list_missing',
])

async function* deliver(
  portals: PortalSource,
  settings: Settings,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  const settled = new Set<string>()
  let portal: Portal | undefined
  const note = (outcomes: readonly Outcome[]): readonly Outcome[] => {
    if (outcomes.some((outcome) => outcome.result === 'failed' && mayBeOutdated.has(outcome.error.code))) portal?.forgetSchema()
    return outcomes
  }
  try {
    portal = await portals.open(ctx)
    for (const [object, group] of Map.groupBy(inputs, (input) => input.object)) {
      for await (const outcomes of deliverObject(portal, settings, object, group, ctx)) {
        for (const outcome of note(outcomes)) settled.add(outcome.unit)
        yield outcomes
      }
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    // Everything is found by key, so what may have been written meanwhile is written again and not doubled.
    const rest = inputs.filter((input) => !settled.has(input.unit))
    const failed = rest.map((input) => unwritten({ input, result: 'failed', error }))
    note(failed)
    if (failed.length > 0) yield failed
  }
}

async function* deliverObject(
  portal: Portal,
  settings: Settings,
  object: string,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  if (object === 'event') return yield* deliverEvents(portal, settings, inputs, ctx)
  if (object === 'subscription') return yield* deliverConsent(portal, inputs, ctx)
  const target = targetOf(object)
  if (target === undefined) {
    throw new MillraceError({ code: 'object_unknown', scope: 'destination', message: `HubSpot has no object "${object}".` })
  }
  const { archive = [], upsert = [] } = Object.groupBy(inputs, (input) => input.operation)
  if (archive.length > 0) yield await archiveInputs(portal, target, archive, ctx)
  if (upsert.length === 0) return
  const isOrder = object === 'deal' || object === 'order' || object === 'cart'
  yield* isOrder
    ? deliverOrders(portal, target, upsert, { eachStage: settings.stageHistory === 'each' }, ctx)
    : deliverRecords(portal, target, upsert, ctx)
}
