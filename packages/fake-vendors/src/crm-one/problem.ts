import type { HttpReply } from '../http/index.ts'
import type { RuleId } from './rules.ts'

/** Every code of the contract with its status and title. */
export const problemCodes = {
  merged: [301, 'The contact was merged into another one'],
  malformed: [400, 'The request cannot be read'],
  credentials: [401, 'The token is missing or not valid'],
  scope: [403, 'The token lacks a scope'],
  not_found: [404, 'There is no such resource'],
  method_not_allowed: [405, 'The resource does not know this method'],
  stale: [409, 'A newer version is already stored'],
  stale_consent: [409, 'A consent of the same or a later time is already stored'],
  identity_conflict: [409, 'Another contact holds this identity'],
  erased: [410, 'The contact was erased'],
  version: [412, 'The resource has changed'],
  too_large: [413, 'The bulk is too large'],
  validation: [422, 'The content is not valid'],
  unknown_attribute: [422, 'The schema has no such attribute'],
  consent_required: [422, 'The contact has not granted consent'],
  consent_evidence_required: [422, 'A withdrawn consent needs evidence to be granted again'],
  contact_unknown: [422, 'The contact does not exist'],
  idempotency_mismatch: [422, 'The idempotency key was used for another request'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  bad_gateway: [502, 'Bad gateway'],
  unavailable: [503, 'Service unavailable'],
  timeout: [504, 'Gateway timeout'],
} as const

/** Code of a problem. */
export type ProblemCode = keyof typeof problemCodes

/** One thing wrong with a request. */
export interface ProblemDetail {
  /** JSON Pointer into the body, or `header/<name>`, `query/<name>`, `path/<name>`. */
  readonly pointer: string
  readonly code: string
}

/** Why something is refused. */
export interface RefusalContent {
  /** The rule of the contract behind it. */
  readonly rule: RuleId
  readonly code: ProblemCode
  readonly errors?: readonly ProblemDetail[]
  /** Ids of the contacts that hold the identity, of an `identity_conflict`. */
  readonly candidates?: readonly string[]
  /** Where the merged contact is now. */
  readonly location?: string
  readonly retryAfterSeconds?: number
  readonly allow?: string
}

/** Thrown where a request is refused; caught by the server, or by the bulk for one operation. */
export class Refusal extends Error {
  readonly content: RefusalContent
  constructor(content: RefusalContent) {
    super(content.code)
    this.content = content
  }
}

/** Refuses: throws a {@link Refusal}. */
export function refuse(rule: RuleId, code: ProblemCode, more: Omit<RefusalContent, 'rule' | 'code'> = {}): never {
  throw new Refusal({ rule, code, ...more })
}

/** Refuses for one place of the request. */
export function refuseAt(rule: RuleId, code: ProblemCode, pointer: string, detail: string): never {
  return refuse(rule, code, { errors: [{ pointer, code: detail }] })
}

/** The problem document (RFC 9457) of a refusal. */
export function problemOf(content: Omit<RefusalContent, 'rule'>, correlationId: string): object {
  const [status, title] = problemCodes[content.code]
  const { code, errors = [], candidates, location } = content
  return {
    type: `urn:crm-one:problem:${code}`,
    title,
    status,
    code,
    errors,
    ...(candidates && { candidates }),
    ...(location !== undefined && { location }),
    correlationId,
  }
}

/** The reply to a refused request. */
export function problemReply(content: Omit<RefusalContent, 'rule'>, correlationId: string): HttpReply {
  const { location, retryAfterSeconds, allow, code } = content
  return {
    status: problemCodes[code][0],
    headers: {
      'content-type': 'application/problem+json',
      ...(location !== undefined && { location }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(allow !== undefined && { allow }),
      ...(code === 'credentials' && { 'www-authenticate': 'Bearer' }),
    },
    body: problemOf(content, correlationId),
  }
}
