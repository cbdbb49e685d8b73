import { MillraceError } from '@millrace/core'

/** The sender of a call is not proven. The reason is for the log; the sender learns only the status. */
export const unauthorized = (reason: string): MillraceError => new MillraceError({ code: 'notification_unauthorized', message: reason })

/** The body of a call is not what the transport sends. */
export const malformed = (reason: string): MillraceError => new MillraceError({ code: 'notification_malformed', message: reason })

/** Text of a body as JSON. Throws `notification_malformed`. */
export const readJson = (body: Uint8Array | string): unknown => {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw malformed('The body is not JSON.')
  }
}
