import { classify, createHttpClient, foldEmail, type HttpClient, type HttpReply } from '@millrace/adapter-kit'
import { isMillraceError, type Clock, type DestinationContext, type FieldValue, type Found, type Outcome } from '@millrace/core'
import type { ContactWrite, MarketingProvider } from '@millrace/destination-marketing'

/** Settings of a made-up mailing system with a small JSON interface: `PUT /subscribers/{email}`, `GET /subscribers/{email}`. */
export interface MailbirdSettings {
  baseUrl: string
  apiKey: string
  audience: string
}

/** What an answer about a subscriber holds. */
interface Subscriber {
  id: string
  email: string
  created: boolean
  fields: Record<string, FieldValue>
}

const isSubscriber = (body: unknown): body is Subscriber =>
  typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' && 'fields' in body

/**
 * The smallest useful provider: contacts and nothing else, so that `marketing({ provider })` offers the object `contact` only. It shows what every provider has to
 * decide: how a contact is found, what a new one is told about mail, and what an answer confirms.
 */
export const mailbird = (settings: MailbirdSettings): MarketingProvider => {
  const clients = new Map<Clock, HttpClient>()
  const http = ({ clock, logger }: DestinationContext): HttpClient => {
    const known = clients.get(clock)
    if (known !== undefined) return known
    const made = createHttpClient({ baseUrl: settings.baseUrl, credential: settings.apiKey, clock, logger })
    clients.set(clock, made)
    return made
  }
  const call = (method: 'GET' | 'PUT' | 'DELETE', path: string, ctx: DestinationContext, body?: unknown): Promise<HttpReply> =>
    http(ctx).request({
      method,
      path,
      idempotent: true,
      signal: ctx.signal,
      exchanged: ctx.exchanged,
      ...(body === undefined ? {} : { body }),
    })
  const failure = (reply: HttpReply, what: string, ctx: DestinationContext) =>
    classify(reply, { vendor: 'Mailbird', call: what, now: ctx.clock.now(), setting: 'apiKey', scope: 'record' })

  const write = async (contact: ContactWrite, ctx: DestinationContext): Promise<Outcome | undefined> => {
    const { unit, id, key, keyName } = contact
    const fields = { ...contact.fields, ...(contact.keyChanged ? { [keyName]: key } : {}) }
    // Of a subscriber that is there nothing is said about mail; a new one is mailable only if somebody said so.
    const start = id === undefined ? { status: contact.initial.email === 'granted' ? 'active' : 'inactive' } : {}
    // By id where it is known, so that a new address makes no second subscriber.
    const path =
      id === undefined ? `/subscribers/${encodeURIComponent(foldEmail(contact.email))}` : `/subscribers/id/${encodeURIComponent(id)}`
    const body = { email: contact.email, fields, blankFields: contact.blankFields, onCreate: start, audience: settings.audience }
    const reply = await call('PUT', path, ctx, body)
    if (reply.status >= 300) return { unit, result: 'failed', error: failure(reply, 'upsert of a subscriber', ctx) }
    // A success that does not name the subscriber confirms nothing: without an outcome it is sent again.
    if (!isSubscriber(reply.body)) return undefined
    return { unit, remoteId: reply.body.id, result: 'delivered', created: reply.status === 201 }
  }

  return {
    name: 'mailbird',
    contactFields: { FIRSTNAME: { type: 'string' }, LASTNAME: { type: 'string' } },
    limits: { contacts: 100, find: 100 },
    async *contacts(writes, ctx) {
      for (const contact of writes) {
        try {
          const outcome = await write(contact, ctx)
          if (outcome === undefined) continue
          // What concerns everybody stops everybody.
          if (outcome.result === 'failed' && outcome.error.scope === 'destination') throw outcome.error
          yield [outcome]
        } catch (error) {
          if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
          yield [{ unit: contact.unit, result: 'failed', error }]
        }
      }
    },
    /** Asks for somebody who is not there: the answer tells whether the key is taken. */
    async check(ctx) {
      const reply = await call('GET', '/subscribers/nobody%40example.invalid', ctx)
      if (reply.status !== 404 && reply.status >= 300) throw failure(reply, 'the check', ctx)
      return []
    },
    async find(emails, ctx) {
      const found: Found[] = []
      for (const email of emails) {
        const reply = await call('GET', `/subscribers/${encodeURIComponent(email)}`, ctx)
        if (reply.status === 404) continue
        if (!isSubscriber(reply.body)) throw failure(reply, 'reading of a subscriber', ctx)
        const { id, fields } = reply.body
        found.push({ remoteId: id, key: String(fields[`${ctx.contract.prefix}_key`] ?? ''), value: email, fields })
      }
      return found
    },
    async *remove(removals, ctx) {
      for (const { unit, id } of removals) {
        const reply = await call('DELETE', `/subscribers/id/${encodeURIComponent(id)}`, ctx)
        const isGone = reply.status === 404 || reply.status < 300
        yield [
          isGone
            ? { unit, result: 'delivered', created: false }
            : { unit, result: 'failed', error: failure(reply, 'removal of a subscriber', ctx) },
        ]
      }
    },
    usage: () =>
      [...clients.values()]
        .map((client) => client.usage())
        .reduce(
          (sum, one) => ({
            requests: sum.requests + one.requests,
            rateLimited: sum.rateLimited + one.rateLimited,
            retries: sum.retries + one.retries,
          }),
          {
            requests: 0,
            rateLimited: 0,
            retries: 0,
          },
        ),
    close() {
      for (const client of clients.values()) client.close()
    },
  }
}
