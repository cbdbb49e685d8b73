import { serve, type Fault, type Faults, type RecordedRequest, type RecordMatch } from '../http/index.ts'
import { createAccountAccess, type AccountAccess } from './account-access.ts'
import { createAccount } from './account.ts'
import { createCredentials, type Credentials } from './credentials.ts'
import { trackingPath } from './events/track.ts'
import { createHandler } from './handler.ts'
import { resolveOptions, type FakeActiveCampaignOptions } from './options.ts'
import { createRateLimiter, type RateLimitState } from './rate-limit.ts'

/** A running fake. */
export interface FakeActiveCampaign {
  /** Base address without a trailing slash: what stands for `https://ACCOUNT.api-us1.com`. */
  readonly url: string
  readonly apiToken: string
  /** What event tracking wants: its address stands for `https://trackcmp.net/event`. */
  readonly tracking: { readonly url: string; readonly accountId: string; readonly eventKey: string }
  /** Requests since the start or the last reset, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** How many recorded requests match; all of them without a condition. */
  count(match?: RecordMatch | ((request: RecordedRequest) => boolean)): number
  resetRequests(): void
  readonly faults: Faults
  /** Strikes every request with this fault until called with undefined. */
  setDown(fault: Fault | undefined): void
  /** State of the account without HTTP. */
  readonly account: AccountAccess
  readonly credentials: Credentials
  readonly rates: RateLimitState
  /** Ends open connections and the server. Idempotent. */
  close(): Promise<void>
}

/** Starts a fake ActiveCampaign on 127.0.0.1 and a free port. */
export async function startFakeActiveCampaign(options: FakeActiveCampaignOptions = {}): Promise<FakeActiveCampaign> {
  const settings = resolveOptions(options)
  const account = createAccount(settings)
  const credentials = createCredentials(options.apiToken ?? 'fake-api-token')
  const rates = createRateLimiter(settings)
  const served = await serve({
    handle: createHandler(account, credentials, rates),
    seed: settings.seed,
    now: settings.now,
    jsonContentType: 'application/json',
    ...(options.latencyMs !== undefined && { latencyMs: options.latencyMs }),
    ...(options.recordBodies !== undefined && { recordBodies: options.recordBodies }),
  })
  return {
    url: served.url,
    get apiToken() {
      return credentials.apiToken
    },
    tracking: { url: served.url + trackingPath, accountId: settings.accountId, eventKey: settings.eventKey },
    get requests() {
      return served.requests
    },
    count: (match) => served.count(match),
    resetRequests: () => served.resetRequests(),
    faults: served.faults,
    setDown: (fault) => served.setDown(fault),
    account: createAccountAccess(account),
    credentials,
    rates,
    close: () => served.close(),
  }
}
