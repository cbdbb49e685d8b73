import { z } from 'zod'

import { parseJson, type HttpReply, type HttpRequest, type RequestNote } from '../http/index.ts'
import { limits } from './crm-schema.ts'
import { authorizedRoute, execute, type Engine } from './execute.ts'
import { problemCodes, problemOf, refuse, refuseAt, Refusal } from './problem.ts'
import { splitPath } from './router.ts'

interface BulkOperation {
  readonly op: 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly idempotencyKey: string
}

const bulkOperation: z.ZodType<BulkOperation> = z.strictObject({
  op: z.enum(['PUT', 'POST', 'DELETE']),
  path: z.string().startsWith('/'),
  body: z.unknown().optional(),
  idempotencyKey: z.string().regex(/^[!-~]{1,255}$/),
})

function readLines(request: HttpRequest): BulkOperation[] {
  if (Buffer.byteLength(request.text) > limits.bulkBytes) refuseAt('bulk-cap', 'too_large', '', 'bytes')
  const lines = request.text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > limits.bulkOperations) refuseAt('bulk-cap', 'too_large', '', 'operations')
  if (lines.length === 0) refuseAt('bulk-readable', 'malformed', '', 'empty')
  const operations = lines.map((line, index) => {
    const parsed = bulkOperation.safeParse(parseJson(line))
    return parsed.success ? parsed.data : refuseAt('bulk-readable', 'malformed', `/${index}`, 'operation')
  })
  // Lines are told apart by their key alone.
  const keys = operations.map(({ idempotencyKey }) => idempotencyKey)
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index)
  if (twice !== -1) refuseAt('bulk-keys-differ', 'malformed', `/${twice}/idempotencyKey`, 'duplicate')
  return operations
}

function targetOf({ path }: BulkOperation): string {
  return splitPath(path)?.join('\n') ?? path
}

function run(engine: Engine, operation: BulkOperation, isRepeated: boolean, correlationId: string): object {
  const { op: method, path, body, idempotencyKey } = operation
  try {
    const found = authorizedRoute(engine, method, path)
    const takesBody = found.route.contentType !== undefined
    if (takesBody !== (body !== undefined)) refuseAt('body-readable', 'malformed', '/body', takesBody ? 'required' : 'no_body_expected')
    if (isRepeated) refuseAt('bulk-target-once', 'validation', '/path', 'duplicate_target')
    const reply = execute(engine, found, { method, path, query: new URLSearchParams(), body, idempotencyKey, ifMatch: undefined })
    return { idempotencyKey, status: reply.status, ...(typeof reply.body === 'object' && { result: reply.body }) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { idempotencyKey, status: problemCodes[error.content.code][0], problem: problemOf(error.content, correlationId) }
  }
}

/** `POST /bulk`: operations that stand for themselves, applied and answered in any order. */
export function bulk(engine: Engine, request: HttpRequest, correlationId: string, note: (extra: RequestNote) => void): HttpReply {
  if (request.method !== 'POST') refuse('resource-not-found', 'method_not_allowed', { allow: 'POST' })
  if (request.headers['content-type']?.toString().split(';')[0] !== 'application/x-ndjson') {
    refuseAt('content-type', 'malformed', 'header/Content-Type', 'application/x-ndjson')
  }
  const operations = readLines(request)
  note({ inputs: operations.length })
  const seen = new Set<string>()
  const judged = operations.map((operation) => {
    const target = targetOf(operation)
    const isRepeated = seen.has(target)
    seen.add(target)
    return { operation, isRepeated }
  })
  const { random } = engine.crm
  const lines = random.shuffle(judged).map(({ operation, isRepeated }) => run(engine, operation, isRepeated, correlationId))
  const body = lines.map((line) => `${JSON.stringify(line)}\n`)
  return { status: 207, headers: { 'content-type': 'application/x-ndjson' }, body: body.join('') }
}
