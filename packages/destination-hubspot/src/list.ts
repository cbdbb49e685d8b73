import type { DestinationContext, FieldValue, ListedObject } from '@millrace/core'
import type { Portal } from './portal.ts'
import { listObjects } from './read-objects.ts'
import { keyOf, targetOf } from './target.ts'

/** Every object that carries our key, page by page. `fields` beyond what the portal has are left out. */
export async function* listOwn(
  portal: Portal,
  query: { object: string; fields: readonly string[] },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  const target = targetOf(query.object)
  if (target === undefined) return
  const schema = await portal.properties(target.type, ctx.signal)
  const key = keyOf(target, ctx.contract)
  if (!schema.has(key)) return
  const names = [...new Set([key, ...query.fields])].filter((name) => schema.has(name))
  for await (const page of listObjects(portal, target.type, names, ctx.signal)) {
    yield page.flatMap(({ id, properties }): ListedObject[] => {
      const own = properties[key]
      if (own === undefined) return []
      const fields: Record<string, FieldValue> = Object.fromEntries(query.fields.map((name) => [name, properties[name] ?? null]))
      return [{ object: query.object, key: own, remoteId: id, fields }]
    })
  }
}
