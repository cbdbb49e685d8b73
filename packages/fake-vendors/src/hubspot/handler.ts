import { parseJson, type HttpReply, type HttpRequest, type RequestNote } from '../http/index.ts'
import { createAccountRoutes } from './account.ts'
import { associationRoutes } from './associations/routes.ts'
import type { Authenticator } from './auth.ts'
import { malformed } from './body.ts'
import { consentV3Routes } from './consent/routes-v3.ts'
import { consentV4Routes } from './consent/routes-v4.ts'
import { invalid, notFound, refuse, Refusal, refusalReply } from './errors.ts'
import { eventRoutes } from './events/routes.ts'
import { listRoutes } from './lists/routes.ts'
import { findObjectType, objectTypes, type ObjectType } from './object-types.ts'
import { withDetails } from './objects/batch.ts'
import { objectRoutes } from './objects/routes.ts'
import { pipelineRoutes } from './pipelines/routes.ts'
import type { Portal } from './portal.ts'
import { propertyRoutes } from './properties/routes.ts'
import type { Bucket, RateLimiter } from './rate-limit.ts'
import type { RouteContext } from './route.ts'
import { createRouter } from './router.ts'

const routes = [
  ...objectRoutes,
  ...associationRoutes,
  ...propertyRoutes,
  ...pipelineRoutes,
  ...consentV3Routes,
  ...consentV4Routes,
  ...eventRoutes,
  ...listRoutes,
]

/** Creates the function that answers requests: credential, path, rate, scopes, body, endpoint, in this order. */
export function createHandler(
  portal: Portal,
  credentials: Authenticator,
  limiter: RateLimiter,
): (request: HttpRequest, note: (extra: RequestNote) => void) => HttpReply {
  const router = createRouter([...routes, ...createAccountRoutes(credentials)], portal.settings.apiVersion)

  function answer(request: HttpRequest, note: (extra: RequestNote) => void, drawFrom: (bucket: Bucket) => void): HttpReply {
    credentials.authenticate(request)
    const found = router.find(request.method, request.path)
    if (found === undefined) return notFound('path-unknown', `Unable to find resource ${request.path}`)
    if (found === 'method')
      return refuse({ rule: 'path-unknown', status: 405, category: 'METHOD_NOT_ALLOWED', message: 'Method not allowed' })
    const { route, params, version } = found
    drawFrom(route.bucket ?? 'general')
    const type = typeOf(params['type'])
    const to = typeOf(params['to'])
    credentials.authorize(route.scopes({ type, to }))
    const body = parseJson(request.text)
    if (body === undefined && request.text !== '') malformed('Unexpected character')
    const context: RouteContext = {
      portal,
      params,
      type,
      to,
      query: request.query,
      body,
      version,
      usage: limiter,
      countInputs: (inputs) => note({ inputs }),
    }
    return route.handle(context)
  }

  return (request, note) => {
    let bucket: Bucket | undefined
    let reply: HttpReply
    try {
      reply = answer(request, note, (drawn) => {
        bucket = drawn
        limiter.spend(drawn)
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      note({ rule: error.content.rule })
      reply = refusalReply(error.content, portal.correlationId(), withDetails(portal) || error.content.category === 'MISSING_SCOPES')
    }
    return bucket === undefined ? reply : { ...reply, headers: { ...reply.headers, ...limiter.headers(bucket) } }
  }
}

function typeOf(name: string | undefined): ObjectType {
  if (name === undefined) return objectTypes.contacts
  return findObjectType(name) ?? invalid('object-type-unknown', `Unable to infer object type from: ${name}`)
}
