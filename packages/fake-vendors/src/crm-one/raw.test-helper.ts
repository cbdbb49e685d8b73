import { isJsonObject, parseJson } from '../http/index.ts'
import { disagreements } from './document.test-helper.ts'
import type { FakeCrmOneOptions } from './options.ts'
import { startFakeCrmOne, type FakeCrmOne } from './server.ts'

/** An answer as raw HTTP gives it. `body` is parsed JSON, or text when it is none. */
export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
  /** `code` of a problem; empty when there is none. */
  readonly code: string
  /** `pointer code` of each entry of `errors`. */
  readonly errors: readonly string[]
}

/** What a request says beside method, path and body. A null header is left out. */
export interface RawOptions {
  /** Idempotency-Key; a fresh one by default. */
  readonly key?: string
  readonly headers?: Readonly<Record<string, string | null>>
}

let lastKey = 0

function defaultHeaders(fake: FakeCrmOne, method: string, path: string, key: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${fake.token}`,
    'x-correlation-id': `test-${(lastKey += 1)}`,
    'content-type': path.startsWith('/activities/') ? 'application/cloudevents+json' : 'application/json',
    ...(method !== 'GET' && { 'idempotency-key': key ?? `key-${lastKey}` }),
  }
}

/** JSON values of a body: none, one, or one a line. Broken lines are left out. */
function bodiesOf(type: string | null, body: unknown): unknown[] {
  if (body === undefined || body === '') return []
  if (typeof body !== 'string') return [body]
  const texts = type === 'application/x-ndjson' ? body.split('\n') : [body]
  return texts.map(parseJson).filter((value) => value !== undefined)
}

/** Sends one request as written: no retry, no adapter, no redirect. Throws when the exchange is not as the OpenAPI document says. */
export async function raw(fake: FakeCrmOne, method: string, path: string, body?: unknown, options: RawOptions = {}): Promise<RawReply> {
  const headers = new Headers(defaultHeaders(fake, method, path, options.key))
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  const response = await fetch(fake.url + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = parseJson(text)
  const found = disagreements({
    method,
    path,
    status: response.status,
    requestType: headers.get('content-type') ?? '',
    sent: bodiesOf(headers.get('content-type'), body),
    replyType: response.headers.get('content-type') ?? undefined,
    received: bodiesOf(response.headers.get('content-type'), text),
  })
  if (found.length > 0) throw new Error(found.join('\n'))
  const object = isJsonObject(parsed) ? parsed : {}
  const errors = Array.isArray(object['errors']) ? object['errors'].filter(isJsonObject) : []
  return {
    status: response.status,
    headers: response.headers,
    body: object,
    text,
    code: typeof object['code'] === 'string' ? object['code'] : '',
    errors: errors.map(({ pointer, code }) => `${String(pointer)} ${String(code)}`),
  }
}

/** One line of a bulk. */
export interface Line {
  readonly op: string
  readonly path: string
  readonly body?: unknown
  readonly idempotencyKey: string
}

/** Sends a bulk; its lines by key. */
export async function rawBulk(
  fake: FakeCrmOne,
  lines: readonly Line[] | string,
): Promise<{
  readonly reply: RawReply
  readonly received: readonly string[]
  readonly lines: ReadonlyMap<string, Record<string, unknown>>
}> {
  const body = typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n')
  const reply = await raw(fake, 'POST', '/bulk', body, { headers: { 'content-type': 'application/x-ndjson' } })
  const parsed = reply.status === 207 ? reply.text.split('\n').map(parseJson).filter(isJsonObject) : []
  const received = parsed.map((line) => String(line['idempotencyKey']))
  return { reply, received, lines: new Map(parsed.map((line, index) => [received[index] ?? '', line])) }
}

/** Starts a fake, runs `body` and closes it. */
export async function withFake(options: FakeCrmOneOptions, body: (fake: FakeCrmOne) => Promise<void>): Promise<void> {
  const fake = await startFakeCrmOne(options)
  try {
    await body(fake)
  } finally {
    await fake.close()
  }
}

/** Source of the identities in tests. */
export const shop = 'commercetools:shop'

/** Path of a contact by its identity. */
export function contactPath(id: string, source: string = shop): string {
  return `/contacts/by-external-id/${encodeURIComponent(source)}/${encodeURIComponent(id)}`
}

/** `{contact}` of a path, and with `decoded` the subject of an activity. */
export function contactKey(id: string, decoded = false): string {
  return decoded ? `${shop}/${id}` : encodeURIComponent(`${shop}/${id}`)
}

/** A consent by e-mail for marketing. */
export function consent(status: string, at: string, more: object = {}): object {
  return { channel: 'email', purpose: 'marketing', status, at, source: 'shop', ...more }
}

/** An activity of a contact. */
export function activity(id: string, subject: string, type: string, more: object = {}): object {
  return {
    specversion: '1.0',
    id,
    source: '/shop',
    type,
    time: '2026-01-01T00:00:00Z',
    subject: contactKey(subject, true),
    data: {},
    ...more,
  }
}

/** An order with one line. */
export function order(sourceVersion: number, contactId: string | null, more: object = {}): object {
  return {
    sourceVersion,
    contact: contactId === null ? null : { source: shop, id: contactId },
    placedAt: '2026-01-01T00:00:00Z',
    status: 'Open',
    currency: 'EUR',
    gross: '19.99',
    lines: [{ id: '1', name: 'Mug', quantity: 1, unitPrice: '19.99', total: '19.99' }],
    ...more,
  }
}

/** A deal in the default pipeline. */
export function deal(sourceVersion: number, contactId: string | null, more: object = {}): object {
  const contact = contactId === null ? null : { source: shop, id: contactId }
  return { sourceVersion, pipeline: 'commerce', stage: 'placed', contact, amount: '19.99', currency: 'EUR', ...more }
}
