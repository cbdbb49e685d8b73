import { serve, type Fault, type Faults, type RecordedRequest, type RecordMatch } from '../http/index.ts'
import { createAccountAccess, type AccountAccess } from './account-access.ts'
import { createAccount } from './account.ts'
import { createCredentials, type Credentials } from './auth.ts'
import { createForeignHandler, createHandler } from './handler.ts'
import { resolveOptions, type FakeDotdigitalOptions } from './options.ts'
import { createRateLimiter, type RateLimitState } from './rate-limit.ts'

/** A running fake. */
export interface FakeDotdigital {
  /** Base address of the account's region without a trailing slash: what stands for `https://r1-api.dotdigital.com`. */
  readonly url: string
  /** A region the account is not in. */
  readonly otherRegionUrl: string
  readonly username: string
  readonly password: string
  /** Requests to `url` since the start or the last reset, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** Requests to `otherRegionUrl`. */
  readonly otherRegionRequests: readonly RecordedRequest[]
  /** How many recorded requests match; all of them without a condition. */
  count(match?: RecordMatch | ((request: RecordedRequest) => boolean)): number
  resetRequests(): void
  readonly faults: Faults
  /** Strikes every request with this fault until called with undefined. */
  setDown(fault: Fault | undefined): void
  /** State of the account without HTTP. */
  readonly account: AccountAccess
  /** The API user, changeable while running. */
  readonly credentials: Credentials
  readonly rates: RateLimitState
  /** Ends open connections and the servers. Idempotent. */
  close(): Promise<void>
}

/** Starts a fake Dotdigital on 127.0.0.1 and free ports: one for the account's region, one for another. */
export async function startFakeDotdigital(options: FakeDotdigitalOptions = {}): Promise<FakeDotdigital> {
  const settings = resolveOptions(options)
  const account = createAccount(settings)
  const credentials = createCredentials(options.username ?? 'apiuser-fake@apiconnector.com', options.password ?? 'fake-password')
  const rates = createRateLimiter(settings)
  let homeUrl = ''
  const shared = {
    seed: settings.seed,
    now: settings.now,
    ...(options.latencyMs !== undefined && { latencyMs: options.latencyMs }),
    ...(options.recordBodies !== undefined && { recordBodies: options.recordBodies }),
  }
  const home = await serve({ ...shared, handle: createHandler(account, credentials, rates, () => homeUrl) })
  homeUrl = home.url
  const foreign = await serve({ ...shared, handle: createForeignHandler(credentials, settings.region !== 'r1', () => homeUrl) })
  return {
    url: home.url,
    otherRegionUrl: foreign.url,
    username: credentials.username,
    get password() {
      return credentials.password
    },
    get requests() {
      return home.requests
    },
    get otherRegionRequests() {
      return foreign.requests
    },
    count: (match) => home.count(match),
    resetRequests() {
      home.resetRequests()
      foreign.resetRequests()
    },
    faults: home.faults,
    setDown: (fault) => home.setDown(fault),
    account: createAccountAccess(account),
    credentials,
    rates,
    async close() {
      await Promise.all([home.close(), foreign.close()])
    },
  }
}
