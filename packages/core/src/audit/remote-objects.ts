import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import type { FieldValue } from '../spec/destination.ts'

/** An object as the destination has it now. */
export interface RemoteObject {
  remoteId: string
  key: string
  fields: Readonly<Record<string, FieldValue>>
}

/** Objects by their ids, read one by one where the destination can, else picked out of its list; undefined where it can do neither. */
export const remoteObjects = async (
  engine: Engine,
  connection: Connection,
  query: { object: string; remoteIds: readonly string[]; fields: readonly string[] },
  signal: AbortSignal,
): Promise<Map<string, RemoteObject> | undefined> => {
  const { destination } = connection
  const context = destinationContext(engine, connection, signal)
  const found = new Map<string, RemoteObject>()
  if (query.remoteIds.length === 0) return found
  if (destination.read !== undefined) {
    for (const object of await destination.read(query, context)) found.set(object.remoteId, object)
    return found
  }
  if (destination.list === undefined) return undefined
  const wanted = new Set(query.remoteIds)
  for await (const page of destination.list({ object: query.object, fields: query.fields }, context)) {
    for (const object of page) if (wanted.has(object.remoteId)) found.set(object.remoteId, object)
  }
  return found
}
