import type { HttpReply } from '../../http/index.ts'
import { objectBody, requiredString } from '../body.ts'
import { invalid } from '../errors.ts'
import { iso, ok, type Route, type RouteContext } from '../route.ts'
import { featureScopes } from '../scopes.ts'
import type { ConsentEntry, SubscriptionDefinition } from './book.ts'
import { effective, readAddress, readLegalBasis, readSubscription } from './write.ts'

function statusView(
  { id, name, description }: SubscriptionDefinition,
  { status, legalBasis, legalBasisExplanation }: ConsentEntry,
): object {
  return {
    id,
    name,
    description,
    status: status === 'SUBSCRIBED' ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
    sourceOfStatus: 'SUBSCRIPTION_STATUS',
    ...(legalBasis !== undefined && { legalBasis }),
    ...(legalBasisExplanation !== undefined && { legalBasisExplanation }),
  }
}

/** GET definitions: 200. The dated version wraps them in `results`. */
function definitions({ portal, version }: RouteContext): HttpReply {
  const at = iso(0)
  const all = [...portal.consent.definitions.values()].map((definition) => ({
    ...definition,
    isActive: true,
    isDefault: true,
    isInternal: false,
    purpose: 'Marketing',
    communicationMethod: 'Email',
    createdAt: at,
    updatedAt: at,
  }))
  return ok(version === 'v3' ? { subscriptionDefinitions: all } : { status: 'COMPLETE', results: all, startedAt: at, completedAt: at })
}

/** POST subscribe and unsubscribe: 200. Who unsubscribed cannot be subscribed again. */
function change(context: RouteContext, status: 'SUBSCRIBED' | 'UNSUBSCRIBED'): HttpReply {
  const { portal } = context
  const body = objectBody(context)
  const email = readAddress(portal, requiredString(body, 'emailAddress'))
  const subscription = readSubscription(portal, requiredString(body, 'subscriptionId'))
  const basis = readLegalBasis(portal, body)
  const before = effective(portal, email, subscription.id)
  if (before.status === 'UNSUBSCRIBED' && status === 'SUBSCRIBED') {
    invalid('consent-v3-no-resubscribe', `Subscription ${subscription.id} for ${email} cannot be updated because they have unsubscribed`)
  }
  if (before.status === status) {
    invalid(
      'consent-v3-repeat',
      `Subscription ${subscription.id} for ${email} is already ${status === 'SUBSCRIBED' ? 'subscribed' : 'unsubscribed'}`,
    )
  }
  const entry: ConsentEntry = { status, at: portal.settings.now(), ...basis }
  portal.consent.set(email, subscription.id, entry)
  return ok(statusView(subscription, entry))
}

function read({ portal, params }: RouteContext): HttpReply {
  const email = readAddress(portal, params['email'] ?? '')
  const subscriptionStatuses = [...portal.consent.definitions.values()].map((definition) =>
    statusView(definition, effective(portal, email, definition.id)),
  )
  return ok({ recipient: email, subscriptionStatuses })
}

const readScopes = (): readonly string[] => featureScopes.consentRead
const writeScopes = (): readonly string[] => featureScopes.consentWrite

/** Endpoints of communication preferences in version 3, and the definitions of all versions. */
export const consentV3Routes: readonly Route[] = [
  { legacy: 'v3+v4', method: 'GET', path: 'communication-preferences/definitions', scopes: readScopes, handle: definitions },
  { legacy: 'v3', dated: false, method: 'GET', path: 'communication-preferences/status/email/:email', scopes: readScopes, handle: read },
  {
    legacy: 'v3',
    dated: false,
    method: 'POST',
    path: 'communication-preferences/subscribe',
    scopes: writeScopes,
    handle: (context) => change(context, 'SUBSCRIBED'),
  },
  {
    legacy: 'v3',
    dated: false,
    method: 'POST',
    path: 'communication-preferences/unsubscribe',
    scopes: writeScopes,
    handle: (context) => change(context, 'UNSUBSCRIBED'),
  },
]
