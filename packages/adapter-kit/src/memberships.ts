import { membershipKey, type Input, type Membership } from '@millrace/core'

/** What has to happen to the lists and tags of one input. */
export interface MembershipChanges {
  add: readonly Membership[]
  /** Lists and tags that we put the person into and that are no longer wanted, with the id that was kept for them (empty when that attempt broke off). */
  remove: readonly (Membership & { id: string })[]
}

const kept = ({ objects }: Pick<Input, 'objects'>): (Membership & { id: string })[] =>
  Object.entries(objects).flatMap(([key, id]) => {
    const kind = key.startsWith('list:') ? 'list' : key.startsWith('tag:') ? 'tag' : undefined
    return kind === undefined ? [] : [{ kind, name: key.slice(kind.length + 1), id }]
  })

/**
 * What to add and remove: nothing for memberships that equal those settled last. What an attempt left in doubt is added again, which every vendor takes as done.
 * `anew` = the vendor made the object just now, so that it is in no list yet.
 */
export const membershipChanges = (input: Input, anew = false): MembershipChanges => {
  const wanted = new Set(input.memberships.map(membershipKey))
  const known = anew ? {} : input.objects
  const doubtful = input.uncertain || anew
  if (!input.membershipsChanged && !doubtful) return { add: [], remove: [] }
  return {
    add: input.memberships.filter((membership) => doubtful || (known[membershipKey(membership)] ?? '') === ''),
    remove: kept({ objects: known }).filter((membership) => !wanted.has(membershipKey(membership))),
  }
}

/**
 * The `objects` of the outcome: those of the input without the lists and tags that are gone, and with the ones that we added, by our key and the vendor's id. One
 * that the person was in already is not ours, unless an earlier attempt of ours may have put it there (its id is empty in the input): leave it out of `added`.
 */
export const objectsWithMemberships = (
  input: Pick<Input, 'objects' | 'memberships'>,
  added: ReadonlyMap<string, string>,
): Record<string, string> => {
  const wanted = new Set(input.memberships.map(membershipKey))
  const others = Object.entries(input.objects).filter(([key, id]) => !/^(list|tag):/.test(key) || (wanted.has(key) && id !== ''))
  return { ...Object.fromEntries(others), ...Object.fromEntries(added) }
}
