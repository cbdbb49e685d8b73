import { isMillraceError, type DestinationContext, type Input, type MillraceError } from '@millrace/core'
import { associate, dissociate, type Pair } from './associate.ts'
import type { Portal } from './portal.ts'
import { readProgress } from './progress.ts'
import { targetOf, type Target } from './target.ts'

/** A written object whose parents have to be right. */
export interface Linkable {
  input: Input
  remoteId: string
  /** True when the object was made just now, so that it has no links at all. */
  created: boolean
}

/** The parents an object is linked to now, and what went wrong with the rest. */
export interface Linked {
  links: string[]
  error?: MillraceError
}

/** Parents to link and to part, as `contact:51`. What was linked before is known from the unit's progress; without it, from whether core saw the parents change. */
const changesOf = ({ input, created }: Linkable): { add: string[]; remove: string[]; kept: string[] } => {
  const wanted = input.parents.map((parent) => `${parent.object}:${parent.remoteId}`)
  const before = readProgress(input)?.links
  const all = created || input.uncertain || (before === undefined && input.parentsChanged)
  const known = new Set(before ?? (all ? [] : wanted))
  return {
    add: all ? wanted : wanted.filter((link) => !known.has(link)),
    remove: created ? [] : [...known].filter((link) => !wanted.includes(link)),
    kept: all ? [] : wanted.filter((link) => known.has(link)),
  }
}

/** Whether an object needs a request for its parents at all. */
export const needsLinking = (linkable: Linkable): boolean => {
  const { add, remove } = changesOf(linkable)
  return add.length > 0 || remove.length > 0
}

/** Links objects of one type to their parents, and parts them from former ones, in as few requests as there are kinds of parents. */
export const linkParents = async (
  portal: Portal,
  target: Target,
  linkables: readonly Linkable[],
  ctx: DestinationContext,
): Promise<Map<Input, Linked>> => {
  const linked = new Map<Input, Linked>()
  const adds: Link[] = []
  const removes: Link[] = []
  for (const linkable of linkables) {
    const { add, remove, kept } = changesOf(linkable)
    // A link stays in the list until it is known to be gone, so that a failure forgets nothing.
    linked.set(linkable.input, { links: [...kept, ...remove] })
    adds.push(...add.map((link) => toLink(linkable, link)))
    removes.push(...remove.map((link) => toLink(linkable, link)))
  }
  const fail = (input: Input, error: MillraceError): void => void linked.set(input, { links: linked.get(input)?.links ?? [], error })
  // Parting first: after a merge the old and the new id are one object.
  for (const [object, group] of Map.groupBy(removes, (link) => link.object)) {
    const parent = targetOf(object)
    if (parent === undefined) continue
    try {
      await dissociate(
        portal,
        target.type,
        parent.type,
        group.map((link) => link.pair),
        ctx.signal,
      )
      for (const { input, text } of group) linked.set(input, { links: (linked.get(input)?.links ?? []).filter((other) => other !== text) })
    } catch (error) {
      if (!isMillraceError(error)) throw error
      for (const { input } of group) fail(input, error)
    }
  }
  for (const [object, group] of Map.groupBy(adds, (link) => link.object)) {
    const parent = targetOf(object)
    if (parent === undefined) continue
    const failed = await associate(
      portal,
      target.type,
      parent.type,
      group.map((link) => link.pair),
      ctx.signal,
    )
    for (const { input, pair, text } of group) {
      const error = failed.get(pair)
      if (error === undefined) linked.get(input)?.links.push(text)
      else fail(input, error)
    }
  }
  return linked
}

interface Link {
  input: Input
  object: string
  text: string
  pair: Pair
}

const toLink = ({ input, remoteId }: Linkable, text: string): Link => {
  const colon = text.indexOf(':')
  return { input, object: text.slice(0, colon), text, pair: { from: remoteId, to: text.slice(colon + 1) } }
}
