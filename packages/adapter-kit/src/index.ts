export * from './integrator.ts'
export * from './imports.ts'
export * from './pack.ts'
export * from './http/client.ts'
export {
  type Credential,
  type CredentialReader,
  isCredential,
  markCredential,
  readCredential,
  type RenewableCredential,
  type Secret,
} from './http/credential.ts'
export * from './http/oauth.ts'
export { type FetchedToken, tokenCache, type TokenCache, type TokenCacheOptions, type TokenCaller } from './http/token-cache.ts'
export type { HttpReply } from './http/reply.ts'
export { retryAfterMs } from './http/retry-after.ts'
export type { Query } from './http/url.ts'
export * from './http/usage.ts'
export * from './budget/account.ts'
export type * from './budget/budget.ts'
export * from './budget/budgets.ts'
export * from './budget/concurrency.ts'
export * from './budget/daily.ts'
export * from './budget/keeper.ts'
export * from './budget/rolling.ts'
export * from './bisect.ts'
export * from './chunk.ts'
export * from './classify.ts'
export * from './fold-email.ts'
export * from './map-concurrent.ts'
export * from './memberships.ts'
export * from './redact.ts'
export * from './settle-by-key.ts'
export * from './define-destination.ts'
export * from './deliver-batches.ts'
export * from './deliver-each.ts'
