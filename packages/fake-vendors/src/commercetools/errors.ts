import type { HttpReply } from '../http/message.ts'

/** A platform error as the vendor writes it: https://docs.commercetools.com/api/errors */
export function platformError(status: number, code: string, message: string, extra: Record<string, unknown> = {}): HttpReply {
  return { status, body: { statusCode: status, message, errors: [{ code, message, ...extra }] } }
}

/** An authentication or authorisation error: a platform error with the fields of OAuth besides. */
export function authError(status: number, code: string, message: string): HttpReply {
  return { status, body: { statusCode: status, message, errors: [{ code, message }], error: code, error_description: message } }
}
