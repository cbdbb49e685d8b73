import type { DestinationContext, FieldValue, ReadObject } from '@millrace/core'
import type { Portal } from './portal.ts'
import { readObjects } from './read-objects.ts'
import { stageTranslation } from './stage-translation.ts'
import { keyOf, targetOf } from './target.ts'

/** Objects as HubSpot holds them now, with the times of their properties. Names that the portal does not have are blank; stages come back in the contract's words. */
export const readFields = async (
  portal: Portal,
  query: { object: string; remoteIds: readonly string[]; fields: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  const target = targetOf(query.object)
  if (target === undefined) return []
  const schema = await portal.properties(target.type, ctx.signal)
  const key = keyOf(target, ctx.contract)
  const translation = await stageTranslation(portal, target.type, query.fields, ctx.signal)
  const properties = [...new Set([key, ...query.fields, ...translation.needs])].filter((name) => schema.has(name))
  const objects = await readObjects(portal, { type: target.type, ids: query.remoteIds, properties, times: true }, ctx.signal)
  return objects.map(({ id, properties: read, times }) => {
    const values = translation.translate(read)
    const fields: Record<string, FieldValue> = Object.fromEntries(query.fields.map((name) => [name, values[name] ?? null]))
    return { object: query.object, key: values[key] ?? '', remoteId: id, fields, times }
  })
}
