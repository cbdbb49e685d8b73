import { isMillraceError, MillraceError, type Destination, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { createAccountSource, type Account } from './account.ts'
import { applyChanges } from './apply.ts'
import { archiveInputs } from './archive.ts'
import { checkAccount } from './check.ts'
import { collectImports } from './collect.ts'
import { consentChanges } from './consent-changes.ts'
import { consentOf } from './consent-of.ts'
import { defaultContract } from './default-contract/index.ts'
import { deliverCarts } from './deliver-carts.ts'
import { deliverContacts } from './deliver-contacts.ts'
import { deliverEvents } from './deliver-events.ts'
import { deliverOrders } from './deliver-orders.ts'
import { deliverSubscriptions } from './deliver-subscriptions.ts'
import { describeAccount } from './describe.ts'
import { erasePeople } from './erase.ts'
import { estimateRequests } from './estimate.ts'
import { findObjects } from './find.ts'
import { listObjects, readObjects } from './list.ts'
import { objects } from './objects.ts'
import { failed } from './outcome.ts'
import { planAccount } from './plan.ts'
import { resolveSettings, type ActiveCampaignSettings } from './settings.ts'

/**
 * ActiveCampaign as a destination: contacts with fields, tags and lists, consent as list statuses, orders through the e-commerce GraphQL API, abandoned carts
 * through Deep Data, and events. State is kept once by e-mail address and our own keys. Throws MillraceError `setting_invalid`.
 */
export const activecampaign = (settings: ActiveCampaignSettings): Destination => {
  const resolved = resolveSettings(settings)
  const accounts = createAccountSource(resolved)
  return {
    specificationVersion: 'v1',
    name: 'activecampaign',
    objects,
    limits: { deliver: { contact: 1_000, subscription: 1_000, order: 1_000, cart: 50, event: 50 }, find: 1_000 },
    delivery: { contact: 'upsert', subscription: 'upsert', order: 'upsert', cart: 'upsert', event: 'at-most-once' },
    defaultContract: defaultContract(resolved),
    deliver: (inputs, ctx) => deliver(accounts.open(ctx), inputs, ctx),
    check: (ctx, depth) => checkAccount(accounts.open(ctx), ctx, depth),
    describe: (ctx) => describeAccount(accounts.open(ctx), ctx),
    plan: (ctx) => planAccount(accounts.open(ctx), ctx),
    apply: (changes, ctx) => applyChanges(accounts.open(ctx), changes, ctx),
    find: (query, ctx) => findObjects(accounts.open(ctx), query, ctx),
    list: (query, ctx) => listObjects(accounts.open(ctx), query, ctx),
    read: (query, ctx) => readObjects(accounts.open(ctx), query, ctx),
    consentOf: (people, ctx) => consentOf(accounts.open(ctx), people, ctx),
    consentChanges: (cursor, ctx) => consentChanges(accounts.open(ctx), cursor, ctx),
    erase: (people, ctx) => erasePeople(accounts.open(ctx), people, ctx),
    collect: (tickets, ctx) => collectImports(accounts.open(ctx), tickets, ctx),
    estimate: estimateRequests,
    usage: () => accounts.usage(),
    close: async () => accounts.close(),
  }
}

type Deliver = (account: Account, inputs: readonly Input[], ctx: DestinationContext) => AsyncIterable<Outcome[]>

const byObject: Readonly<Record<string, Deliver>> = {
  // Consent first: an opt-out waits for nothing.
  subscription: deliverSubscriptions,
  contact: deliverContacts,
  order: deliverOrders,
  cart: deliverCarts,
  event: deliverEvents,
}

const deliverObject = (object: string): Deliver => {
  const known = Object.hasOwn(byObject, object) ? byObject[object] : undefined
  if (known !== undefined) return known
  throw new MillraceError({ code: 'object_unknown', scope: 'destination', message: `ActiveCampaign has no object "${object}".` })
}

/** Failures that somebody may just have mended in the account: what is known of it is read again for the next call. */
const mayBeOutdated: ReadonlySet<string> = new Set(['property_missing', 'option_unknown', 'list_unknown'])

async function* deliver(account: Account, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const settled = new Set<string>()
  const note = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes) {
      settled.add(outcome.unit)
      if (outcome.result === 'failed' && mayBeOutdated.has(outcome.error.code)) {
        account.schema.forget()
        account.lists.forget()
      }
    }
  }
  try {
    for (const [object, group] of Map.groupBy(inputs, (input) => input.object)) {
      const { archive = [], upsert = [] } = Object.groupBy(group, (input) => input.operation)
      for await (const outcomes of archiveInputs(account, archive, ctx)) {
        note(outcomes)
        yield outcomes
      }
      if (upsert.length === 0) continue
      for await (const outcomes of deliverObject(object)(account, upsert, ctx)) {
        note(outcomes)
        yield outcomes
      }
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    const rest = inputs.filter((input) => !settled.has(input.unit)).map((input) => failed(input, error))
    note(rest)
    if (rest.length > 0) yield rest
  }
}
