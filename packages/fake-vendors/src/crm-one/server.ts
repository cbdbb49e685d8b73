import { serve, type Fault, type Faults, type RecordedRequest, type RecordMatch } from '../http/index.ts'
import { createCredentials, type Credentials } from './credentials.ts'
import { createCrmAccess, type CrmAccess } from './crm-access.ts'
import { createCrm } from './crm.ts'
import { createHandler } from './handler.ts'
import { createLedger } from './idempotency.ts'
import { resolveOptions, type FakeCrmOneOptions } from './options.ts'

/** A running fake. */
export interface FakeCrmOne {
  /** Base address without a trailing slash: what `baseUrl` of the contract stands for. */
  readonly url: string
  readonly token: string
  /** Requests since the start or the last reset, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** How many recorded requests match; all of them without a condition. */
  count(match?: RecordMatch | ((request: RecordedRequest) => boolean)): number
  resetRequests(): void
  readonly faults: Faults
  /** Strikes every request with this fault until called with undefined. */
  setDown(fault: Fault | undefined): void
  /** State of the CRM without HTTP. */
  readonly crm: CrmAccess
  /** Token and scopes, changeable while running. */
  readonly credentials: Credentials
  /** Ends open connections and the server. Idempotent. */
  close(): Promise<void>
}

/** Starts a fake CRM that keeps to the contract of CRM One, on 127.0.0.1 and a free port. */
export async function startFakeCrmOne(options: FakeCrmOneOptions = {}): Promise<FakeCrmOne> {
  const settings = resolveOptions(options)
  const crm = createCrm(settings, options.schema)
  const credentials = createCredentials(settings.token, settings.scopes)
  const served = await serve({
    handle: createHandler({ crm, credentials, ledger: createLedger(settings.now) }),
    seed: settings.seed,
    now: settings.now,
    jsonContentType: 'application/json',
    ...(options.latencyMs !== undefined && { latencyMs: options.latencyMs }),
    ...(options.recordBodies !== undefined && { recordBodies: options.recordBodies }),
  })
  return {
    url: served.url,
    get token() {
      return credentials.token
    },
    get requests() {
      return served.requests
    },
    count: (match) => served.count(match),
    resetRequests: () => served.resetRequests(),
    faults: served.faults,
    setDown: (fault) => served.setDown(fault),
    crm: createCrmAccess(crm),
    credentials,
    close: () => served.close(),
  }
}
