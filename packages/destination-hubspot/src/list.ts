import type { DestinationContext, FieldValue, ListedObject } from '@millrace/core'
import type { Portal } from './portal.ts'
import { listObjects } from './read-objects.ts'
import { stageTranslation } from './stage-translation.ts'
import { keyOf, targetOf } from './target.ts'

/**
 * Every object that carries our key, page by page; with `foreign` also those that do not, with an empty key. `fields` beyond what the portal has are left out.
 * Pipelines and stages come back in the contract's words; see `stageWords`.
 */
export async function* listOwn(
  portal: Portal,
  query: { object: string; fields: readonly string[]; foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  const target = targetOf(query.object)
  if (target === undefined) return
  const schema = await portal.properties(target.type, ctx.signal)
  const key = keyOf(target, ctx.contract)
  if (!schema.has(key) && query.foreign !== true) return
  const translation = await stageTranslation(portal, target.type, query.fields, ctx.signal)
  const names = [...new Set([key, ...query.fields, ...translation.needs])].filter((name) => schema.has(name))
  for await (const page of listObjects(portal, target.type, names, ctx.signal)) {
    yield page.flatMap(({ id, properties }): ListedObject[] => {
      const own = properties[key] ?? ''
      if (own === '' && query.foreign !== true) return []
      const given = translation.translate(properties)
      const fields: Record<string, FieldValue> = Object.fromEntries(query.fields.map((name) => [name, given[name] ?? null]))
      return [{ object: query.object, key: own, remoteId: id, fields }]
    })
  }
}
