import { route } from '../delivery/route.ts'
import type { Connection } from '../engine/connection.ts'
import { sharingIdentity, type Engine } from '../engine/engine.ts'
import { assignPeople } from '../identity/assign-people.ts'
import { entities, type CommerceRecord } from '../model/record.ts'
import type { IngestPage, Raise } from '../spec/store.ts'

const pageSize = 1_000

/**
 * Brings a connection in line with a new or changed contract from what the store holds: every record is assigned and routed again. Whatever maps to the same
 * values as before is settled as unchanged without a request.
 */
export const remap = async (engine: Engine, connection: Connection, token: string, signal: AbortSignal): Promise<number> => {
  let raised = 0
  for (const source of engine.sources.keys()) {
    for (const entity of entities) {
      for (let afterRid = 0; ;) {
        signal.throwIfAborted()
        const stored = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
        const last = stored.at(-1)
        if (last === undefined) break
        afterRid = last.rid
        const records = stored.flatMap((row) => {
          // The body was checked against the schema when it was stored.
          return row.body === null ? [] : [{ id: row.id, entity, record: JSON.parse(row.body) as CommerceRecord, before: undefined, deleted: row.deletedAt !== null }]
        })
        const people = await assignPeople(engine.store, connection.identity, connection.rules, source, records)
        const raises = records.flatMap(({ record, deleted }): Raise[] =>
          deleted ? [] : route(connection, { record, source, person: people.people.get(`${entity}:${record.id}`), cause: 'contract', held: false }),
        )
        const distinct = [...new Map(raises.map((raise) => [`${raise.object}:${raise.unit}`, raise])).values()]
        const page: IngestPage = {
          token,
          source,
          records: [],
          aliases: people.aliases,
          joins: people.joins.map((join) => ({ ...join, connections: sharingIdentity(engine, connection) })),
          members: people.members,
          raises: distinct,
          rejected: [],
          now: engine.clock.now(),
        }
        const result = await engine.store.ingest(page)
        if (result.status === 'applied') raised += result.raised
      }
    }
  }
  return raised
}
