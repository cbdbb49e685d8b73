import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery } from 'kysely'
import type { Connection } from './connection.ts'
import type { DeliveryRow, RemoteColumns } from './delivery-row.ts'

/** The tables that composed queries read. */
interface Tables {
  delivery: Omit<DeliveryRow, keyof RemoteColumns>
  delivery_remote: RemoteColumns & { did: number }
  delivery_count: { connection: number; object: number; state: number; result: number; code: number; count: number }
  name: { id: number; text: string }
  unit: { id: number; name: string }
}

/** Composes typed queries; {@link all} runs them, since the connection is synchronous and Kysely's drivers are not. */
export const queries: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** The rows of a composed query. */
export const all = <Row>(connection: Connection, query: CompiledQuery<Row>): Row[] =>
  connection.prepare<unknown[], Row>(query.sql).all(...query.parameters)
