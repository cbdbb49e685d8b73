import { z } from 'zod'
import { customFieldsSchema, instantSchema } from './common.ts'

/**
 * A fact that happened once. `id` comes from business facts (`order.placed:<order>`, `refund:<transaction>`), never from versions, so that the same
 * fact has the same id whichever way it arrives.
 */
export const eventSchema = z.object({
  id: z.string().min(1),
  type: z.string().regex(/^[a-z]+(\.[a-z-]+)+$/),
  occurredAt: instantSchema,
  subject: z.object({ customerId: z.string().optional(), email: z.string().optional(), anonymousId: z.string().optional() }),
  data: customFieldsSchema.default({}),
})
export type CommerceEvent = z.infer<typeof eventSchema>
