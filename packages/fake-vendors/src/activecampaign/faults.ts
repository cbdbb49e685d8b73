import { isJsonObject, parseJson, type Fault } from '../http/index.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }

/** Faults in ActiveCampaign's own form, for `faults.next()` and `faults.schedule()`. Nothing is applied unless it says so. */
export const activeCampaignFaults = {
  /** 429 with a Retry-After in seconds. */
  rateLimited: (retryAfterSeconds = 1): Fault => ({
    kind: 'reply',
    reply: {
      status: 429,
      headers: { 'retry-after': String(retryAfterSeconds) },
      body: { message: 'You have exceeded the rate limit of this account.' },
    },
  }),
  /** 400 that is a rate limit: what bulk import answers when it is called too often. */
  importLimited: (): Fault => ({
    kind: 'reply',
    reply: { status: 400, body: ['Up to 100 imports may be requested per minute. Please wait and retry.'] },
  }),
  /** 500 with a JSON body. */
  serverError: (): Fault => ({ kind: 'reply', reply: { status: 500, body: { message: 'Internal Server Error' } } }),
  /** 502 with a page of the proxy instead of JSON. */
  badGateway: (): Fault => ({ kind: 'reply', reply: { status: 502, headers: html, body: '<html><body>502 Bad Gateway</body></html>' } }),
  /** 503 with HTML, as after hammering. */
  unavailable: (): Fault => ({
    kind: 'reply',
    reply: { status: 503, headers: html, body: '<html><body>503 Service Temporarily Unavailable</body></html>' },
  }),
  /** 200 with an empty object: nothing was done. */
  silentNoOp: (): Fault => ({ kind: 'reply', reply: { status: 200, body: {} } }),
  /** 200 that confirms an import that was never queued. */
  lyingImport: (): Fault => ({
    kind: 'reply',
    reply: (request) => {
      const body = parseJson(request.text)
      const contacts = isJsonObject(body) && Array.isArray(body['contacts']) ? body['contacts'].length : 0
      return { status: 200, body: { Success: 1, queued_contacts: contacts, batchId: 'never-queued', message: 'Contact import queued' } }
    },
  }),
  /** The request is applied, but GraphQL answers no data and no errors. */
  emptyData: (): Fault => ({ kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: { data: {} } }) }),
  /** The request is applied, but the connection breaks before the answer. */
  resetAfterCommit: (): Fault => ({ kind: 'reset', when: 'after' }),
  /** The connection breaks before anything is applied. */
  resetBeforeCommit: (): Fault => ({ kind: 'reset', when: 'before' }),
  /** No answer; the request is applied some time or some requests later, after the client gave up. */
  appliedLate: (when: { readonly afterMs?: number; readonly afterRequests?: number }, answer: 'none' | 'reset' = 'none'): Fault => ({
    kind: 'late',
    answer,
    ...when,
  }),
} as const
