import { isJsonObject, parseJson } from '../http/index.ts'
import { unlimited, type FakeHubSpotOptions } from './options.ts'
import { startFakeHubSpot, type FakeHubSpot } from './server.ts'

/** An answer as raw HTTP gives it. `body` is parsed JSON, or text when it is none. */
export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** `results` of the body; empty when there are none. */
  readonly results: readonly Record<string, unknown>[]
  /** `errors` of the body; empty when there are none. */
  readonly errors: readonly Record<string, unknown>[]
  /** `message` of the body; empty when there is none. */
  readonly message: string
}

function members(body: unknown, name: string): Record<string, unknown>[] {
  const list = isJsonObject(body) ? body[name] : undefined
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

/** Sends one request as written: no retry, no adapter. */
export async function raw(
  fake: FakeHubSpot,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const response = await fetch(fake.url + path, {
    method,
    headers: { authorization: `Bearer ${fake.accessToken}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = parseJson(text) ?? text
  return {
    status: response.status,
    headers: response.headers,
    body: parsed,
    results: members(parsed, 'results'),
    errors: members(parsed, 'errors'),
    message: isJsonObject(parsed) && typeof parsed['message'] === 'string' ? parsed['message'] : '',
  }
}

/** Starts a fake without rate limits, runs `body` and closes it. */
export async function withFake(options: FakeHubSpotOptions, body: (fake: FakeHubSpot) => Promise<void>): Promise<void> {
  const fake = await startFakeHubSpot({ limits: unlimited, ...options })
  try {
    await body(fake)
  } finally {
    await fake.close()
  }
}

/** Path of CRM objects in the dated version. */
export function objects(type: string, rest = ''): string {
  return `/crm/objects/2026-03/${type}${rest}`
}

/** A batch of inputs for an upsert by one property. */
export function upserts(idProperty: string, rows: Readonly<Record<string, Readonly<Record<string, string>>>>, traced = true): object {
  return {
    inputs: Object.entries(rows).map(([id, properties]) => ({
      idProperty,
      id,
      properties,
      ...(traced && { objectWriteTraceId: `trace-${id}` }),
    })),
  }
}
