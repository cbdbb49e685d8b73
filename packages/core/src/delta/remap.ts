import { oncePerRow, route } from '../routing/route.ts'
import type { Connection } from '../engine/connection.ts'
import { sharingIdentity, type Engine } from '../engine/engine.ts'
import { assignPeople } from '../identity/assign-people.ts'
import { entities, type CommerceRecord, type Entity } from '../model/record.ts'
import type { Cause } from '../spec/destination.ts'
import type { Raise, StoredRecord } from '../spec/store.ts'

const pageSize = 1_000

/**
 * Brings a connection in line with a new or changed contract from what the store holds: every record is assigned and routed again. Whatever maps to the same
 * values as before is settled as unchanged without a request.
 */
export const remap = async (engine: Engine, connection: Connection, cause: Cause, token: string, signal: AbortSignal): Promise<void> => {
  for (const source of engine.sources.keys()) {
    for (const entity of entities) {
      for (let afterRid = 0; ;) {
        signal.throwIfAborted()
        // Read in the same turn, so that no page which is taken in between is undone.
        const last = await engine.ingestInTurn(async () => {
          const stored = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
          if (stored.length > 0) await remapPage(engine, connection, cause, token, source, entity, stored)
          return stored.at(-1)
        })
        if (last === undefined) break
        afterRid = last.rid
      }
    }
  }
}

const remapPage = async (
  engine: Engine,
  connection: Connection,
  cause: Cause,
  token: string,
  source: string,
  entity: Entity,
  stored: readonly StoredRecord[],
): Promise<void> => {
  const records = stored.flatMap(({ id, body, deletedAt }) =>
    // The body was checked against the schema when it was stored.
    body === null ? [] : [{ id, entity, record: JSON.parse(body) as CommerceRecord, before: undefined, deleted: deletedAt !== null }],
  )
  const people = await assignPeople(engine.store, connection.identity, connection.rules, source, records)
  const raises = records.flatMap(({ record, deleted }): Raise[] =>
    deleted ? [] : route(connection, { record, source, person: people.people.get(`${entity}:${record.id}`), cause, held: false }),
  )
  const connections = sharingIdentity(engine, connection)
  await engine.store.ingest({
    token,
    source,
    records: [],
    aliases: people.aliases,
    joins: people.joins.map((join) => ({ ...join, connections })),
    members: people.members,
    raises: oncePerRow(raises),
    rejected: [],
    now: engine.clock.now(),
  })
}
