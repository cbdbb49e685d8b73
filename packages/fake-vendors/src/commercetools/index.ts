export type { Fault, FaultMatch, FaultRule, Faults, ScheduledFault } from '../http/faults.ts'
export type { HttpReply, HttpRequest } from '../http/message.ts'
export { commercetoolsFaults } from './faults.ts'
export type { RecordedRequest, RequestListener } from './front.ts'
export type { Edit, ShopProject } from './project.ts'
export { COMMERCETOOLS_RULES, type Rule } from './rules.ts'
export type { Resource, ResourceDraft } from './resource.ts'
export { type HostileRecord, seedHostileRecords } from './shop/hostile/index.ts'
export type { Fate } from './shop/hostile/kind.ts'
export { migrateToModular } from './shop/modular.ts'
export { type SeedOptions, seedShop } from './shop/seed-shop.ts'
export {
  type FakeCommercetools,
  type FakeCommercetoolsOptions,
  type PageListener,
  type RevokedAnswer,
  startFakeCommercetools,
} from './start.ts'
export * from './notifications.ts'
