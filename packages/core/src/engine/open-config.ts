import type { ConnectionConfig, MillraceConfig } from '../api/config.ts'
import { scheduleProblems } from '../api/schedule.ts'
import { MillraceError } from '../error.ts'
import type { Source } from '../spec/source.ts'
import { eventEvidenceProblems, type EventEvidence } from '../events/event-evidence.ts'
import { openCollectors, type CollectEndpoint } from '../collect/open-collectors.ts'
import type { Endpoint } from '../notifications/endpoint.ts'
import { openEndpoints } from '../notifications/open-endpoints.ts'
import { openConnection, type Connection } from './connection.ts'

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/

const invalid = (message: string): MillraceError => new MillraceError({ code: 'config_invalid', message, scope: 'destination' })

/** Checks the shape of a config, resolves the shorthands and opens every connection. Throws MillraceError `config_invalid` or `contract_invalid`. */
export const openConfig = (
  config: MillraceConfig,
): {
  sources: Map<string, Source>
  connections: Map<string, Connection>
  endpoints: Map<string, Endpoint>
  collectors: Map<string, CollectEndpoint>
  cartIdleMs: number
  eventEvidence: EventEvidence
} => {
  const sources = new Map<string, Source>(Object.entries(config.sources ?? {}))
  if (config.source !== undefined) sources.set(config.source.name, config.source)
  if (sources.size === 0)
    throw invalid('The config has no source. Give it `source: adapter({...})` or `sources: { name: adapter({...}) }`.')
  for (const [name, source] of sources) checkPart(`sources.${name}`, name, source, 'source')

  const configs = new Map<string, ConnectionConfig>(Object.entries(config.connections ?? {}))
  for (const destination of config.destinations ?? []) {
    if (configs.has(destination.name))
      throw invalid(`destinations: two are named ${destination.name}. Use \`connections: { name: { destination } }\` to give them names.`)
    configs.set(destination.name, { destination })
  }
  for (const [name, connection] of configs) checkPart(`connections.${name}.destination`, name, connection.destination, 'destination')
  checkVersion('store', config.store, 'store')
  for (const { path, message } of scheduleProblems(config.schedule ?? {})) throw invalid(`schedule.${path} ${message}.`)
  return {
    sources,
    connections: new Map([...configs].map(([name, connection]) => [name, openConnection(name, connection, [...sources.keys()])])),
    endpoints: openEndpoints(config.notifications ?? {}, sources),
    collectors: openCollectors(config.collect ?? {}, sources),
    cartIdleMs: cartIdleMs(config),
    eventEvidence: eventEvidence(config),
  }
}

const cartIdleMs = ({ events: { cartIdleHours = 1 } = {} }: MillraceConfig): number => {
  if (typeof cartIdleHours === 'number' && cartIdleHours >= 1 && cartIdleHours <= 4) return cartIdleHours * 60 * 60_000
  throw invalid('events.cartIdleHours must be a number of hours from 1 to 4: after so long without a change a cart counts as left.')
}

const eventEvidence = ({ events: { evidence = {} } = {} }: MillraceConfig): EventEvidence => {
  const [problem] = eventEvidenceProblems(evidence)
  if (problem !== undefined) throw invalid(`events.evidence.${problem.path}: ${problem.message}.`)
  return evidence
}

const checkPart = (where: string, name: string, part: unknown, kind: string): void => {
  if (!namePattern.test(name))
    throw invalid(`${where}: "${name}" cannot be a name. Use lower-case letters, digits, dots, dashes and underscores, at most 63.`)
  checkVersion(where, part, kind)
}

const checkVersion = (where: string, part: unknown, kind: string): void => {
  const version = typeof part === 'object' && part !== null && 'specificationVersion' in part ? part.specificationVersion : undefined
  if (version === 'v1') return
  throw invalid(
    version === undefined
      ? `${where} is not a ${kind}. Pass what an adapter's factory returns.`
      : `${where} speaks specification ${JSON.stringify(version)}, this Millrace speaks v1. Install versions of the packages that belong together.`,
  )
}
