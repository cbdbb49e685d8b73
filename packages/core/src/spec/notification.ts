import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Change } from '../model/change.ts'
import type { CheckFinding } from './check.ts'

/**
 * That something changed at a source, without what it is now: the content of a notification is never trusted. All notifications of one thing share a `key`
 * (`order:o1`, `payment:p1`), under which the one with the highest `version` replaces the others.
 */
export interface Notice {
  key: string
  /** The source's own counter of the thing: not newer than what is there already changes nothing but that it is fetched again. */
  version: number
  /** When it happened by the source's clock, epoch ms. */
  at: number
  /** What the source needs to fetch it: ids and versions, no personal data. Plain data. (What a collect endpoint keeps is about people: it is taken in before anybody is erased.) */
  data: Readonly<Record<string, string | number | boolean>>
}

/** What a source makes of a payload. `ignored` = understood, and nothing to do. */
export type Decoded = { type: 'notice'; notice: Notice } | { type: 'ignored'; reason: string }

/** What became of one notice: the records as they are now, or why they could not be fetched. */
export type Fetched = { key: string } & ({ changes: Change[] } | { error: unknown })

/**
 * A request from outside, before anything of it is believed. Header names are lower case; `path` is without query. `body` reads it when it is asked for, so that
 * a sender who is refused by a header costs nothing; throws MillraceError `notification_too_large`.
 */
export interface IncomingCall {
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  body(): Promise<Uint8Array>
}

/** A call whose sender was verified: payloads for the source, or an answer that the transport's own protocol asks for. */
export type Opened = { payloads: readonly unknown[] } | { reply: { status: number; body?: string } }

/** Payloads of a queue. `acknowledge` is called when they are kept durably. */
export interface Received {
  payloads: readonly unknown[]
  acknowledge(): Promise<void>
}

/** What the engine hands to every call of a transport. */
export interface TransportContext {
  clock: Clock
  logger: Logger
  signal: AbortSignal
}

/**
 * A way by which notifications arrive: `open` for those that are pushed to an endpoint, `receive` for a queue that is pulled. A payload is whatever
 * {@link Source.decode} of the source understands.
 */
export interface NotificationTransport {
  readonly specificationVersion: 'v1'
  readonly name: string
  /**
   * Verifies who sent the call and takes the payloads out. Throws MillraceError `notification_unauthorized` for a sender that is not proven and
   * `notification_malformed` for a body that is not the transport's; any other error asks the sender to try again later.
   */
  open?(call: IncomingCall, ctx: TransportContext): Promise<Opened>
  /** Yields until the signal is aborted. Throws MillraceError when the queue cannot be read; it is opened again later. */
  receive?(ctx: TransportContext): AsyncIterable<Received>
  check?(ctx: TransportContext): Promise<CheckFinding[]>
  close?(): Promise<void>
}
