export type { Fault, FaultMatch, FaultRule, Faults, RecordedRequest, RecordMatch, ScheduledFault } from '../http/index.ts'
export type { Activity, CloudEvent } from './activities/activity.ts'
export type { ContactBody } from './contacts/body.ts'
export type { Address, Consent, ConsentStatus, Email, Phone } from './contacts/contact.ts'
export type { ContactView } from './contacts/view.ts'
export type { Credentials } from './credentials.ts'
export type { CrmAccess } from './crm-access.ts'
export {
  defaultSchema,
  type AttributeDefinition,
  type AttributeType,
  type Channel,
  type CrmSchema,
  type ListDefinition,
  type PipelineDefinition,
  type ResourceName,
} from './crm-schema.ts'
export type { DealBody, StoredDeal } from './deals.ts'
export { crmOneFaults } from './faults.ts'
export type { FakeCrmOneOptions } from './options.ts'
export type { OrderBody, OrderLine, StoredOrder } from './orders/order.ts'
export type { ProblemCode } from './problem.ts'
export type { ExternalId } from './reference.ts'
export { crmOneRules, type Evidence, type Rule, type RuleId } from './rules.ts'
export type { Scope } from './scopes.ts'
export { startFakeCrmOne, type FakeCrmOne } from './server.ts'
