import type { HttpReply } from '../http/index.ts'
import type { RuleId } from './rules.ts'

/** Entry of `details[]` in an error of version 3. */
export interface ErrorDetail {
  readonly item: string
  readonly description: string
}

/** Thrown by handlers and caught by the server: the rule that was broken and what Dotdigital would answer. */
export class Refusal extends Error {
  readonly rule: RuleId
  readonly reply: HttpReply
  constructor(rule: RuleId, reply: HttpReply) {
    super(`refused with ${reply.status} by ${rule}`)
    this.rule = rule
    this.reply = reply
  }
}

/** Refuses in the form of version 3: `{errorCode, description, details?}`. */
export function refuse(rule: RuleId, status: number, errorCode: string, description: string, details?: readonly ErrorDetail[]): never {
  throw new Refusal(rule, { status, body: { errorCode, description, ...(details && { details }) } })
}

/** Refuses in the form of version 2: `{message: "Error: ERROR_..."}`. */
export function refuseV2(rule: RuleId, status: number, error: string): never {
  throw new Refusal(rule, { status, body: { message: `Error: ${error}` } })
}
