export type { Fault, FaultMatch, FaultRule, Faults, RecordedRequest, RecordMatch, ScheduledFault } from '../http/index.ts'
export type { AccountAccess, ContactContent } from './account-access.ts'
export type { ContactList, FailedImportStatus, SentMail } from './account.ts'
export type { Credentials } from './auth.ts'
export type { ConsentRecord, Contact, EmailChannel, EmailStatus, EmailType, MobileStatus, OptInType } from './contacts/contact.ts'
export type { EventOccurrence } from './events/routes.ts'
export { dotdigitalFaults } from './faults.ts'
export type { CollectionScope, CollectionType, InsightRecord } from './insight/collection.ts'
export type { Job } from './jobs.ts'
export {
  unlimited,
  type FakeDotdigitalOptions,
  type InsightLimits,
  type JobInfo,
  type RateLimits,
  type Region,
  type Tier,
} from './options.ts'
export type { RateLimitState } from './rate-limit.ts'
export { dotdigitalRules, type Evidence, type Rule, type RuleId } from './rules.ts'
export { startFakeDotdigital, type FakeDotdigital } from './server.ts'
export type { DataField, DataFieldType, DataFieldValue } from './v2/data-field.ts'
