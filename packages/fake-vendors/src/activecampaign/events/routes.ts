import type { HttpReply } from '../../http/index.ts'
import { invalid, notFound } from '../errors.ts'
import { listReply } from '../paging.ts'
import { created, envelope, ok, requiredText, type Route, type RouteContext } from '../route.ts'

function setTracking(context: RouteContext): HttpReply {
  const { enabled } = envelope(context, 'eventTracking')
  context.account.eventTracking = enabled === true || enabled === 1 || enabled === '1'
  return status(context)
}

function status({ account }: RouteContext): HttpReply {
  return ok({ eventTracking: { enabled: account.eventTracking } })
}

function addName(context: RouteContext): HttpReply {
  const { account } = context
  const name = requiredText(envelope(context, 'eventTrackingEvent'), 'name')
  if (account.eventNames.has(name)) invalid('event-name-duplicate', 'The event already exists.', 'duplicate', 'name')
  account.eventNames.add(name)
  return created({ eventTrackingEvent: { name } })
}

function names({ account, query }: RouteContext): HttpReply {
  return listReply(query, 'eventTrackingEvents', [...account.eventNames], (name) => ({ name }))
}

function removeName({ account, params }: RouteContext): HttpReply {
  const name = params['name'] ?? ''
  if (!account.eventNames.delete(name)) notFound('EventTrackingEvent', name)
  return ok({})
}

/** Endpoints that configure event tracking. */
export const eventRoutes: readonly Route[] = [
  { method: 'PUT', path: 'eventTracking', handle: setTracking },
  { method: 'GET', path: 'eventTracking', handle: status },
  { method: 'POST', path: 'eventTrackingEvents', handle: addName },
  { method: 'GET', path: 'eventTrackingEvents', handle: names },
  { method: 'DELETE', path: 'eventTrackingEvents/:name', handle: removeName },
]
