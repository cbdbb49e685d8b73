import { sourceContext, type Engine } from '../../engine/engine.ts'
import { isMillraceError } from '../../error.ts'
import { entities, type CommerceRecord, type Entity } from '../../model/record.ts'
import type { SourceField } from '../../spec/source.ts'

const sampled = 2_000
const pageSize = 500

/** Names of custom fields and attributes that the records of the store have. */
const fieldsOfRecords = async (engine: Engine, source: string, entity: Entity): Promise<SourceField[]> => {
  const paths = new Set<string>()
  const note = (prefix: string, fields: unknown): void => {
    if (typeof fields === 'object' && fields !== null) for (const name of Object.keys(fields)) paths.add(`${prefix}.${name}`)
  }
  for (let afterRid = 0, seen = 0; seen < sampled;) {
    const rows = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
    for (const { body } of rows) {
      // The body was checked against the schema when it was stored.
      const record = body === null ? undefined : (JSON.parse(body) as CommerceRecord)
      if (record === undefined) continue
      if ('custom' in record) note('custom', record.custom)
      if ('attributes' in record) note('attributes', record.attributes)
      if ('lines' in record)
        for (const line of record.lines) {
          note('custom', line.custom)
          note('attributes', line.attributes)
        }
      if ('variants' in record) for (const variant of record.variants) note('attributes', variant.attributes)
    }
    seen += rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) break
    afterRid = last.rid
  }
  return [...paths].map((path) => ({ path, kind: { kind: 'open' } }))
}

/** The custom fields and attributes of a source: as the shop defines them where it tells, else those that the records of the store have. */
export const sourceFields = async (engine: Engine, name: string, signal: AbortSignal): Promise<SourceField[]> => {
  const source = engine.sources.get(name)
  if (source?.describe !== undefined) {
    try {
      return await source.describe(sourceContext(engine, signal))
    } catch (error) {
      if (!isMillraceError(error)) throw error
      engine.logger.warn(
        { source: name, code: error.code, reason: error.message },
        'The fields that the shop defines could not be read; those of the records in the store are written',
      )
    }
  }
  const found: SourceField[] = []
  for (const entity of entities) found.push(...(await fieldsOfRecords(engine, name, entity)))
  return found
}
