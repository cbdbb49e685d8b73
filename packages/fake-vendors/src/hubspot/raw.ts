import type { FakeHubSpotOptions } from './options.ts'
import { unlimited } from './options.ts'
import { startFakeHubSpot, type FakeHubSpot } from './server.ts'

/** An answer as raw HTTP gives it. `body` is parsed JSON, or text when it is none. */
export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
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
  return { status: response.status, headers: response.headers, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
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
