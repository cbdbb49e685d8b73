import { z } from 'zod'
import { addressSchema, customFieldsSchema, instantSchema, localizedSchema, namedSchema } from './common.ts'
import { consentSchema } from './consent.ts'
import { moneySchema } from './money.ts'

/** One transaction of a payment. Only `success` moves money. */
export const transactionSchema = z.object({
  id: z.string(),
  type: z.enum(['authorization', 'charge', 'refund', 'chargeback', 'cancel']),
  state: z.enum(['initial', 'pending', 'success', 'failure']),
  amount: moneySchema,
  at: instantSchema.optional(),
})
export type Transaction = z.infer<typeof transactionSchema>

export const paymentSchema = z.object({
  id: z.string(),
  method: z.string().optional(),
  provider: z.string().optional(),
  planned: moneySchema.optional(),
  transactions: z.array(transactionSchema).default([]),
})
export type Payment = z.infer<typeof paymentSchema>

/** A line of an order or cart. `total` is what is paid for the line after line discounts; `unitPrice` is per piece after line discounts. */
export const lineSchema = z.object({
  /** Stable within the order. */
  id: z.string(),
  kind: z.enum(['product', 'custom', 'gift']).default('product'),
  sku: z.string().optional(),
  productId: z.string().optional(),
  productKey: z.string().optional(),
  variantId: z.string().optional(),
  name: localizedSchema.default({}),
  slug: localizedSchema.default({}),
  quantity: z.number().int(),
  unitPrice: moneySchema,
  listPrice: moneySchema.optional(),
  total: moneySchema,
  tax: moneySchema.optional(),
  discount: moneySchema.optional(),
  cost: moneySchema.optional(),
  imageUrl: z.string().optional(),
  /** From the root down, localized or plain names as the source gives them. */
  categoryPath: z.array(localizedSchema).default([]),
  attributes: customFieldsSchema.default({}),
  custom: customFieldsSchema.default({}),
})
export type Line = z.infer<typeof lineSchema>

export const returnItemSchema = z.object({
  id: z.string(),
  lineId: z.string().optional(),
  quantity: z.number().int(),
  shipmentState: z.enum(['advised', 'returned', 'back-in-stock', 'unusable']),
  paymentState: z.enum(['non-refundable', 'initial', 'refunded', 'not-refunded']),
  at: instantSchema.optional(),
})
export type ReturnItem = z.infer<typeof returnItemSchema>

/**
 * An order with its payments. Amounts are kept apart and exact: `gross` = what the buyer owes including tax and shipping after all discounts,
 * `net` = gross without tax (absent where the source does not know the tax), `shipping` gross, `discount` positive, `refunded` = successful refunds
 * and chargebacks. No amount is ever made up: an unknown one is absent.
 */
export const orderSchema = z.object({
  entity: z.literal('order'),
  id: z.string().min(1),
  number: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  placedAt: instantSchema,
  /** When the charged sum first covered the gross amount; absent while unpaid. */
  paidAt: instantSchema.optional(),
  origin: z.enum(['customer', 'merchant', 'quote', 'recurring', 'unknown']).default('unknown'),
  customerId: z.string().optional(),
  email: z.string().optional(),
  anonymousId: z.string().optional(),
  /** The cart that it was made from, in the source's own id. */
  cartId: z.string().optional(),
  companyId: z.string().optional(),
  customerGroup: namedSchema.optional(),
  store: z.string().optional(),
  channel: z.string().optional(),
  locale: z.string().optional(),
  country: z.string().optional(),
  orderState: z.enum(['open', 'confirmed', 'complete', 'cancelled', 'unknown']).default('unknown'),
  paymentState: z.enum(['balance-due', 'failed', 'pending', 'credit-owed', 'paid', 'unknown']).default('unknown'),
  shipmentState: z
    .enum(['pending', 'ready', 'partial', 'shipped', 'delivered', 'delayed', 'backorder', 'cancelled', 'unknown'])
    .default('unknown'),
  /** The shop's own workflow state, where it has one. */
  workflowState: namedSchema.optional(),
  gross: moneySchema,
  net: moneySchema.optional(),
  tax: moneySchema.optional(),
  shipping: moneySchema.optional(),
  discount: moneySchema.optional(),
  refunded: moneySchema,
  couponCodes: z.array(z.string()).default([]),
  paymentMethods: z.array(z.string()).default([]),
  payments: z.array(paymentSchema).default([]),
  lines: z.array(lineSchema).default([]),
  returns: z.array(returnItemSchema).default([]),
  billingAddress: addressSchema.optional(),
  shippingAddress: addressSchema.optional(),
  shippingMethods: z.array(z.string()).default([]),
  trackingNumbers: z.array(z.string()).default([]),
  url: z.string().optional(),
  /** What the buyer allowed at the checkout. Counts for guests; accounts have consents of their own. */
  consents: z.array(consentSchema).optional(),
  custom: customFieldsSchema.default({}),
})
export type Order = z.infer<typeof orderSchema>
