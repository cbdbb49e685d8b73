import { isJsonObject, parseJson } from '../http/index.ts'
import { unlimited, type FakeDotdigitalOptions } from './options.ts'
import { startFakeDotdigital, type FakeDotdigital } from './server.ts'

/** An answer as raw HTTP gives it. `body` is parsed JSON, or text when it is none. */
export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** Members of the body; empty when it is no object. */
  readonly json: Readonly<Record<string, unknown>>
  /** `errorCode` of version 3 or `message` of version 2; empty when there is neither. */
  readonly error: string
}

/** Sends one request as written: no retry, no adapter. */
export async function raw(
  fake: Pick<FakeDotdigital, 'url' | 'username' | 'password'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const response = await fetch(fake.url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${fake.username}:${fake.password}`).toString('base64')}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = parseJson(text) ?? text
  const json = isJsonObject(parsed) ? parsed : {}
  const error = json['errorCode'] ?? json['message']
  return { status: response.status, headers: response.headers, body: parsed, json, error: typeof error === 'string' ? error : '' }
}

/** Sends a write of one contact with the identifier that the path names, or the e-mail, as its `matchIdentifier`. */
export function writeContact(fake: FakeDotdigital, method: 'POST' | 'PATCH' | 'PUT', path: string, body: object): Promise<RawReply> {
  return raw(fake, method, path, { matchIdentifier: path.split('/')[3] ?? 'email', ...body })
}

/** Starts a fake without rate limits and with imports that are done at once, runs `body` and closes it. */
export async function withFake(options: FakeDotdigitalOptions, body: (fake: FakeDotdigital) => Promise<void>): Promise<void> {
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0, ...options })
  try {
    await body(fake)
  } finally {
    await fake.close()
  }
}

/** Path of a contact by e-mail. */
export function byEmail(email: string): string {
  return `/contacts/v3/email/${encodeURIComponent(email)}`
}

/** Sends an import and gives the report after it was applied. */
export async function imported(fake: FakeDotdigital, area: 'contacts' | 'insightData', body: object): Promise<RawReply> {
  const accepted = await raw(fake, 'PUT', `/${area}/v3/import`, body)
  fake.account.finishImports()
  return raw(fake, 'GET', `/${area}/v3/import/${String(accepted.json['importId'])}`)
}
