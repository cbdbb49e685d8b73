import { z } from 'zod'
import { addressSchema, customFieldsSchema, instantSchema, namedSchema } from './common.ts'
import { consentSchema } from './consent.ts'

/** A registered customer account. `groups` holds every group, in whichever form the platform keeps them; `groups[0]` is the main one. */
export const customerSchema = z.object({
  entity: z.literal('customer'),
  id: z.string().min(1),
  key: z.string().optional(),
  customerNumber: z.string().optional(),
  externalId: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  /** Unmodified as the source holds it. Compare only case-folded. */
  email: z.string().optional(),
  emailVerified: z.boolean().default(false),
  accountStatus: z.enum(['active', 'disabled', 'external']).default('active'),
  title: z.string().optional(),
  salutation: z.string().optional(),
  firstName: z.string().optional(),
  middleName: z.string().optional(),
  lastName: z.string().optional(),
  /** A calendar date, `YYYY-MM-DD`. */
  dateOfBirth: z.string().optional(),
  phone: z.string().optional(),
  companyName: z.string().optional(),
  vatId: z.string().optional(),
  locale: z.string().optional(),
  groups: z.array(namedSchema).default([]),
  /** Keys of the stores the account is limited to; empty = global. */
  stores: z.array(z.string()).default([]),
  /** Ids of the companies (business units) the person belongs to. */
  companyIds: z.array(z.string()).default([]),
  addresses: z.array(addressSchema).default([]),
  billingAddress: addressSchema.optional(),
  shippingAddress: addressSchema.optional(),
  consents: z.array(consentSchema).default([]),
  custom: customFieldsSchema.default({}),
})
export type Customer = z.infer<typeof customerSchema>
