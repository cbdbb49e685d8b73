import { foldEmail } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type Candidate, type DestinationContext } from '@millrace/core'
import type { Schema } from './encode-fields.ts'
import type { Taken } from './errors.ts'
import type { Portal } from './portal.ts'
import { readObjects, type PortalObject } from './read-objects.ts'
import { keyOf, type Target } from './target.ts'

/** A write that stood in the way of itself: something else holds one of its unique values. */
export interface TakenWrite {
  taken: Taken
  error: MillraceError
  /** The address that was to be written, for conflicts that name no object. */
  email: string | undefined
}

/** Who holds the value, or the error when that is no question of identity or nobody could be found. */
export type ResolvedTaken = { candidates: readonly Candidate[] } | { error: MillraceError }

const heldElsewhere = ({ taken, error }: TakenWrite): MillraceError =>
  new MillraceError({
    code: 'unique_value_taken',
    ...(taken.property === undefined ? {} : { field: taken.property }),
    message: `Another object in HubSpot holds this value of ${taken.property ?? 'a unique property'}${taken.ids.length === 0 ? '' : ` (${taken.ids.join(', ')})`}. Correct one of them, then replay.`,
    context: error.context,
  })

/** Reads the key that each object in the way carries, in one batch, so that core can tell whose it is. Ids that a merge replaced are followed. */
export const resolveTaken = async (
  portal: Portal,
  target: Target,
  writes: readonly TakenWrite[],
  schema: Schema,
  ctx: DestinationContext,
): Promise<ResolvedTaken[]> => {
  const key = keyOf(target, ctx.contract)
  const asked = [key, ...['hs_merged_object_ids', 'email', 'hs_additional_emails'].filter((name) => schema.has(name))]
  const isIdentity = ({ taken }: TakenWrite): boolean =>
    taken.property === undefined || taken.property === key || target.unique.includes(taken.property)
  const open = writes.filter(isIdentity)
  const ids = open.flatMap(({ taken }) => taken.ids)
  const emails = open.flatMap(({ taken, email }) =>
    taken.ids.length === 0 && target.type === 'contacts' && email !== undefined ? [foldEmail(email)] : [],
  )
  const [byId, byEmail] = await Promise.all([
    readIfAny(portal, { type: target.type, ids, properties: asked }, ctx),
    readIfAny(portal, { type: target.type, ids: emails, idProperty: 'email', properties: asked }, ctx),
  ])
  return writes.map((write) => {
    if (!isIdentity(write)) return { error: heldElsewhere(write) }
    const candidates = candidatesOf(write, byId, byEmail, key)
    return candidates.length === 0 ? { error: heldElsewhere(write) } : { candidates }
  })
}

/** A key that cannot be read is left out, which core takes for "unknown": the conflict stands all the same. */
const readIfAny = async (portal: Portal, query: Parameters<typeof readObjects>[1], ctx: DestinationContext): Promise<PortalObject[]> => {
  if (query.ids.length === 0) return []
  try {
    return await readObjects(portal, query, ctx.signal)
  } catch (error) {
    if (!isMillraceError(error)) throw error
    ctx.logger.warn({ code: error.code, type: query.type }, 'the objects in the way could not be read')
    return []
  }
}

const candidatesOf = (
  { taken, email }: TakenWrite,
  byId: readonly PortalObject[],
  byEmail: readonly PortalObject[],
  key: string,
): Candidate[] => {
  if (taken.ids.length === 0) {
    const holder = byEmail.find((object) => emailsOf(object).includes(foldEmail(email ?? '')))
    return holder === undefined ? [] : [{ remoteId: holder.id, key: holder.properties[key] ?? '' }]
  }
  return taken.ids.map((id) => {
    const object =
      byId.find((candidate) => candidate.id === id) ?? byId.find((candidate) => listOf(candidate, 'hs_merged_object_ids').includes(id))
    return object === undefined ? { remoteId: id } : { remoteId: object.id, key: object.properties[key] ?? '' }
  })
}

const listOf = ({ properties }: PortalObject, name: string): string[] => (properties[name] ?? '').split(';').filter((part) => part !== '')

/** Every address of a contact, folded: the primary one first, then the additional ones. */
export const emailsOf = (object: PortalObject): string[] =>
  [object.properties['email'] ?? '', ...listOf(object, 'hs_additional_emails')].map(foldEmail)
