import { serve, type Fault, type Faults, type RecordedRequest, type RecordMatch } from '../http/index.ts'
import { createCredentials, type Credentials } from './auth.ts'
import { createHandler } from './handler.ts'
import { defaultScopes, resolveOptions, type FakeHubSpotOptions } from './options.ts'
import { createPortalAccess, type PortalAccess } from './portal-access.ts'
import { createPortal } from './portal.ts'
import { createRateLimiter, type RateLimitState } from './rate-limit.ts'

/** A running fake. */
export interface FakeHubSpot {
  /** Base address without a trailing slash: what stands for `https://api.hubapi.com`. */
  readonly url: string
  readonly accessToken: string
  /** Requests since the start or the last reset, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** How many recorded requests match; all of them without a condition. */
  count(match?: RecordMatch | ((request: RecordedRequest) => boolean)): number
  resetRequests(): void
  readonly faults: Faults
  /** Strikes every request with this fault until called with undefined. */
  setDown(fault: Fault | undefined): void
  /** State of the portal without HTTP. */
  readonly portal: PortalAccess
  /** Token and scopes, changeable while running. */
  readonly credentials: Credentials
  readonly rates: RateLimitState
  /** Ends open connections and the server. Idempotent. */
  close(): Promise<void>
}

/** Starts a fake HubSpot on 127.0.0.1 and a free port. */
export async function startFakeHubSpot(options: FakeHubSpotOptions = {}): Promise<FakeHubSpot> {
  const settings = resolveOptions(options)
  const portal = createPortal(settings)
  const credentials = createCredentials(options.accessToken ?? 'pat-fake-token', options.scopes ?? defaultScopes)
  const rates = createRateLimiter(settings)
  const served = await serve({
    handle: createHandler(portal, credentials, rates),
    seed: settings.seed,
    now: settings.now,
    ...(options.latencyMs !== undefined && { latencyMs: options.latencyMs }),
    ...(options.recordBodies !== undefined && { recordBodies: options.recordBodies }),
  })
  return {
    url: served.url,
    get accessToken() {
      return credentials.accessToken
    },
    get requests() {
      return served.requests
    },
    count: (match) => served.count(match),
    resetRequests: () => served.resetRequests(),
    faults: served.faults,
    setDown: (fault) => served.setDown(fault),
    portal: createPortalAccess(portal),
    credentials,
    rates,
    close: () => served.close(),
  }
}
