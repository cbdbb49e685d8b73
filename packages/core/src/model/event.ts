import { z } from 'zod'
import { customFieldsSchema, instantSchema } from './common.ts'
import { consentSchema } from './consent.ts'
import { moneySchema } from './money.ts'

/** Every type of event, in the order in which the guide lists them (`docs/guides/events.md`). */
export const eventTypes = [
  'account.created',
  'profile.changed',
  'consent.changed',
  'product.viewed',
  'category.viewed',
  'search',
  'cart.item-added',
  'cart.updated',
  'checkout.started',
  'cart.abandoned',
  'cart.recovered',
  'order.placed',
  'order.confirmed',
  'order.paid',
  'order.fulfilled',
  'order.cancelled',
  'purchase.first',
  'purchase.repeat',
  'refund',
  'return.in-progress',
  'return.received',
  'order.exchange',
  'order.warranty-claim',
  'price.dropped',
  'product.back-in-stock',
] as const
export type EventType = (typeof eventTypes)[number]

/** A piece of goods that an event is about. Texts are chosen in the language of the purchase; `categoryPath` runs from the root down; `value` = what all pieces cost. */
export const eventLineSchema = z.object({
  sku: z.string().optional(),
  productKey: z.string().optional(),
  name: z.string().optional(),
  categoryPath: z.array(z.string()).default([]),
  quantity: z.number().int().default(1),
  price: moneySchema.optional(),
  value: moneySchema.optional(),
  url: z.string().optional(),
  image: z.string().optional(),
})
export type EventLine = z.infer<typeof eventLineSchema>

/**
 * What an event tells. `value` = the exact amount it is about (gross of the order or cart, the refunded amount, the price of watched goods), `previousPrice` = what those
 * cost before, `quantity` = pieces of goods, `url` = where the customer can go on (order page, recovery link, product). `since` = when the cart was last touched, or when
 * the goods were put on the list. `changed` = names of the profile's fields.
 */
export const eventDataSchema = z.object({
  store: z.string().optional(),
  channel: z.string().optional(),
  locale: z.string().optional(),
  country: z.string().optional(),
  currency: z.string().optional(),
  value: moneySchema.optional(),
  previousPrice: moneySchema.optional(),
  quantity: z.number().int().optional(),
  orderId: z.string().optional(),
  orderNumber: z.string().optional(),
  cartId: z.string().optional(),
  transactionId: z.string().optional(),
  url: z.string().optional(),
  query: z.string().optional(),
  categoryPath: z.array(z.string()).default([]),
  since: instantSchema.optional(),
  changed: z.array(z.string()).default([]),
  consent: consentSchema.optional(),
  lines: z.array(eventLineSchema).default([]),
  custom: customFieldsSchema.default({}),
})
export type EventData = z.infer<typeof eventDataSchema>

/**
 * A fact that happened once. `id` comes from business facts (`order.placed:<order>`, `refund:<transaction>`), never from versions, so that the same
 * fact has the same id whichever way it arrives. It is unique within its source.
 */
export const eventSchema = z.object({
  id: z.string().min(1).max(500),
  type: z.enum(eventTypes),
  occurredAt: instantSchema,
  subject: z.object({ customerId: z.string().optional(), email: z.string().optional(), anonymousId: z.string().optional() }),
  data: eventDataSchema.prefault({}),
})
export type CommerceEvent = z.infer<typeof eventSchema>
/** The same with everything left out that has a default. */
export type EventInput = Omit<CommerceEvent, 'data'> & {
  data?: Partial<Omit<EventData, 'lines'>> & { lines?: readonly Partial<EventLine>[] }
}
