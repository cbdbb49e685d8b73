import { isMillraceError, type DestinationContext, type Input, type MillraceError } from '@millrace/core'
import { associate, dissociate, readAssociations, type Pair } from './associate.ts'
import type { Portal } from './portal.ts'
import { readObjects } from './read-objects.ts'
import { keyOf, targets, type Target } from './target.ts'

/** A written object whose parents have to be right. */
export interface Linkable {
  input: Input
  remoteId: string
  /** True when the object was made just now, so that it has no links at all. */
  created: boolean
}

/** Whether an object needs a request for its parents: a new one that has some, one whose parents changed, and one of which the last answer was lost. */
export const needsLinking = ({ input, created }: Linkable): boolean =>
  created ? input.parents.length > 0 : input.parentsChanged || input.uncertain

/** Whether it may be linked to parents that it no longer has: only what was ours before can be. */
const mayBeStale = ({ input, created }: Linkable): boolean => !created && input.remoteKey !== undefined

/** The objects that can be parents of a target's objects. HubSpot refuses even to read links between types that have none. */
const parentsOf = ({ type }: Target): Target[] => {
  if (type === 'contacts') return [targets.company]
  if (type === 'carts') return [targets.contact]
  return type === 'deals' || type === 'orders' ? [targets.contact, targets.company] : []
}

/**
 * Links objects of one type to their parents, and parts them from parents they no longer have, in as few requests as there are kinds of parents. Gives the error
 * of each input that could not be linked as it should; never throws a MillraceError.
 */
export const linkParents = async (
  portal: Portal,
  target: Target,
  linkables: readonly Linkable[],
  ctx: DestinationContext,
): Promise<Map<Input, MillraceError>> => {
  const failed = new Map<Input, MillraceError>()
  const open = linkables.filter(needsLinking)
  for (const parent of parentsOf(target)) {
    const ofKind = parent.object in ctx.contract.objects ? open : []
    const stale = ofKind.filter(mayBeStale)
    try {
      // Parting first: after a merge the old and the new id are one object.
      if (stale.length > 0) await partFormer(portal, target, parent, stale, ctx)
    } catch (error) {
      if (!isMillraceError(error)) throw error
      for (const { input } of stale) failed.set(input, error)
    }
    const pairs = new Map<Pair, Input>()
    for (const { input, remoteId } of ofKind) {
      for (const link of input.parents) if (link.object === parent.object) pairs.set({ from: remoteId, to: link.remoteId }, input)
    }
    if (pairs.size === 0) continue
    for (const [pair, error] of await associate(portal, target.type, parent.type, [...pairs.keys()], ctx.signal)) {
      const input = pairs.get(pair)
      if (input !== undefined) failed.set(input, error)
    }
  }
  return failed
}

/** Takes away links to parents that carry our key and are no longer wanted. Links to objects without our key were made by people and stay. */
const partFormer = async (
  portal: Portal,
  target: Target,
  parent: Target,
  linkables: readonly Linkable[],
  ctx: DestinationContext,
): Promise<void> => {
  const linked = await readAssociations(
    portal,
    target.type,
    parent.type,
    linkables.map(({ remoteId }) => remoteId),
    ctx.signal,
  )
  const pairs = linkables.flatMap(({ input, remoteId }) => {
    const wanted = new Set(input.parents.map((link) => link.remoteId))
    return (linked.get(remoteId) ?? []).filter((id) => !wanted.has(id)).map((to): Pair => ({ from: remoteId, to }))
  })
  if (pairs.length === 0) return
  const key = keyOf(parent, ctx.contract)
  const objects = await readObjects(portal, { type: parent.type, ids: pairs.map(({ to }) => to), properties: [key] }, ctx.signal)
  const ours = new Set(objects.flatMap(({ id, properties }) => (properties[key] === undefined ? [] : [id])))
  await dissociate(
    portal,
    target.type,
    parent.type,
    pairs.filter(({ to }) => ours.has(to)),
    ctx.signal,
  )
}
