import { z } from 'zod'

import type { HttpReply } from '../http/index.ts'
import { checkAttributes, checkRequired, keepOwned } from './attributes.ts'
import { contactOfBody } from './contacts/identity.ts'
import { iso } from './crm.ts'
import { checkIfMatch, checkSourceVersion, identityOfPath } from './precondition.ts'
import { refuseAt } from './problem.ts'
import { externalId, identityKey, type ExternalId } from './reference.ts'
import { written, type Route, type RouteContext } from './route.ts'
import { currency, decimal, sourceVersion, text, validate } from './validate.ts'

/** Body of a deal write: the whole deal as it is now. */
export interface DealBody {
  readonly sourceVersion: number
  readonly name?: string | undefined
  readonly pipeline: string
  readonly stage: string
  readonly contact: ExternalId | null
  readonly amount: string
  readonly currency: string
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** A stored deal. */
export interface StoredDeal extends DealBody {
  readonly id: string
  readonly externalId: ExternalId
  readonly contactId: string | undefined
  readonly version: number
  readonly lastModified: number
}

const deal: z.ZodType<DealBody> = z.strictObject({
  sourceVersion,
  name: text(255).optional(),
  pipeline: text(64),
  stage: text(64),
  contact: externalId.nullable(),
  amount: decimal,
  currency,
  attributes: z.record(z.string(), z.unknown()).optional(),
})

function put(context: RouteContext): HttpReply {
  const { crm } = context
  const identity = identityOfPath(context)
  const key = identityKey(identity)
  const before = crm.deals.get(key)
  checkIfMatch(context, before?.version)
  const body = validate(deal, context.body)
  checkSourceVersion(context, `deal:${key}`, body.sourceVersion)
  const pipeline = crm.schema.pipelines.find(({ id }) => id === body.pipeline)
  if (pipeline === undefined) return refuseAt('deal-stage-exists', 'validation', '/pipeline', 'unknown_option')
  if (!pipeline.stages.some(({ id }) => id === body.stage)) refuseAt('deal-stage-exists', 'validation', '/stage', 'unknown_option')
  checkAttributes(crm.schema.attributes.deal, body.attributes)
  checkRequired(crm.schema.attributes.deal, body.attributes)
  const contact = body.contact === null ? undefined : contactOfBody(crm, identityKey(body.contact), '/contact')
  const { attributes, ignored } = keepOwned(crm.schema.attributes.deal, before?.attributes, body.attributes)
  const at = crm.now()
  const id = before?.id ?? crm.newId('dea')
  const version = (before?.version ?? 0) + 1
  crm.deals.set(key, { ...body, attributes, id, externalId: identity, contactId: contact?.id, version, lastModified: at })
  crm.sourceVersions.set(`deal:${key}`, body.sourceVersion)
  return written(before === undefined, { id, version, lastModified: iso(at), ignored })
}

/** `/deals`. */
export const dealRoutes: readonly Route[] = [
  { method: 'PUT', path: '/deals/{source}/{externalId}', scope: 'deals:write', contentType: 'application/json', handle: put },
]
