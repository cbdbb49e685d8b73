import { MillraceError } from '../error.ts'
import type { Connection } from './connection.ts'
import type { Engine } from './engine.ts'

/** The connection of that name. Throws MillraceError `connection_unknown` with the names there are. */
export const connectionNamed = (engine: Engine, name: string): Connection => {
  const connection = engine.connections.get(name)
  if (connection !== undefined) return connection
  throw new MillraceError({
    code: 'connection_unknown',
    message: `There is no connection named ${name}. The config has: ${[...engine.connections.keys()].join(', ')}.`,
    scope: 'destination',
  })
}
