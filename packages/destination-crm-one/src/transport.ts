import type { HttpReply } from '@millrace/adapter-kit'
import type { DestinationContext } from '@millrace/core'
import type { Operation } from './dialect/dialect.ts'
import type { Values } from './dialect/fill.ts'

/** One call to be made. `what` is for people and holds no personal data. */
export interface Call {
  operation: Operation
  values: Values
  what: string
  /** Sent as the idempotency key; calls without one only read. */
  idempotencyKey?: string
  query?: Readonly<Record<string, string | number | undefined>>
  /** Consent goes before what else waits. */
  urgent?: boolean
}

/** One thing that the CRM has against a request. */
export interface Detail {
  pointer: string
  code: string
}

/** An answer in one shape, whatever the transport is. `value` = the body, or the result. */
export interface Answer {
  ok: boolean
  status: number
  value: unknown
  /** The CRM's code of the problem, and its text for rules of a dialect; the text never leaves the adapter. */
  code?: string
  text?: string
  details: readonly Detail[]
  /** Ids of the objects that stand in the way. */
  candidates?: readonly string[]
  location?: string
  correlationId?: string
  /** For what is judged by status: headers and so on. */
  reply: HttpReply
}

/** Speaks to a CRM. Throws only where there is no answer, see `HttpClient.request`. */
export interface Transport {
  send(call: Call, ctx: DestinationContext): Promise<Answer>
}
