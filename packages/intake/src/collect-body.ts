import { trackedTypes, type Collected } from '@millrace/core'
import { z } from 'zod'
import { malformed } from './refuse.ts'

const futureMs = 5 * 60_000

const text = (length: number): z.ZodString => z.string().max(length)
const instant = z.iso.datetime()

const lineSchema = z.strictObject({
  sku: text(256).optional(),
  productKey: text(256).optional(),
  name: text(256).optional(),
  categoryPath: z.array(text(256)).max(10).optional(),
  quantity: z.number().int().min(1).max(100_000).optional(),
  url: text(2_000).optional(),
})

/** What a page may say of an event: nothing about money, images, e-mails or consent. Names and addresses of goods are what the catalog says, where it knows them. */
const browserEventSchema = z.strictObject({
  id: text(64).regex(/^[\w-]{6,}$/),
  type: z.enum(['product.viewed', 'category.viewed', 'search', 'cart.item-added']),
  occurredAt: instant,
  data: z
    .strictObject({
      store: text(256).optional(),
      locale: text(20).optional(),
      country: text(2).optional(),
      url: text(2_000).optional(),
      query: text(256).optional(),
      categoryPath: z.array(text(256)).max(10).optional(),
      lines: z.array(lineSchema).max(20).optional(),
    })
    .optional(),
})

const browserSchema = z.strictObject({
  anonymousId: text(64).regex(/^[\w-]{16,}$/),
  identity: text(2_000).optional(),
  events: z.array(browserEventSchema).max(50),
})
export type BrowserBody = z.infer<typeof browserSchema>

const subject = { customerId: text(256).min(1).optional(), email: text(320).optional(), anonymousId: text(256).min(1).optional() }

const serverSchema = z.strictObject({
  events: z
    .array(z.looseObject({ id: z.string(), type: z.enum(trackedTypes), occurredAt: instant, subject: z.strictObject(subject) }))
    .max(500)
    .default([]),
  identities: z
    .array(z.strictObject({ ...subject, anonymousId: text(256).min(1) }))
    .max(500)
    .default([]),
})

const parse = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not understood'}`)
}

const checkTimes = (events: readonly { occurredAt: string }[], now: number, oldestMs: number): void => {
  for (const { occurredAt } of events) {
    const at = Date.parse(occurredAt)
    if (at > now + futureMs) throw malformed('An event lies in the future.')
    if (at < now - oldestMs) throw malformed('An event is too old.')
  }
}

/** A page tells what it has just seen; what waited while it was offline is a day old at most. */
const browserAgeMs = 24 * 60 * 60_000
const serverAgeMs = 7 * browserAgeMs

/** What a page sent. Throws `notification_malformed`. */
export const parseBrowserBody = (body: unknown, origins: readonly string[], now: number): BrowserBody => {
  const parsed = parse(browserSchema, body)
  checkTimes(parsed.events, now, browserAgeMs)
  for (const { data } of parsed.events)
    for (const url of [data?.url, ...(data?.lines ?? []).map((line) => line.url)])
      if (url !== undefined && !origins.includes(URL.canParse(url) ? new URL(url).origin : ''))
        throw malformed('An address points to another place than the shop.')
  return parsed
}

/** What a server sent. What the events are in detail is checked when they are kept. Throws `notification_malformed`. */
export const parseServerBody = (body: unknown, now: number): Collected => {
  const { events, identities } = parse(serverSchema, body)
  checkTimes(events, now, serverAgeMs)
  return {
    // Events of another shape are refused by `keep`, which checks them whole.
    events,
    identities: identities.map(({ anonymousId, customerId, email }) => ({
      anonymousId,
      ...(customerId === undefined ? {} : { customerId }),
      ...(email === undefined ? {} : { email }),
    })),
  }
}
