import { isJsonObject, parseJson } from '../http/index.ts'
import { unlimited, type FakeActiveCampaignOptions } from './options.ts'
import { startFakeActiveCampaign, type FakeActiveCampaign } from './server.ts'

/** An answer as raw HTTP gives it. `body` is parsed JSON, or text when it is none. */
export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** A member of the body that is an object; empty when there is none. */
  one(name: string): Record<string, unknown>
  /** Objects of a member of the body that is a list; empty when there is none. */
  many(name: string): Record<string, unknown>[]
}

function member(body: unknown, name: string): unknown {
  return isJsonObject(body) ? body[name] : undefined
}

async function read(response: Response): Promise<RawReply> {
  const text = await response.text()
  const body = parseJson(text) ?? text
  return {
    status: response.status,
    headers: response.headers,
    body,
    one(name) {
      const value = member(body, name)
      return isJsonObject(value) ? value : {}
    },
    many(name) {
      const value = member(body, name)
      return Array.isArray(value) ? value.filter(isJsonObject) : []
    },
  }
}

/** Sends one request below `/api/3/` as written: no retry, no adapter. */
export async function raw(
  fake: FakeActiveCampaign,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const response = await fetch(`${fake.url}/api/3/${path}`, {
    method,
    headers: { 'api-token': fake.apiToken, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return read(response)
}

/** Sends one event, form encoded, with the right account and key unless told otherwise. */
export async function sendEvent(fake: FakeActiveCampaign, form: Record<string, string>): Promise<RawReply> {
  const body = new URLSearchParams({ actid: fake.tracking.accountId, key: fake.tracking.eventKey, ...form })
  return read(await fetch(fake.tracking.url, { method: 'POST', body }))
}

/** Sends one GraphQL operation. */
export async function graphql(fake: FakeActiveCampaign, query: string, variables?: Record<string, unknown>): Promise<RawReply> {
  return raw(fake, 'POST', 'ecom/graphql', { query, ...(variables !== undefined && { variables }) })
}

/** Starts a fake without rate limits, runs `body` and closes it. */
export async function withFake(options: FakeActiveCampaignOptions, body: (fake: FakeActiveCampaign) => Promise<void>): Promise<void> {
  const fake = await startFakeActiveCampaign({ ...options, limits: { ...unlimited, ...options.limits } })
  try {
    await body(fake)
  } finally {
    await fake.close()
  }
}
