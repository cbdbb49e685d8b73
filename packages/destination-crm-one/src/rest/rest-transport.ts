import { randomUUID } from 'node:crypto'
import { isMillraceError, MillraceError, type DestinationContext } from '@millrace/core'
import type { BoundHttpClient, HttpReply } from '@millrace/adapter-kit'
import { fillPath, fillTemplate } from '../dialect/fill.ts'
import { asList, asText, isObject, member } from '../json.ts'
import type { Answer, Call, Detail, Transport } from '../transport.ts'
import type { Dialect } from '../dialect/dialect.ts'

type RestRules = Extract<Dialect['transport'], { kind: 'rest' }>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const isMethod = (text: string): text is Method => methods.includes(text)

const detailOf = (entry: unknown): Detail[] => {
  const pointer = member(entry, 'pointer')
  const code = asText(member(entry, 'code'))
  return typeof pointer === 'string' && code !== undefined ? [{ pointer, code }] : []
}

/** A problem document (RFC 9457) or a plain answer as an {@link Answer}. `status` is that of the operation, which in a bulk is not that of the reply. */
export const answerOf = (status: number, body: unknown, reply: HttpReply): Answer => {
  const code = asText(member(body, 'code'))
  const candidates = member(body, 'candidates')
  const location =
    reply.status === status ? (reply.headers['location'] ?? asText(member(body, 'location'))) : asText(member(body, 'location'))
  const correlationId = asText(member(body, 'correlationId')) ?? reply.correlationId
  return {
    ok: status >= 200 && status < 300 && !reply.contentType.includes('html'),
    status,
    value: body,
    ...(code === undefined || !isObject(body) ? {} : { code }),
    details: asList(member(body, 'errors')).flatMap(detailOf),
    ...(Array.isArray(candidates) ? { candidates: candidates.flatMap((id) => asText(id) ?? []) } : {}),
    ...(location === undefined ? {} : { location }),
    ...(correlationId === undefined ? {} : { correlationId }),
    reply,
  }
}

/** Errors without an answer carry the id that we chose, so that the CRM's log can be searched for it. */
const withCorrelation = (error: MillraceError, correlationId: string): MillraceError =>
  new MillraceError({
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    scope: error.scope,
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.field === undefined ? {} : { field: error.field }),
    context: { ...error.context, correlationId },
  })

/** REST with JSON: an id of our own in every request, an idempotency key in every write. */
export const restTransport = (rules: RestRules, http: (ctx: DestinationContext) => BoundHttpClient): Transport => ({
  async send({ operation, values, idempotencyKey, query, urgent }: Call, ctx): Promise<Answer> {
    const [method = '', path = ''] = operation.call.split(' ')
    if (!isMethod(method)) {
      throw new MillraceError({
        code: 'dialect_invalid',
        scope: 'destination',
        message: `The call "${operation.call}" of the dialect begins with no HTTP method.`,
      })
    }
    const correlationId = randomUUID()
    const body = operation.body === undefined ? undefined : fillTemplate(operation.body, values)
    const contentType = operation.contentType ?? (body === undefined ? undefined : 'application/json')
    try {
      const reply = await http(ctx).request({
        method,
        path: fillPath(path, values),
        idempotent: true,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(urgent === undefined ? {} : { urgent }),
        headers: {
          [rules.correlationHeader]: correlationId,
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
          ...(idempotencyKey === undefined ? {} : { [rules.idempotencyHeader]: idempotencyKey }),
        },
      })
      return answerOf(reply.status, reply.body, reply)
    } catch (error) {
      throw isMillraceError(error) ? withCorrelation(error, correlationId) : error
    }
  },
})
