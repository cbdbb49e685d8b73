import type { DestinationContext, ObjectParents } from '@millrace/core'
import { readAssociations } from './associate.ts'
import type { Portal } from './portal.ts'
import { targetOf } from './target.ts'

/** Which contacts and companies objects are linked to. */
export const readParents = async (
  portal: Portal,
  query: { object: string; remoteIds: readonly string[]; parents: readonly string[] },
  ctx: DestinationContext,
): Promise<ObjectParents[]> => {
  const target = targetOf(query.object)
  if (target === undefined) return []
  const linked = new Map<string, { object: string; remoteId: string }[]>()
  for (const object of query.parents) {
    const parent = targetOf(object)
    if (parent === undefined) continue
    for (const [id, parents] of await readAssociations(portal, target.type, parent.type, query.remoteIds, ctx.signal)) {
      linked.set(id, [...(linked.get(id) ?? []), ...parents.map((remoteId) => ({ object, remoteId }))])
    }
  }
  return [...linked].map(([remoteId, parents]) => ({ remoteId, parents }))
}
