import type { ConnectedDestination } from '@millrace/adapter-kit'
import type { DestinationContext, Input, Outcome } from '@millrace/core'
import { objectOf, type Api } from '../api.ts'
import { checkCrm } from './check.ts'
import { deliverActivities } from './deliver-activities.ts'
import { deliverConsent } from './deliver-consent.ts'
import { deliverContacts } from './deliver-contacts.ts'
import { deliverSnapshots } from './deliver-snapshots.ts'
import { eraseContacts } from './erase-contacts.ts'
import { describeCrm, planCrm } from './plan.ts'
import { findContacts, listOwn, readObjects } from './read-contacts.ts'
import { consentChangesOf, consentOfPeople } from './read-consent.ts'

const deliverObject = (api: Api, object: string, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> => {
  switch (objectOf(api, object).from) {
    case 'person':
      return deliverContacts(api, inputs, ctx)
    case 'consent':
      return deliverConsent(api, inputs, ctx)
    case 'event':
      return deliverActivities(api, inputs, ctx)
    default:
      return deliverSnapshots(api, object, inputs, ctx)
  }
}

async function* deliver(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const [object, group] of Map.groupBy(inputs, (input) => input.object)) yield* deliverObject(api, object, group, ctx)
}

/** What a CRM can be asked for that upserts by our key over REST. Members whose capability the dialect declares missing are absent. */
export const upsertDestination = (api: Api): ConnectedDestination => {
  const { capabilities, operations, reconcile } = api.dialect
  return {
    deliver: (inputs, ctx) => deliver(api, inputs, ctx),
    find: (query, ctx) => findContacts(api, query, ctx),
    read: (query, ctx) => readObjects(api, query, ctx),
    ...(operations.schema === undefined
      ? {}
      : {
          check: (ctx: DestinationContext, depth: 'quick' | 'full') => checkCrm(api, ctx, depth),
          plan: (ctx: DestinationContext) => planCrm(api, ctx),
          describe: (ctx: DestinationContext) => describeCrm(api, ctx),
        }),
    ...(reconcile === undefined
      ? {}
      : { list: (query: Parameters<typeof listOwn>[1], ctx: DestinationContext) => listOwn(api, query, ctx) }),
    ...(capabilities.consent
      ? {
          consentOf: (people: Parameters<typeof consentOfPeople>[1], ctx: DestinationContext) => consentOfPeople(api, people, ctx),
          ...(reconcile === undefined
            ? {}
            : { consentChanges: (cursor: string | undefined, ctx: DestinationContext) => consentChangesOf(api, cursor, ctx) }),
        }
      : {}),
    ...(capabilities.erase
      ? { erase: (people: Parameters<typeof eraseContacts>[1], ctx: DestinationContext) => eraseContacts(api, people, ctx) }
      : {}),
  }
}
