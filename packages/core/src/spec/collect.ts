import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { EventInput } from '../model/event.ts'

/** Whose a visitor is: an account of the source, or an e-mail. The first person that a visitor turns out to be is the only one ever. */
export interface VisitorIdentity {
  anonymousId: string
  customerId?: string
  email?: string
}

/** What a collector took out of a request. The collector answers for who the people are. */
export interface Collected {
  events: readonly EventInput[]
  identities: readonly VisitorIdentity[]
}

/** What the engine hands to every call of a collector. */
export interface CollectContext {
  clock: Clock
  logger: Logger
  /** Where the request comes from, as far as it is known. */
  address: string | undefined
  /** Resolves when everything is kept durably; it works beside an engine of another process. Throws MillraceError `event_invalid` before anything is. */
  keep(collected: Collected): Promise<void>
}

/** A way by which events of storefronts and browsers arrive: `collect` of `@millrace/intake`. */
export interface Collector {
  readonly specificationVersion: 'v1'
  readonly name: string
  /** Answers a request. What it throws is answered with 503: it has to be sent again. */
  handle(request: Request, ctx: CollectContext): Promise<Response>
}
