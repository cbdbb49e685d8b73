import { z } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import type { Dialect, Operation, Template } from './dialect.ts'

const template: z.ZodType<Template> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(template), z.record(z.string(), template)]),
)
const operation = z.strictObject({ call: z.string().min(1), body: template.optional(), contentType: z.string().optional() })
const pointer = z.string().regex(/^\/[^/]/, 'must be a JSON Pointer such as /name/given')
const fieldType = z.enum(['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'option', 'options', 'phone', 'email'])
const field = z
  .looseObject({
    type: fieldType,
    at: pointer,
    item: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
    member: z.string().optional(),
    format: z.enum(['e164', 'bcp47']).optional(),
  })
  .refine(({ item, member }) => (item === undefined) === (member === undefined), 'item and member belong together')
const fields = z.record(z.string(), field)
const open = z.array(z.strictObject({ prefix: z.string(), at: z.string().startsWith('/').endsWith('/') })).optional()

/** The operations that each object needs, whichever way it is matched. */
const needed = { upsert: ['put'], 'search-then-create': ['search', 'create', 'update'] } as const

/** What each operation can be filled with: any other name is a mistake. */
const places: Readonly<Record<string, readonly string[]>> = {
  put: ['source', 'id', 'body'],
  get: ['source', 'id'],
  getById: ['remoteId'],
  addIdentity: ['remoteId', 'body'],
  erase: ['source', 'id'],
  search: ['values', 'fields'],
  create: ['records'],
  update: ['remoteId', 'body', 'version'],
  archive: ['remoteId'],
  read: ['remoteIds', 'fields'],
  reconcile: ['since', 'after', 'limit', 'fields'],
  schema: [],
  joinList: ['list', 'remoteId'],
  leaveList: ['list', 'remoteId'],
  login: ['user', 'password'],
}

const structure = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string().min(1),
  transport: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('rest'),
      auth: z.literal('bearer'),
      idempotencyHeader: z.string().min(1),
      correlationHeader: z.string().min(1),
    }),
    z.strictObject({
      kind: z.literal('json-rpc'),
      auth: z.literal('login'),
      login: operation,
      authorization: z.string().includes('$session'),
      ids: z.enum(['number', 'text']),
      datetime: template,
    }),
  ]),
  match: z.enum(['upsert', 'search-then-create']),
  batch: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ndjson'), operation, operations: z.int().positive(), bytes: z.int().positive() }),
    z.strictObject({ kind: z.literal('atomic'), size: z.int().positive() }),
  ]),
  objects: z.record(
    z.string(),
    z.looseObject({
      from: z.enum(['category', 'product', 'company', 'person', 'consent', 'order', 'cart', 'event']),
      keyField: z.string().min(1),
      fields,
      open,
      children: z.record(z.string(), z.strictObject({ at: pointer, keyField: z.string().min(1), fields, open })).optional(),
      operations: z.partialRecord(
        z.enum(['put', 'get', 'getById', 'addIdentity', 'erase', 'search', 'create', 'update', 'archive', 'read']),
        operation,
      ),
      deliver: z.int().positive(),
      delivery: z.enum(['upsert', 'idempotent']),
    }),
  ),
  operations: z.partialRecord(z.enum(['schema', 'joinList', 'leaveList']), operation),
  reconcile: z.strictObject({ object: z.string(), operation, pageSize: z.int().positive() }).optional(),
  errors: z.array(
    z.strictObject({
      is: z.enum([
        'stale',
        'stale-consent',
        'conflict',
        'merged',
        'erased',
        'not-found',
        'waits',
        'consent',
        'evidence',
        'future',
        'changed',
        'too-large',
        'unknown-field',
        'refused',
        'session',
      ]),
      status: z.int().optional(),
      code: z.string().optional(),
      detail: z.string().optional(),
      text: z.string().refine(isPattern, 'must be a regular expression').optional(),
    }),
  ),
  capabilities: z.strictObject(
    Object.fromEntries(
      ['upsert', 'bulk', 'consent', 'erase', 'activities', 'orders', 'deals', 'lists', 'merge', 'optimisticLock'].map((name) => [
        name,
        z.boolean(),
      ]),
    ),
  ),
  contract: z.looseObject({ objects: z.record(z.string(), z.unknown()) }),
})

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== ''
  } catch {
    return false
  }
}

const namesIn = (part: Template | undefined): string[] => {
  if (typeof part === 'string') return part.startsWith('$') ? [part.slice(1)] : []
  if (typeof part !== 'object' || part === null) return []
  return Object.values(part).flatMap((inner: Template) => namesIn(inner))
}

const unfillable = (name: string, { call, body }: Operation): string[] => {
  const known = places[name] ?? []
  const asked = [...[...call.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''), ...namesIn(body)]
  return asked
    .filter((one) => !known.includes(one))
    .map((one) => `"${one}" cannot be filled in; there is ${known.join(', ') || 'nothing to fill in'}`)
}

/** What the parts say of each other. */
const contradictions = ({ objects, operations, match, transport, batch, capabilities, contract, reconcile }: Dialect): string[] => {
  const problems: string[] = []
  const named = Object.entries(objects).flatMap(([object, { operations: own }]) =>
    Object.entries(own).map(([name, one]) => ({ name, at: `objects.${object}.operations.${name}`, one })),
  )
  const all = [...named, ...Object.entries(operations).map(([name, one]) => ({ name, at: `operations.${name}`, one }))]
  if (reconcile !== undefined) all.push({ name: 'reconcile', at: 'reconcile.operation', one: reconcile.operation })
  if (transport.kind === 'json-rpc') all.push({ name: 'login', at: 'transport.login', one: transport.login })
  for (const { name, at, one } of all) problems.push(...unfillable(name, one).map((problem) => `${at}: ${problem}`))
  for (const [object, { operations: own, from }] of Object.entries(objects)) {
    const lacking = needed[match].filter((name) => own[name] === undefined)
    if (lacking.length > 0) problems.push(`objects.${object}.operations: ${match} needs ${lacking.join(', ')}`)
    const needs = { consent: 'consent', event: 'activities' } as const
    const capability = from === 'consent' || from === 'event' ? needs[from] : undefined
    if (capability !== undefined && !capabilities[capability])
      problems.push(`objects.${object}: capabilities.${capability} is false, so it cannot be there`)
  }
  if ((match === 'upsert') !== (transport.kind === 'rest')) problems.push(`match: ${match} over ${transport.kind} is not supported`)
  if ((match === 'upsert') !== capabilities.upsert) problems.push(`capabilities.upsert: says the opposite of match: ${match}`)
  if ((batch.kind === 'ndjson') !== (transport.kind === 'rest'))
    problems.push(`batch: ${batch.kind} over ${transport.kind} is not supported`)
  if (capabilities.lists !== (operations.joinList !== undefined && operations.leaveList !== undefined))
    problems.push('capabilities.lists: says the opposite of operations.joinList and leaveList')
  if (capabilities.erase !== Object.values(objects).some(({ operations: own }) => own.erase !== undefined))
    problems.push('capabilities.erase: says the opposite of the operations')
  for (const object of Object.keys(contract.objects))
    if (!Object.hasOwn(objects, object)) problems.push(`contract.objects.${object}: there is no such object`)
  if (reconcile !== undefined && !Object.hasOwn(objects, reconcile.object)) problems.push('reconcile.object: there is no such object')
  return problems
}

/** Checks a dialect. Throws MillraceError `dialect_invalid` that names everything wrong, each with its path. */
export const parseDialect = (dialect: Dialect): Dialect => {
  const parsed = structure.safeParse(dialect)
  const problems = parsed.success
    ? contradictions(dialect)
    : parsed.error.issues.map(({ path, message }) => `${path.length === 0 ? 'dialect' : path.join('.')}: ${message}`)
  if (problems.length === 0) return dialect
  throw new MillraceError({
    code: 'dialect_invalid',
    scope: 'destination',
    field: 'dialect',
    message: `The dialect ${dialect.name} cannot be used. Correct:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
  })
}
