import type { HttpReply } from '../../http/index.ts'
import { isGranted } from '../contacts/consent.ts'
import { contactOfBody } from '../contacts/identity.ts'
import { limits, marketingConsent, transactionalTypes } from '../crm-schema.ts'
import { iso } from '../crm.ts'
import { refuseAt } from '../problem.ts'
import type { Route, RouteContext } from '../route.ts'
import { readCloudEvent } from './activity.ts'

function put({ crm, params, body }: RouteContext): HttpReply {
  const event = readCloudEvent(body)
  if (event.id !== params['eventId']) refuseAt('activity-id-of-path', 'validation', '/id', 'differs_from_path')
  if (Date.parse(event.time) > crm.now() + limits.clockToleranceSeconds * 1000) {
    refuseAt('activity-not-from-the-future', 'validation', '/time', 'in_the_future')
  }
  const contact = contactOfBody(crm, event.subject, '/subject')
  // What happened has happened: the first envelope of an id stays as it is.
  if (crm.activities.has(event.id)) return { status: 200, body: { id: event.id } }
  const isTransactional = transactionalTypes.some((prefix) => event.type.startsWith(prefix))
  const wanted = { channel: event.channel ?? marketingConsent.channel, purpose: event.purpose ?? marketingConsent.purpose }
  if (!isTransactional && !isGranted(contact, wanted)) refuseAt('activity-needs-consent', 'consent_required', '/type', 'marketing')
  crm.activities.set(event.id, { ...event, contactId: contact.id, receivedAt: iso(crm.now()) })
  return { status: 201, body: { id: event.id } }
}

/** `/activities`. */
export const activityRoutes: readonly Route[] = [
  { method: 'PUT', path: '/activities/{eventId}', scope: 'activities:write', contentType: 'application/cloudevents+json', handle: put },
]
