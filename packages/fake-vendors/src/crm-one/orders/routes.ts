import type { HttpReply } from '../../http/index.ts'
import { checkAttributes, checkRequired, keepOwned } from '../attributes.ts'
import { contactOfBody } from '../contacts/identity.ts'
import { iso } from '../crm.ts'
import { checkIfMatch, checkSourceVersion, identityOfPath } from '../precondition.ts'
import { identityKey } from '../reference.ts'
import { written, type Route, type RouteContext } from '../route.ts'
import { readOrder } from './order.ts'

function put(context: RouteContext): HttpReply {
  const { crm } = context
  const externalId = identityOfPath(context)
  const key = identityKey(externalId)
  const before = crm.orders.get(key)
  checkIfMatch(context, before?.version)
  const body = readOrder(context.body)
  checkSourceVersion(context, `order:${key}`, body.sourceVersion)
  checkAttributes(crm.schema.attributes.order, body.attributes)
  checkRequired(crm.schema.attributes.order, body.attributes)
  const contact = body.contact === null ? undefined : contactOfBody(crm, identityKey(body.contact), '/contact')
  const { attributes, ignored } = keepOwned(crm.schema.attributes.order, before?.attributes, body.attributes)
  const at = crm.now()
  const id = before?.id ?? crm.newId('ord')
  const version = (before?.version ?? 0) + 1
  crm.orders.set(key, { ...body, attributes, id, externalId, contactId: contact?.id, version, lastModified: at })
  crm.sourceVersions.set(`order:${key}`, body.sourceVersion)
  return written(before === undefined, { id, version, lastModified: iso(at), ignored })
}

/** `/orders`. */
export const orderRoutes: readonly Route[] = [
  { method: 'PUT', path: '/orders/{source}/{externalId}', scope: 'orders:write', contentType: 'application/json', handle: put },
]
