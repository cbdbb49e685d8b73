import { z } from 'zod'
import { addressSchema, customFieldsSchema, instantSchema } from './common.ts'
import { moneySchema } from './money.ts'
import { lineSchema } from './order.ts'

/** A shopping cart. `recoveryUrl` comes from the template in the source's settings. */
export const cartSchema = z.object({
  entity: z.literal('cart'),
  id: z.string().min(1),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  state: z.enum(['active', 'merged', 'ordered', 'frozen']),
  customerId: z.string().optional(),
  email: z.string().optional(),
  anonymousId: z.string().optional(),
  store: z.string().optional(),
  locale: z.string().optional(),
  country: z.string().optional(),
  gross: moneySchema,
  net: moneySchema.optional(),
  tax: moneySchema.optional(),
  shipping: moneySchema.optional(),
  discount: moneySchema.optional(),
  lines: z.array(lineSchema).default([]),
  shippingAddress: addressSchema.optional(),
  recoveryUrl: z.string().optional(),
  custom: customFieldsSchema.default({}),
})
export type Cart = z.infer<typeof cartSchema>
