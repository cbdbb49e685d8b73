import type { HttpReply } from '../http/index.ts'
import type { Authenticator } from './credentials.ts'
import type { Crm } from './crm.ts'
import { fingerprintOf, type IdempotencyLedger } from './idempotency.ts'
import { refuse } from './problem.ts'
import { findRoute, type RouteMatch } from './router.ts'

/** What all operations share. */
export interface Engine {
  readonly crm: Crm
  readonly credentials: Authenticator
  readonly ledger: IdempotencyLedger
}

/** One operation, of a request of its own or of a bulk. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
  /** Undefined for reads. */
  readonly idempotencyKey: string | undefined
  readonly ifMatch: string | undefined
}

/** The endpoint the credential may use; 404, 405 or 403. */
export function authorizedRoute(engine: Engine, method: string, path: string): RouteMatch {
  const found = findRoute(method, path)
  if (found === undefined) return refuse('resource-not-found', 'not_found')
  if (!('route' in found)) return refuse('resource-not-found', 'method_not_allowed', { allow: found.join(', ') })
  engine.credentials.authorize(found.route.scope)
  return found
}

/** Applies an operation and says its reply; throws a refusal otherwise. */
export function execute(engine: Engine, { route, params }: RouteMatch, operation: Operation): HttpReply {
  const { method, path, query, body, idempotencyKey, ifMatch } = operation
  const handle = (): HttpReply => route.handle({ crm: engine.crm, params, query, body, ifMatch })
  return idempotencyKey === undefined ? handle() : engine.ledger.run(idempotencyKey, fingerprintOf(method, path, body), handle)
}
