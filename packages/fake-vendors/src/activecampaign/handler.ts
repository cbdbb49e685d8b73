import { parseJson, type HttpReply, type HttpRequest, type RequestNote } from '../http/index.ts'
import type { Account } from './account.ts'
import { orderRoutes } from './commerce/order-routes.ts'
import { shopRoutes } from './commerce/routes.ts'
import { contactRoutes } from './contacts/contact-routes.ts'
import { fieldRoutes } from './contacts/field-routes.ts'
import { listRoutes } from './contacts/list-routes.ts'
import { tagRoutes } from './contacts/tag-routes.ts'
import type { Credentials } from './credentials.ts'
import { Refusal, refuse } from './errors.ts'
import { eventRoutes } from './events/routes.ts'
import { track, trackingPath } from './events/track.ts'
import { graphqlRoute } from './graphql/route.ts'
import { createImportRoutes } from './imports/routes.ts'
import type { RateLimiter } from './rate-limit.ts'
import { createRouter } from './router.ts'

/** Creates the function that answers requests: token, rate, path, body, endpoint, in this order. Event tracking has none of the first two. */
export function createHandler(
  account: Account,
  credentials: Credentials,
  limiter: RateLimiter,
): (request: HttpRequest, note: (extra: RequestNote) => void) => HttpReply {
  const routes = [
    ...contactRoutes,
    ...listRoutes,
    ...fieldRoutes,
    ...tagRoutes,
    ...eventRoutes,
    ...shopRoutes,
    ...orderRoutes,
    graphqlRoute,
  ]
  const router = createRouter([...routes, ...createImportRoutes(account.settings)])

  function answer(request: HttpRequest, note: (extra: RequestNote) => void): HttpReply {
    if (request.headers['api-token'] !== credentials.apiToken) {
      refuse('auth-403', 403, { message: 'You do not have permission to view this content.' })
    }
    limiter.spend()
    const found = router.find(request.method, request.path)
    if (found === undefined) return refuse('path-unknown', 404, { message: `No route found for ${request.path}` })
    if (found === 'method') return refuse('path-unknown', 405, { message: 'Method not allowed' })
    const body = parseJson(request.text)
    if (body === undefined && request.text !== '') refuse('body-shape', 400, {})
    return found.route.handle({
      account,
      params: found.params,
      query: request.query,
      body,
      text: request.text,
      countInputs: (inputs) => note({ inputs }),
    })
  }

  return (request, note) => {
    account.jobs.runDue(account.settings.now())
    if (request.path === trackingPath && request.method === 'POST') return track(account, request, (rule) => note({ rule }))
    try {
      const reply = answer(request, note)
      account.jobs.runDue(account.settings.now())
      return { ...reply, headers: { ...limiter.headers(), ...reply.headers } }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      note({ rule: error.content.rule })
      const { reply } = error.content
      return { ...reply, headers: { ...limiter.headers(), ...reply.headers } }
    }
  }
}
