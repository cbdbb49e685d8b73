import type { Connection } from '../../engine/connection.ts'
import { destinationContext, type Engine } from '../../engine/engine.ts'
import { isMillraceError } from '../../error.ts'
import { entities, type CommerceRecord, type Entity } from '../../model/record.ts'
import { viewCatalog } from '../../views/catalog.ts'
import type { ValueKind } from '../../views/value-kind.ts'

const sampled = 2_000
const pageSize = 500

const safe = (name: string): string => JSON.stringify(name)

/** Every path of a kind of value, at most four names deep. */
const pathsOf = (kind: ValueKind, above = '', depth = 0): string[] => {
  const join = (name: string): string => (above === '' ? name : `${above}.${name}`)
  switch (kind.kind) {
    case 'object':
      return depth > 3 ? [] : Object.entries(kind.fields).flatMap(([name, field]) => [join(name), ...pathsOf(field, join(name), depth + 1)])
    case 'list':
      return pathsOf(kind.of, above, depth)
    case 'money':
      return [join('amount'), join('currency')]
    default:
      return []
  }
}

/** Names of custom fields and attributes that the records of the store have: the shop is not asked. */
const customPaths = async (engine: Engine, source: string, entity: Entity): Promise<string[]> => {
  const names = new Set<string>()
  const note = (prefix: string, fields: unknown): void => {
    if (typeof fields === 'object' && fields !== null) for (const name of Object.keys(fields)) names.add(`${prefix}.${name}`)
  }
  for (let afterRid = 0, seen = 0; seen < sampled;) {
    const rows = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
    for (const { body } of rows) {
      // The body was checked against the schema when it was stored.
      const record = body === null ? undefined : (JSON.parse(body) as CommerceRecord)
      if (record === undefined) continue
      if ('custom' in record) note('custom', record.custom)
      if ('attributes' in record) note('attributes', record.attributes)
      if ('lines' in record) for (const line of record.lines) note('attributes', line.attributes)
      if ('variants' in record) for (const variant of record.variants) note('attributes', variant.attributes)
    }
    seen += rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) break
    afterRid = last.rid
  }
  return [...names]
}

/** Fields of an object: those of the live schema where the destination tells and can be reached, else those that the adapter declares. */
const fieldsOf = async (engine: Engine, connection: Connection, signal: AbortSignal): Promise<Record<string, string[]>> => {
  const declared = Object.fromEntries(
    Object.entries(connection.destination.objects).map(([name, { fields }]) => [name, Object.keys(fields)]),
  )
  try {
    const live = (await connection.destination.describe?.(destinationContext(engine, connection, signal))) ?? {}
    return Object.fromEntries(
      Object.entries(declared).map(([name, fields]) => [name, [...new Set([...fields, ...Object.keys(live[name] ?? {})])].toSorted()]),
    )
  } catch (error) {
    if (!isMillraceError(error)) throw error
    engine.logger.warn(
      { connection: connection.name, code: error.code },
      'The live schema could not be read; the declared fields are written',
    )
    return declared
  }
}

/**
 * A declaration file for the editor: paths of the views with the custom fields that the store's records have, and the fields of each destination's objects. Put
 * beside the config, `path(...)` and `objects` complete; nothing is refused that the file does not know.
 */
export const contractTypes = async (engine: Engine, signal: AbortSignal): Promise<string> => {
  const paths = new Set<string>()
  for (const [kind, view] of Object.entries(viewCatalog)) if (kind !== 'consent') for (const path of pathsOf(view)) paths.add(path)
  for (const source of engine.sources.keys()) {
    for (const entity of entities) for (const path of await customPaths(engine, source, entity)) paths.add(path)
  }
  const objects = new Map<string, Set<string>>()
  for (const connection of engine.connections.values()) {
    for (const [object, fields] of Object.entries(await fieldsOf(engine, connection, signal))) {
      const known = objects.get(object) ?? new Set()
      for (const field of [...fields, ...Object.keys(connection.contract.objects[object]?.fields ?? {})]) known.add(field)
      objects.set(object, known)
    }
  }
  const union = (names: Iterable<string>): string => [...names].toSorted().map(safe).join(' | ')
  const known = [...objects].filter(([, fields]) => fields.size > 0).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    '// Written by `millrace contract types`. Write it again when custom fields or the destination change.',
    "import '@millrace/core'",
    '',
    "declare module '@millrace/core' {",
    '  interface KnownNames {',
    '    path:',
    ...[...paths].toSorted().map((path) => `      | ${safe(path)}`),
    '    fields: {',
    ...known.map(([object, fields]) => `      ${safe(object)}: ${union(fields)}`),
    '    }',
    '  }',
    '}',
    '',
  ].join('\n')
}
