import { z } from 'zod'

import { address } from '../contacts/body.ts'
import type { Address } from '../contacts/contact.ts'
import { externalId, type ExternalId } from '../reference.ts'
import { currency, decimal, sourceVersion, text, timestamp, validate } from '../validate.ts'

/** A line of an order. Amounts are decimal strings in the order's currency. */
export interface OrderLine {
  readonly id: string
  readonly sku?: string | undefined
  readonly productKey?: string | undefined
  readonly name: string
  readonly quantity: number
  readonly unitPrice: string
  readonly total: string
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** Body of an order write: the whole order as it is now; what is absent is gone. */
export interface OrderBody {
  readonly sourceVersion: number
  /** The buyer; null for orders of nobody. */
  readonly contact: ExternalId | null
  readonly number?: string | undefined
  readonly placedAt: string
  readonly status: string
  readonly paymentStatus?: string | undefined
  readonly shipmentStatus?: string | undefined
  readonly currency: string
  readonly gross: string
  readonly net?: string | undefined
  readonly tax?: string | undefined
  readonly shipping?: string | undefined
  readonly discount?: string | undefined
  readonly refunded?: string | undefined
  readonly store?: string | undefined
  readonly channel?: string | undefined
  readonly locale?: string | undefined
  readonly customerGroup?: string | undefined
  /** Personal data, cleared by an erasure of the contact. */
  readonly email?: string | undefined
  readonly billingAddress?: Address | undefined
  readonly shippingAddress?: Address | undefined
  readonly lines: readonly OrderLine[]
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** A stored order. */
export interface StoredOrder extends OrderBody {
  readonly id: string
  readonly externalId: ExternalId
  readonly contactId: string | undefined
  readonly version: number
  readonly lastModified: number
}

const line = z.strictObject({
  id: text(255),
  sku: text(255).optional(),
  productKey: text(255).optional(),
  name: z.string().max(512),
  quantity: z.int(),
  unitPrice: decimal,
  total: decimal,
  attributes: z.record(z.string().max(128), z.string().max(1000)).optional(),
})

const word = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)

const order: z.ZodType<OrderBody> = z.strictObject({
  sourceVersion,
  contact: externalId.nullable(),
  number: text(255).optional(),
  placedAt: timestamp,
  status: word,
  paymentStatus: word.optional(),
  shipmentStatus: word.optional(),
  currency,
  gross: decimal,
  net: decimal.optional(),
  tax: decimal.optional(),
  shipping: decimal.optional(),
  discount: decimal.optional(),
  refunded: decimal.optional(),
  store: text(255).optional(),
  channel: text(255).optional(),
  locale: z.string().max(35).optional(),
  customerGroup: text(255).optional(),
  email: z.email().max(254).optional(),
  billingAddress: address.optional(),
  shippingAddress: address.optional(),
  lines: z
    .array(line)
    .max(1000)
    .refine((lines) => new Set(lines.map(({ id }) => id)).size === lines.length, 'duplicate'),
  attributes: z.record(z.string(), z.unknown()).optional(),
})

/** The order in a body; refuses what has the wrong shape. */
export function readOrder(body: unknown): OrderBody {
  return validate(order, body)
}

/** The order after its buyer was erased: revenue without a person. */
export function withoutPerson(stored: StoredOrder, at: number): StoredOrder {
  const { email: _email, billingAddress: _billing, shippingAddress: _shipping, ...rest } = stored
  return { ...rest, contact: null, contactId: undefined, version: stored.version + 1, lastModified: at }
}
