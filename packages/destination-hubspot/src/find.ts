import type { DestinationContext, Found } from '@millrace/core'
import type { Portal } from './portal.ts'
import { readObjects, type PortalObject } from './read-objects.ts'
import { emailsOf } from './resolve-taken.ts'
import { keyOf, targetOf } from './target.ts'

/** What to look for: objects whose property `by` has one of the (folded) values. */
export interface FindQuery {
  object: string
  by: string
  values: readonly string[]
}

/**
 * Finds objects for adoption, 100 per request. E-mail addresses are compared case-folded; a contact is found by its additional addresses where HubSpot's read
 * does so. Our own key as it is. Other properties only when HubSpot keeps them unique.
 */
export const findObjects = async (portal: Portal, { object, by, values }: FindQuery, ctx: DestinationContext): Promise<Found[]> => {
  const target = targetOf(object)
  if (target === undefined || values.length === 0) return []
  const schema = await portal.properties(target.type, ctx.signal)
  if (schema.get(by)?.unique !== true && by !== 'email') return []
  const key = keyOf(target, ctx.contract)
  const names = [by, key, ...Object.keys(ctx.contract.objects[object]?.fields ?? {}), 'hs_additional_emails'].filter((name) =>
    schema.has(name),
  )
  const objects = await readObjects(portal, { type: target.type, ids: values, idProperty: by, properties: [...new Set(names)] }, ctx.signal)
  const asked = new Set(values)
  return objects.flatMap((found) =>
    valuesOf(found, by, key)
      .filter((value) => asked.has(value))
      .map((value) => ({ remoteId: found.id, key: found.properties[key] ?? '', value, fields: found.properties })),
  )
}

const valuesOf = (object: PortalObject, by: string, key: string): string[] => {
  if (by === 'email') return [...new Set(emailsOf(object))]
  const value = object.properties[by] ?? ''
  return [by === key ? value : value.trim().toLowerCase()]
}
