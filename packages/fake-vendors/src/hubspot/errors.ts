import type { HttpReply } from '../http/index.ts'
import type { RuleId } from './rules.ts'

/** Entry of `errors[]` in an error body. */
export interface ErrorDetail {
  readonly message: string
  readonly code?: string
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** Why something is refused: the rule it breaks and what HubSpot would say. */
export interface RefusalContent {
  readonly rule: RuleId
  readonly status: number
  readonly category: string
  readonly message: string
  readonly subCategory?: string
  readonly context?: Readonly<Record<string, readonly string[]>>
  /** Context that only an entry of a 207 carries. */
  readonly rowContext?: Readonly<Record<string, readonly string[]>>
  readonly errors?: readonly ErrorDetail[]
  /** Members of the body beside the usual ones (`policyName` of a 429). */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Thrown by handlers and caught by the server (whole request) or by the batch (one row). */
export class Refusal extends Error {
  readonly content: RefusalContent
  constructor(content: RefusalContent) {
    super(content.message)
    this.content = content
  }
}

/** Refuses: throws a {@link Refusal}. */
export function refuse(content: RefusalContent): never {
  throw new Refusal(content)
}

/** Refuses with 400 VALIDATION_ERROR. */
export function invalid(rule: RuleId, message: string, more: Partial<RefusalContent> = {}): never {
  return refuse({ rule, status: 400, category: 'VALIDATION_ERROR', message, ...more })
}

/** Refuses with 404 OBJECT_NOT_FOUND. */
export function notFound(rule: RuleId, message: string): never {
  return refuse({ rule, status: 404, category: 'OBJECT_NOT_FOUND', message })
}

/** The body of a refused request. */
export function refusalReply(content: RefusalContent, correlationId: string, withDetails: boolean): HttpReply {
  const { status, category, message, subCategory, context, errors, extra } = content
  return {
    status,
    body: {
      status: 'error',
      message,
      correlationId,
      ...(context && { context }),
      ...(withDetails && errors && { errors }),
      category,
      ...(subCategory !== undefined && { subCategory }),
      ...extra,
    },
  }
}

/** One entry of `errors[]` in a 207 body. `traceId` correlates it to its input. */
export function batchError(content: RefusalContent, traceId: string | undefined, withDetails: boolean): object {
  const { category, message, subCategory, context, rowContext, errors } = content
  return {
    status: 'error',
    category,
    ...(subCategory !== undefined && { subCategory }),
    message,
    context: { ...(traceId !== undefined && { objectWriteTraceId: [traceId] }), ...context, ...rowContext },
    ...(withDetails && errors && { errors }),
    links: {},
  }
}
