import { z } from 'zod'
import { addressSchema, customFieldsSchema, instantSchema } from './common.ts'

/** A company or one of its divisions (business unit). */
export const companySchema = z.object({
  entity: z.literal('company'),
  id: z.string().min(1),
  key: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  name: z.string(),
  status: z.enum(['active', 'inactive']).default('active'),
  kind: z.enum(['company', 'division']).default('company'),
  parentId: z.string().optional(),
  email: z.string().optional(),
  vatId: z.string().optional(),
  stores: z.array(z.string()).default([]),
  addresses: z.array(addressSchema).default([]),
  billingAddress: addressSchema.optional(),
  shippingAddress: addressSchema.optional(),
  custom: customFieldsSchema.default({}),
})
export type Company = z.infer<typeof companySchema>
