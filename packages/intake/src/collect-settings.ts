import { z } from 'zod'
import { secretSchema } from './signature.ts'

const share = z.number().min(0).max(1)
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
const origin = z.string().refine(isOrigin, 'must be an origin such as https://shop.example, without path')

const browserSchema = z.strictObject({
  /** Public: it stands in the shop's pages and only says which shop it is. Several while one is being replaced. */
  writeKey: z.union([z.string().min(16), z.array(z.string().min(16)).min(1)]),
  /** Where the pages are from; also the only places that addresses in events may point to. */
  origins: z.array(origin).min(1),
  /** Signs who somebody is ({@link signIdentity}); without it nobody is known by the browser. */
  identitySecret: secretSchema.optional(),
  /** Requests a minute of one address. Default 120. */
  perAddress: z.number().int().positive().default(120),
  /** Requests a minute of one write key. Default 6000. */
  perKey: z.number().int().positive().default(6_000),
  /** Behind a proxy: the header whose last address is the caller's, as the proxy writes it (`x-forwarded-for`). Default: whoever is connected. */
  addressHeader: z.string().toLowerCase().optional(),
})

/** Settings of `collect`. */
export const collectSettingsSchema = z.strictObject({
  /** For servers: requests signed with it ({@link signRequest}) may tell every type that `track` takes, of whomever they name. */
  secret: secretSchema.optional(),
  /** How old a signed request may be, ms. Default five minutes. */
  maxAgeMs: z
    .number()
    .int()
    .positive()
    .default(5 * 60_000),
  /** For pages in a browser: off unless it is set. */
  browser: browserSchema.optional(),
  /** The part of the visitors whose views and searches are kept, by type. Default: all. */
  sample: z.strictObject({ 'product.viewed': share.optional(), 'category.viewed': share.optional(), search: share.optional() }).default({}),
})
export type CollectSettings = z.input<typeof collectSettingsSchema>
export type BrowserSettings = z.output<typeof browserSchema>
