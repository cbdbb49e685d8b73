import { isJsonObject, type HttpReply } from '../http/index.ts'
import type { Account } from './account.ts'
import { invalid, refuse } from './errors.ts'

/** What a handler gets. */
export interface RouteContext {
  readonly account: Account
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Parsed JSON body; undefined when there is none. */
  readonly body: unknown
  /** The body as it came. */
  readonly text: string
  /** Tells how many inputs the request has. */
  countInputs(count: number): void
}

/** One endpoint under `/api/3/`. */
export interface Route {
  readonly method: string
  /** Path below `/api/3/`: `contacts/:id`. */
  readonly path: string
  readonly handle: (context: RouteContext) => HttpReply
}

/** 200 with a body. */
export function ok(body: object): HttpReply {
  return { status: 200, body }
}

/** 201 with a body. */
export function created(body: object): HttpReply {
  return { status: 201, body }
}

/** The envelope of a body: `{"contact": {...}}`. Refuses another shape with 400 and an empty object. */
export function envelope(context: RouteContext, name: string): Record<string, unknown> {
  const inner = isJsonObject(context.body) ? context.body[name] : undefined
  return isJsonObject(inner) ? inner : refuse('body-shape', 400, {})
}

/** A member as text: strings and numbers are the same to ActiveCampaign. Undefined when it is missing or null. */
export function text(source: Record<string, unknown>, name: string): string | undefined {
  const value = source[name]
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  return undefined
}

/** A member as text that must be there and not empty. */
export function requiredText(source: Record<string, unknown>, name: string): string {
  const value = text(source, name)
  return value === undefined || value === '' ? invalid('field-missing', `The ${name} was not provided.`, 'field_missing', name) : value
}

/** Time as ActiveCampaign writes it: whole seconds in the account's zone. */
export function stamp(at: number): string {
  return `${new Date(at - 6 * 3_600_000).toISOString().slice(0, 19)}-06:00`
}
