import type { FaultMatch, Faults } from '../http/faults.ts'
import type { HttpReply, HttpRequest } from '../http/message.ts'
import { authError, platformError } from './errors.ts'
import { readTarget, type Target } from './endpoints.ts'
import { type RecordedRequest, type RequestListener, startFront } from './front.ts'
import { type ListQuery, readListQuery } from './list-query.ts'
import { type Mock, startMock } from './mock.ts'
import { createOAuth } from './oauth.ts'
import { createShopProject, type ShopProject } from './project.ts'
import { answerRead } from './reads.ts'
import { DEFAULT_SCOPES, fullScope, openingScopes } from './scopes.ts'
import { answerSubscriptionUpdate } from './subscription-updates.ts'
import { createShopStorage } from './storage.ts'

/** How a fake shop is set up. Everything has a default. */
export interface FakeCommercetoolsOptions {
  /** Default `fake-shop`. */
  projectKey?: string
  clientId?: string
  clientSecret?: string
  /** Scopes of the client, with or without `:{projectKey}`. Default: everything an integration reads, nothing to write. */
  scopes?: readonly string[]
  /** The shop's clock, epoch ms: the `Date` header, `lastModifiedAt` of edits, expiry of tokens. Default `Date.now`. */
  now?: () => number
  /** Seed of faults that strike by probability. Default 1. */
  seed?: number
  /** Delay before each answer. Default 0. */
  latencyMs?: number | ((request: HttpRequest) => number)
  /** Lifetime of a token. Default 172,800 s, as the vendor's. */
  tokenLifetimeSeconds?: number
}

/** What a request for something that a revoked scope protects gets: the honest 403, or 200 with nothing in it. */
export type RevokedAnswer = 'forbidden' | 'empty'

/** Called between two pages of the same type with the number of the page that comes next (2 for the second list request). */
export type PageListener = (resourceType: string, page: number) => void | Promise<void>

/** A running fake shop. */
export interface FakeCommercetools {
  readonly apiUrl: string
  readonly authUrl: string
  readonly projectKey: string
  readonly clientId: string
  readonly clientSecret: string
  /** The shop's clock, epoch ms. */
  readonly now: () => number
  /** Seeding and direct edits. */
  readonly project: ShopProject
  readonly faults: Faults
  /** Every request so far, oldest first, those for tokens included. */
  readonly requests: readonly RecordedRequest[]
  /** How many requests match, for example `count({ path: '/customers' })`. */
  count(match?: FaultMatch): number
  resetRequests(): void
  /** Calls `listener` before each request is handled; returns how to stop. */
  onRequest(listener: RequestListener): () => void
  /** Calls `listener` before the second and every later list request of a type, counted from now; returns how to stop. */
  betweenPages(listener: PageListener): () => void
  /** Takes a scope from the client and from tokens already issued. Default answer: 403. */
  revokeScope(scope: string, answer?: RevokedAnswer): void
  /** Gives a scope to the client, or back. Tokens issued while it was missing do not get it. */
  grantScope(scope: string): void
  /** Makes every token issued so far invalid: the next request gets 401. */
  expireTokens(): void
  /** Replaces the client's secret; tokens stay valid. */
  rotateSecret(secret: string): void
  /** Ends open connections and the server. Idempotent. */
  close(): Promise<void>
}

/** Starts a strict fake commercetools on 127.0.0.1 and a free port; authorisation server and API share it. */
export async function startFakeCommercetools(options: FakeCommercetoolsOptions = {}): Promise<FakeCommercetools> {
  const { projectKey = 'fake-shop', clientId = 'fake-client', clientSecret = 'fake-secret', now = Date.now } = options
  const storage = createShopStorage(projectKey, now)
  let mock: Promise<Mock> | undefined
  let scopes = (options.scopes ?? DEFAULT_SCOPES).map((scope) => fullScope(scope, projectKey))
  const emptied = new Set<string>()
  const oauth = createOAuth({ clientId, clientSecret, scopes }, options.tokenLifetimeSeconds ?? 172_800, now)
  const pageListeners = new Map<PageListener, Map<string, number>>()

  async function turnPage(resourceType: string): Promise<void> {
    for (const [listener, pages] of pageListeners) {
      const page = (pages.get(resourceType) ?? 0) + 1
      pages.set(resourceType, page)
      if (page > 1) await listener(resourceType, page)
    }
  }

  async function handle(request: HttpRequest): Promise<HttpReply> {
    if (request.path.startsWith('/oauth/')) return oauth.handle(request)
    const authenticated = oauth.authenticate(request)
    if ('refusal' in authenticated) return authenticated.refusal
    const target = readTarget(request.path)
    const isList = request.method === 'GET' && target.endpoint !== undefined && isListPath(target)
    const list = isList ? readListQuery(request.query, target.endpoint?.type ?? '') : undefined
    const opening = openingScopes(request.method, target, request.query.get('staged') === 'true')
    if (!opening.some((scope) => authenticated.scopes.includes(scope))) {
      if (!opening.some((scope) => emptied.has(scope))) return authError(403, 'insufficient_scope', 'Insufficient scope')
      return emptyAnswer(target, list)
    }
    if (list !== undefined && 'refusal' in list) return list.refusal
    if (list !== undefined && target.endpoint !== undefined) await turnPage(target.endpoint.type)
    const read = request.method === 'GET' ? answerRead(storage, target, request.query, list?.query) : undefined
    if (read !== undefined) return read
    const updated = answerSubscriptionUpdate(storage, request, target, now())
    if (updated !== undefined) return updated
    // Started when first needed: most tests only read, and its many routes take longer to set up than everything else here.
    mock ??= startMock(storage, projectKey)
    return (await mock).handle(request)
  }

  const front = await startFront({ handle, now, seed: options.seed ?? 1, latencyMs: options.latencyMs ?? 0 })

  return {
    apiUrl: front.url,
    authUrl: front.url,
    projectKey,
    clientId,
    clientSecret,
    now,
    project: createShopProject(storage, now),
    faults: front.faults,
    requests: front.requests,
    count: (match) => front.count(match),
    resetRequests: () => void front.requests.splice(0),
    onRequest: (listener) => front.onRequest(listener),
    betweenPages(listener) {
      pageListeners.set(listener, new Map())
      return () => void pageListeners.delete(listener)
    },
    revokeScope(scope, answer = 'forbidden') {
      const full = fullScope(scope, projectKey)
      scopes = scopes.filter((other) => other !== full)
      if (answer === 'empty') emptied.add(full)
      oauth.setScopes(scopes)
    },
    grantScope(scope) {
      const full = fullScope(scope, projectKey)
      scopes = [...new Set([...scopes, full])]
      emptied.delete(full)
      oauth.setScopes(scopes)
    },
    expireTokens: () => oauth.expireTokens(),
    rotateSecret: (secret) => oauth.setSecret(secret),
    async close() {
      await front.close()
      await (await mock)?.close()
    },
  }
}

/** A list has nothing behind its segment; custom objects are listed by container. */
function isListPath(target: Target): boolean {
  return target.rest.length === 0 || (target.segment === 'custom-objects' && target.rest.length === 1)
}

function emptyAnswer(target: Target, list: ReturnType<typeof readListQuery> | undefined): HttpReply {
  if (list === undefined) return platformError(404, 'ResourceNotFound', `The Resource with ID '${target.rest.join('/')}' was not found.`)
  if ('refusal' in list) return list.refusal
  const { limit, offset, withTotal }: ListQuery = list.query
  return { status: 200, body: { limit, offset, count: 0, ...(withTotal ? { total: 0 } : {}), results: [] } }
}
