import { createHash, timingSafeEqual } from 'node:crypto'
import { readBody, type CollectContext, type Collected, type EventInput } from '@millrace/core'
import { parseBrowserBody, type BrowserBody } from './collect-body.ts'
import type { BrowserSettings } from './collect-settings.ts'
import { verifyIdentity } from './identity-token.ts'
import { rateLimit } from './rate-limit.ts'
import { malformed, readJson } from './refuse.ts'

const maxBrowserBytes = 64 * 1024
const keyHeader = 'x-millrace-key'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Answers requests of pages. `keep` keeps what was read and makes a response of whatever went wrong. */
export type BrowserCalls = (
  request: Request,
  ctx: CollectContext,
  keep: (read: () => Promise<Collected>) => Promise<Response>,
) => Promise<Response>

/**
 * Requests of pages: only of the origins that are listed, with the public write key, within the rate; only browse events, of the visitor or of whom a token of the
 * shop's server names.
 */
export const browserCalls = ({ writeKey, origins, identitySecret, perAddress, perKey, addressHeader }: BrowserSettings): BrowserCalls => {
  const keys = [writeKey].flat().map(digest)
  const secrets = [identitySecret ?? []].flat()
  const ofAddress = rateLimit(perAddress)
  const ofKey = rateLimit(perKey)

  const isKey = (given: string): boolean => keys.map((key) => timingSafeEqual(key, digest(given))).some(Boolean)
  const addressOf = (request: Request, { address }: CollectContext): string | undefined =>
    addressHeader === undefined ? address : request.headers.get(addressHeader)?.split(',').at(-1)?.trim()

  const read = async (request: Request, now: number): Promise<Collected> => {
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) throw malformed('It is not JSON.')
    const body = parseBrowserBody(readJson(await readBody(request, maxBrowserBytes)), origins, now)
    const customerId = await customerOf(body, now)
    const { anonymousId } = body
    return {
      events: body.events.map((event) => toEvent(event, anonymousId, customerId)),
      identities: customerId === undefined ? [] : [{ anonymousId, customerId }],
    }
  }
  const customerOf = async ({ identity, anonymousId }: BrowserBody, now: number): Promise<string | undefined> => {
    if (identity === undefined) return undefined
    return verifyIdentity(secrets, identity, anonymousId, now)
  }

  return async (request, ctx, keep) => {
    const origin = request.headers.get('origin') ?? ''
    if (!origins.includes(origin)) return new Response(null, { status: 403, headers: { vary: 'origin' } })
    const cors = { 'access-control-allow-origin': origin, vary: 'origin' }
    const answer = (status: number, more: Record<string, string> = {}): Response =>
      new Response(null, { status, headers: { ...cors, ...more } })
    if (request.method === 'OPTIONS')
      return answer(204, {
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': `content-type, ${keyHeader}`,
        'access-control-max-age': '3600',
      })
    if (request.method !== 'POST') return answer(405)
    const now = ctx.clock.now()
    const address = addressOf(request, ctx)
    // By address first: strangers without a key must not use up the key's share.
    if (address !== undefined && !ofAddress(address, now)) return answer(429, { 'retry-after': '60' })
    const key = request.headers.get(keyHeader) ?? ''
    if (!isKey(key)) return answer(401)
    if (!ofKey(key, now)) return answer(429, { 'retry-after': '60' })
    const response = await keep(() => read(request, now))
    return answer(response.status)
  }
}

/** The id is inside the visitor's own, so that no page can take the id of what somebody else, or a record, tells. */
const toEvent = (
  { id, type, occurredAt, data = {} }: BrowserBody['events'][number],
  anonymousId: string,
  customerId?: string,
): EventInput => {
  const { lines = [], ...rest } = data
  return {
    id: `browse:${anonymousId}:${id}`,
    type,
    occurredAt,
    subject: { anonymousId, ...(customerId === undefined ? {} : { customerId }) },
    data: { ...stripped(rest), lines: lines.map(stripped) },
  }
}

/** Without what is undefined: the model's optional fields are absent or there. */
const stripped = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  // The entries are those of the value, less the undefined ones.
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
