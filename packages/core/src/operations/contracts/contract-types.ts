import type { Connection } from '../../engine/connection.ts'
import { destinationContext, type Engine } from '../../engine/engine.ts'
import { isMillraceError } from '../../error.ts'
import { viewCatalog } from '../../views/catalog.ts'
import { kindText, pathsOf } from './kind-paths.ts'
import { sourceFields } from './source-fields.ts'

const safe = (name: string): string => JSON.stringify(name)

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
 * A declaration file for the editor: paths of the views with the custom fields and attributes of the sources, each with what it holds, and the fields of each
 * destination's objects. Put beside the config, `path(...)` and `objects` complete; nothing is refused that the file does not know.
 */
export const contractTypes = async (engine: Engine, signal: AbortSignal): Promise<string> => {
  const paths = new Map<string, Set<string>>()
  const know = (path: string, text: string): void => {
    paths.set(path, (paths.get(path) ?? new Set()).add(text))
  }
  for (const [kind, view] of Object.entries(viewCatalog))
    if (kind !== 'consent') for (const [path, of] of pathsOf(view)) know(path, kindText(of))
  for (const name of engine.sources.keys()) {
    for (const { path, kind } of await sourceFields(engine, name, signal))
      for (const [each, of] of [[path, kind] as const, ...pathsOf(kind, path)]) know(each, kindText(of))
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
    ...[...paths]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, kinds]) => `      | ${safe(path)} // ${[...kinds].toSorted().join(', or ')}`),
    '    fields: {',
    ...known.map(([object, fields]) => `      ${safe(object)}: ${union(fields)}`),
    '    }',
    '  }',
    '}',
    '',
  ].join('\n')
}
