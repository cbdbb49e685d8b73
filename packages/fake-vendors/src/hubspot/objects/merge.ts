import type { HttpReply } from '../../http/index.ts'
import { objectBody, requiredString } from '../body.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { ok, type RouteContext } from '../route.ts'
import { changeRecord, dropRecord, findRecord, insertRecord, type StoredRecord } from './store.ts'
import { readView } from './view.ts'

const maxIdentities = 250

function list(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(';').filter((part) => part !== '')
}

/** POST merge: 200. The result has a new id, and the two old ids answer with it. The primary's values win. */
export function merge(context: RouteContext): HttpReply {
  const { portal, type } = context
  const store = portal.stores[type.name]
  const body = objectBody(context)
  const primary =
    findRecord(store, requiredString(body, 'primaryObjectId')) ?? notFound('object-not-found', 'primaryObjectId does not exist')
  const other = findRecord(store, requiredString(body, 'objectIdToMerge')) ?? notFound('object-not-found', 'objectIdToMerge does not exist')
  if (primary === other) invalid('body-shape', 'An object cannot be merged with itself.')
  const { properties, identities } = combine(primary, other)
  if (identities > maxIdentities) {
    refuse({
      rule: 'merge-identities-250',
      status: 414,
      category: 'VALIDATION_ERROR',
      message: `A merge may not join more than ${maxIdentities} identities.`,
    })
  }
  const at = portal.settings.now()
  dropRecord(store, other)
  let merged = primary
  if (portal.settings.mergeKeepsPrimaryId) changeRecord(store, primary, properties, at, 'MERGE_OBJECTS')
  else {
    dropRecord(store, primary)
    merged = insertRecord(store, properties, at, 'MERGE_OBJECTS')
    store.redirects.set(primary.id, merged.id)
    portal.associations.move(type.name, primary.id, merged.id)
  }
  store.redirects.set(other.id, merged.id)
  portal.associations.move(type.name, other.id, merged.id)
  moveMembers(portal, [primary.id, other.id], merged.id)
  return ok(readView(portal, store, merged, ['hs_merged_object_ids', 'hs_additional_emails', ...type.defaultProperties]))
}

/** The merged record is in every list that either was in. */
function moveMembers(portal: Portal, from: readonly string[], to: string): void {
  for (const { members } of portal.lists.values()) {
    const had = from.filter((id) => members.delete(id))
    if (had.length > 0) members.add(to)
  }
}

function combine(primary: StoredRecord, other: StoredRecord): { properties: Record<string, string>; identities: number } {
  const merged: Record<string, string> = { ...other.properties, ...primary.properties }
  const oldIds = [primary, other].flatMap((record) => [...list(record.properties['hs_merged_object_ids']), record.id])
  merged['hs_merged_object_ids'] = oldIds.join(';')
  const emails = [primary, other].flatMap((record) => [
    ...list(record.properties['email']),
    ...list(record.properties['hs_additional_emails']),
  ])
  const additional = [...new Set(emails)].filter((email) => email !== merged['email'])
  if (additional.length > 0) merged['hs_additional_emails'] = additional.join(';')
  return { properties: merged, identities: oldIds.length + additional.length }
}
