import { parseJson, type HttpReply, type HttpRequest, type RequestNote } from '../http/index.ts'
import type { Account } from './account.ts'
import type { Authenticator } from './auth.ts'
import { contactRoutes } from './contacts/routes.ts'
import { Refusal, refuse, refuseV2 } from './errors.ts'
import { eventRoutes } from './events/routes.ts'
import { insightRoutes } from './insight/routes.ts'
import type { Tier } from './options.ts'
import type { RateLimiter } from './rate-limit.ts'
import { createRouter } from './router.ts'
import { accountInfo, accountRoutes } from './v2/account-info.ts'
import { dataFieldRoutes } from './v2/data-fields.ts'
import { listRoutes } from './v2/lists.ts'
import { suppressionRoutes } from './v2/suppressions.ts'

/** What answers the requests of one host. */
export type Handler = (request: HttpRequest, note: (extra: RequestNote) => void) => HttpReply

const router = createRouter([
  ...contactRoutes,
  ...insightRoutes,
  ...eventRoutes,
  ...listRoutes,
  ...dataFieldRoutes,
  ...suppressionRoutes,
  ...accountRoutes,
])

function area(path: string): string {
  return path.split('/')[1] ?? ''
}

function readBody(request: HttpRequest, account: Account): unknown {
  if (request.text === '') return undefined
  const code = (name: string): string => `${area(request.path)}:${name}`
  const isV2 = area(request.path) === 'v2'
  if (Buffer.byteLength(request.text) > account.settings.maxBodyBytes) {
    return isV2
      ? refuseV2('body-50-mb', 400, 'ERROR_REQUEST_TOO_LARGE')
      : refuse('body-50-mb', 400, code('badJson'), 'The request is too large')
  }
  const body = parseJson(request.text)
  if (body !== undefined) return body
  return isV2
    ? refuseV2('body-shape', 400, 'ERROR_INVALID_REQUEST')
    : refuse('body-shape', 400, code('badJson'), 'The request JSON is badly formed')
}

function guard(note: (extra: RequestNote) => void, answer: () => HttpReply): HttpReply {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    note({ rule: error.rule })
    return error.reply
  }
}

/** Creates the answers of the account's region: jobs that are due, credential, path, rate, body, endpoint, in this order. */
export function createHandler(account: Account, credentials: Authenticator, limiter: RateLimiter, baseUrl: () => string): Handler {
  return (request, note) => {
    let tier: Tier = 'unlimited'
    const reply = guard(note, () => {
      account.jobs.run()
      credentials.authenticate(request)
      const found = router(request.method, request.path)
      if (found === undefined || found === 'method') {
        throw new Refusal('path-unknown', {
          status: found === undefined ? 404 : 405,
          body: { message: `No HTTP resource was found that matches ${request.method} ${request.path}` },
        })
      }
      tier = found.route.tier
      limiter.spend(tier)
      return found.route.handle({
        account,
        param: (name) => found.params.get(name) ?? '',
        query: request.query,
        body: readBody(request, account),
        baseUrl: baseUrl(),
        path: request.path,
        countInputs: (inputs) => note({ inputs }),
      })
    })
    return { ...reply, headers: { ...reply.headers, ...limiter.headers(tier) } }
  }
}

/**
 * Creates the answers of a region the account is not in: 403 for everything with the right credential, except that region 1 tells everybody their region.
 * @param discovers whether this host is region 1
 */
export function createForeignHandler(credentials: Authenticator, discovers: boolean, homeUrl: () => string): Handler {
  return (request, note) =>
    guard(note, () => {
      credentials.authenticate(request)
      if (discovers && request.method === 'GET' && request.path === '/v2/account-info') return accountInfo(homeUrl())
      throw new Refusal('region-wrong-403', { status: 403, body: { message: 'Access is denied' } })
    })
}
