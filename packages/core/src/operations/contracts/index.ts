import type { Millrace } from '../../api/millrace.ts'
import { contractDocs } from '../../contract/docs/contract-docs.ts'
import { connectionNamed } from '../../engine/connection-named.ts'
import type { Engine } from '../../engine/engine.ts'
import { contractDiff } from './contract-diff.ts'
import { contractTest } from './contract-test.ts'
import { contractTypes } from './contract-types.ts'

/** The operations of {@link Millrace.contracts}. */
export const contractOperations = (
  engine: Engine,
  signalOf: (options?: { signal?: AbortSignal }) => AbortSignal,
): Millrace['contracts'] => ({
  docs: async (name) => contractDocs(connectionNamed(engine, name)),
  diff: async (name, options) => contractDiff(engine, connectionNamed(engine, name), signalOf(options), options?.examples),
  test: async (name) => {
    const chosen = name === undefined ? [...engine.connections.values()] : [connectionNamed(engine, name)]
    return chosen.map((connection) => contractTest(connection, connection.examples))
  },
  types: (options) => contractTypes(engine, signalOf(options)),
  versions: async (name) => {
    const { contractHash } = connectionNamed(engine, name)
    const versions = await engine.store.contractVersions(name)
    return versions.map(({ hash, since, actor, body }, index) => ({
      hash,
      since: new Date(since).toISOString(),
      actor: actor ?? 'unknown',
      active: index === 0 && hash === contractHash,
      contract: JSON.parse(body) as unknown,
    }))
  },
})
