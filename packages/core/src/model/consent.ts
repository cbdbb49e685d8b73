import { z } from 'zod'
import { instantSchema } from './common.ts'

/**
 * What a person allowed on one channel. `at` is when it was given or withdrawn; without `at` an opt-out counts as given now (design §7.5).
 * `unknown` never counts as granted and never overwrites a known status.
 */
export const consentSchema = z.object({
  channel: z.enum(['email', 'sms', 'phone', 'post', 'push']),
  purpose: z.string().default('marketing'),
  status: z.enum(['granted', 'denied', 'unknown']),
  /** Where the statement was made, such as `checkout` or the path of a custom field. */
  source: z.string().optional(),
  at: instantSchema.optional(),
  basis: z.string().optional(),
  evidence: z.record(z.string(), z.string()).optional(),
})
export type Consent = z.infer<typeof consentSchema>
