import { type Credential, isCredential, z } from '@millrace/adapter-kit'
import type { Dialect } from './dialect/dialect.ts'

/** Settings of {@link crmOne}. */
export interface CrmOneSettings {
  /** Where the CRM serves its contract, such as `https://crm.example.com/v1`. */
  baseUrl: string
  /** Bearer token; for dialects that log in `user:password`. A function is called again after a 401. Where tokens are given out by OAuth 2.0: `oauth({...})` of the adapter kit. */
  token: Credential
  /** Default `crmOneDialect`. */
  dialect?: Dialect
}

const isLocal = (hostname: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)

const isSafe = (address: string): boolean => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname)))
}

/** Checked when the destination is made; the dialect has a check of its own. */
export const settingsSchema: z.ZodType<Omit<CrmOneSettings, 'dialect'>> = z.strictObject({
  baseUrl: z.string().refine(isSafe, 'must be an https address such as https://crm.example.com/v1 (http only on this machine)'),
  token: z.custom<Credential>(isCredential, 'is missing: give the token, a function that returns it, or oauth({...})'),
})
