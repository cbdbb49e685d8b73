import { createRollingWindow, parseJson, type HttpReply, type HttpRequest, type RequestNote } from '../http/index.ts'
import { bulk } from './bulk.ts'
import { authorizedRoute, execute, type Engine } from './execute.ts'
import { problemReply, refuse, refuseAt, Refusal } from './problem.ts'
import type { Route } from './route.ts'

function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function bodyOf(request: HttpRequest, route: Route): unknown {
  if (route.contentType === undefined) {
    return request.text === '' ? undefined : refuseAt('body-readable', 'malformed', '', 'no_body_expected')
  }
  if (headerOf(request, 'content-type')?.split(';')[0] !== route.contentType) {
    refuseAt('content-type', 'malformed', 'header/Content-Type', route.contentType)
  }
  return parseJson(request.text) ?? refuseAt('body-readable', 'malformed', '', 'json')
}

/** Creates the function that answers requests: credential, correlation, rate, path, scope, headers, body, endpoint, in this order. */
export function createHandler(engine: Engine): (request: HttpRequest, note: (extra: RequestNote) => void) => HttpReply {
  const { crm } = engine
  const { requests, perMs } = crm.settings.limit
  const window = createRollingWindow(requests, perMs)

  function answer(request: HttpRequest, correlationId: string, note: (extra: RequestNote) => void): HttpReply {
    engine.credentials.authenticate(request)
    if (!/^[\x21-\x7e]{1,128}$/.test(headerOf(request, 'x-correlation-id') ?? '')) {
      refuseAt('correlation-required', 'malformed', 'header/X-Correlation-Id', 'required')
    }
    // Budgets are counted by real time: a wrong clock of the CRM changes none.
    const now = crm.settings.now()
    if (!window.take(now)) refuse('rate-limited', 'rate_limited', { retryAfterSeconds: Math.ceil(window.freeAfter(now) / 1000) })
    const { method, path, query } = request
    if (path === '/bulk') return bulk(engine, request, correlationId, note)
    const found = authorizedRoute(engine, method, path)
    const idempotencyKey = method === 'GET' ? undefined : headerOf(request, 'idempotency-key')
    if (method !== 'GET' && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey ?? '')) {
      refuseAt('idempotency-required', 'malformed', 'header/Idempotency-Key', 'required')
    }
    const body = bodyOf(request, found.route)
    return execute(engine, found, { method, path, query, body, idempotencyKey, ifMatch: headerOf(request, 'if-match') })
  }

  return (request, note) => {
    const given = headerOf(request, 'x-correlation-id')
    const correlationId = given === undefined || given.length > 128 ? crm.newId('cor') : given
    let reply: HttpReply
    try {
      reply = answer(request, correlationId, note)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      note({ rule: error.content.rule })
      reply = problemReply(error.content, correlationId)
    }
    const date = new Date(crm.now()).toUTCString()
    return { ...reply, headers: { ...reply.headers, 'x-correlation-id': correlationId, date } }
  }
}
