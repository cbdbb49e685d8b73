import { refuse, refuseAt } from './problem.ts'
import { identityKey, parseIdentityKey, type ExternalId } from './reference.ts'
import type { RouteContext } from './route.ts'
import { etag } from './route.ts'

/** Refuses with 412 unless the version is one of those the request names. `version` is undefined for what does not exist. */
export function checkIfMatch(context: RouteContext, version: number | undefined): void {
  const { ifMatch } = context
  if (ifMatch === undefined) return
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  const isMet = version !== undefined && (tags.includes('*') || tags.includes(etag(version)))
  if (!isMet) refuse('if-match', 'version')
}

/** Refuses a source version older than the stored one; an equal one may be written again. */
export function checkSourceVersion(context: RouteContext, key: string, version: number): void {
  const stored = context.crm.sourceVersions.get(key)
  if (stored !== undefined && version < stored) refuseAt('source-version-never-backwards', 'stale', '/sourceVersion', 'older')
}

/** The identity in a path; 404 when it cannot be one. */
export function identityOfPath(context: RouteContext): ExternalId {
  const { source = '', externalId = '' } = context.params
  return parseIdentityKey(identityKey({ source, id: externalId })) ?? refuse('resource-not-found', 'not_found')
}
