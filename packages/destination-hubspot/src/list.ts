import type { DestinationContext, FieldValue, ListedObject } from '@millrace/core'
import type { Portal } from './portal.ts'
import { listObjects } from './read-objects.ts'
import { stageProperties, stageWords, type StageWords } from './stages.ts'
import { keyOf, targetOf } from './target.ts'

/**
 * Every object that carries our key, page by page; with `foreign` also those that do not, with an empty key. `fields` beyond what the portal has are left out.
 * Pipelines and stages come back in the contract's words; see {@link stageWords}.
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
  const staged = stageProperties[target.type]
  const translated = staged !== undefined && query.fields.some((name) => name === staged.pipeline || name === staged.stage)
  const words = translated ? stageWords(await portal.pipelines(target.type, ctx.signal)) : undefined
  const named = [key, ...query.fields, ...(translated ? [staged.pipeline, staged.stage] : [])]
  const names = [...new Set(named)].filter((name) => schema.has(name))
  for await (const page of listObjects(portal, target.type, names, ctx.signal)) {
    yield page.flatMap(({ id, properties }): ListedObject[] => {
      const own = properties[key] ?? ''
      if (own === '' && query.foreign !== true) return []
      const given = words === undefined || staged === undefined ? properties : inWords(properties, staged, words)
      const fields: Record<string, FieldValue> = Object.fromEntries(query.fields.map((name) => [name, given[name] ?? null]))
      return [{ object: query.object, key: own, remoteId: id, fields }]
    })
  }
}

const inWords = (
  properties: Readonly<Record<string, string>>,
  names: { pipeline: string; stage: string },
  words: StageWords,
): Readonly<Record<string, string>> => {
  const { pipeline, stage } = words(properties[names.pipeline], properties[names.stage])
  return {
    ...properties,
    ...(pipeline === undefined ? {} : { [names.pipeline]: pipeline }),
    ...(stage === undefined ? {} : { [names.stage]: stage }),
  }
}
