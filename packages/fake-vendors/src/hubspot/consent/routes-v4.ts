import type { HttpReply } from '../../http/index.ts'
import { inputsOf, objectBody, requiredString } from '../body.ts'
import { batchError, refuse, Refusal } from '../errors.ts'
import { batchReply } from '../objects/batch.ts'
import type { Portal } from '../portal.ts'
import { iso, ok, type Route, type RouteContext } from '../route.ts'
import { featureScopes } from '../scopes.ts'
import type { ConsentEntry, SubscriptionDefinition } from './book.ts'
import { applyStatus, checkChannel, effective, readAddress, readStatusWrite, type SuccessReason } from './write.ts'

const batchCap = 100

function statusView(email: string, definition: SubscriptionDefinition, entry: ConsentEntry, reason?: SuccessReason): object {
  return {
    channel: 'EMAIL',
    source: 'API',
    status: entry.status,
    subscriberIdString: email,
    subscriptionId: Number(definition.id),
    subscriptionName: definition.name,
    timestamp: iso(entry.at),
    ...(entry.legalBasis !== undefined && { legalBasis: entry.legalBasis }),
    ...(entry.legalBasisExplanation !== undefined && { legalBasisExplanation: entry.legalBasisExplanation }),
    ...(reason !== undefined && { setStatusSuccessReason: reason }),
  }
}

function statuses(portal: Portal, email: string, reason?: SuccessReason): object[] {
  return [...portal.consent.definitions.values()].map((definition) =>
    statusView(email, definition, effective(portal, email, definition.id), reason),
  )
}

function complete(portal: Portal, results: readonly object[]): HttpReply {
  const at = iso(portal.settings.now())
  return ok({ status: 'COMPLETE', results, startedAt: at, completedAt: at })
}

function read({ portal, params, query }: RouteContext): HttpReply {
  checkChannel(query.get('channel'))
  return complete(portal, statuses(portal, readAddress(portal, params['email'] ?? '')))
}

function write(context: RouteContext): HttpReply {
  const { portal, params } = context
  return complete(portal, [written(portal, params['email'] ?? '', objectBody(context))])
}

function written(portal: Portal, email: string, body: Record<string, unknown>): object {
  const change = readStatusWrite(portal, email, body)
  const reason = applyStatus(portal, change)
  return statusView(change.email, change.subscription, portal.consent.status(change.email, change.subscription.id), reason)
}

/** POST unsubscribe-all: 200. Overrules every single status until somebody is subscribed again. */
function unsubscribeAll({ portal, params, query }: RouteContext): HttpReply {
  checkChannel(query.get('channel'))
  const email = readAddress(portal, params['email'] ?? '')
  return complete(portal, leaveAll(portal, email))
}

function leaveAll(portal: Portal, email: string): object[] {
  const at = portal.settings.now()
  portal.consent.optedOutOfAll.set(email, at)
  for (const id of portal.consent.definitions.keys()) portal.consent.set(email, id, { status: 'UNSUBSCRIBED', at })
  return statuses(portal, email, 'UNSUBSCRIBE_FROM_ALL_OCCURRED')
}

function readAll({ portal, params, query }: RouteContext): HttpReply {
  checkChannel(query.get('channel'))
  const email = readAddress(portal, params['email'] ?? '')
  const status = portal.consent.optedOutOfAll.has(email) ? 'UNSUBSCRIBED' : 'NOT_SPECIFIED'
  return complete(portal, [
    { channel: 'EMAIL', subscriberIdString: email, wideStatusType: 'PORTAL_WIDE', status, timestamp: iso(portal.settings.now()) },
  ])
}

/** Runs a batch endpoint: an Enterprise feature; each input may fail alone. */
function batch(context: RouteContext, run: (input: Record<string, unknown>) => object): HttpReply {
  const { portal } = context
  if (portal.settings.tier !== 'enterprise') {
    refuse({
      rule: 'consent-batch-enterprise',
      status: 403,
      category: 'BANNED',
      message: 'Batch subscription status calls need Marketing Hub Enterprise.',
    })
  }
  const startedAt = portal.settings.now()
  const results: object[] = []
  const errors: object[] = []
  for (const input of inputsOf(context, batchCap, 'consent-batch-cap')) {
    const id = requiredString(input, 'subscriberIdString')
    try {
      results.push(run(input))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push(batchError({ ...error.content, context: { subscriberIdString: [id] } }, undefined, true))
    }
  }
  return batchReply(portal, startedAt, 200, results, errors)
}

function batchWrite(context: RouteContext): HttpReply {
  return batch(context, (input) => written(context.portal, requiredString(input, 'subscriberIdString'), input))
}

const readScopes = (): readonly string[] => featureScopes.consentRead
const writeScopes = (): readonly string[] => featureScopes.consentWrite
const base = 'communication-preferences/statuses'

/** Endpoints of communication preferences in version 4 and the dated one. */
export const consentV4Routes: readonly Route[] = [
  { legacy: 'v4', method: 'GET', path: `${base}/:email`, scopes: readScopes, handle: read },
  { legacy: 'v4', method: 'POST', path: `${base}/:email`, scopes: writeScopes, handle: write },
  { legacy: 'v4', method: 'GET', path: `${base}/:email/unsubscribe-all`, scopes: readScopes, handle: readAll },
  { legacy: 'v4', method: 'POST', path: `${base}/:email/unsubscribe-all`, scopes: writeScopes, handle: unsubscribeAll },
  { legacy: 'v4', method: 'POST', path: `${base}/batch/write`, scopes: () => featureScopes.consentBatch, handle: batchWrite },
]
