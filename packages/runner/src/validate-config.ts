import { MillraceError, type MillraceConfig } from '@millrace/core'

interface Problem {
  setting: string
  message: string
}

const settings = [
  'sources',
  'source',
  'connections',
  'destinations',
  'notifications',
  'collect',
  'events',
  'schedule',
  'store',
  'logger',
  'clock',
  'actor',
  'retention',
  'telemetry',
] as const

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`

/** Source, destination and store are told by their version mark and by one method that each of them must have. */
const part = (setting: string, value: unknown, kind: string, method: string, example: string): Problem[] => {
  if (value === undefined) return [{ setting, message: `is missing; write ${example}` }]
  if (typeof value === 'function') return [{ setting, message: `is a function; call it: ${example}` }]
  if (!isObject(value)) return [{ setting, message: `must be a ${kind} such as ${example}, but is ${nameOf(value)}` }]
  if (value['specificationVersion'] === undefined || typeof value[method] !== 'function')
    return [{ setting, message: `is not a ${kind}; write what an adapter returns, such as ${example}` }]
  if (value['specificationVersion'] !== 'v1')
    return [
      {
        setting,
        message: `has another specificationVersion than v1, which this release understands; install adapter and Millrace of the same release`,
      },
    ]
  return []
}

const source = (setting: string, value: unknown): Problem[] => part(setting, value, 'source', 'read', 'commercetools({ ... })')
const destination = (setting: string, value: unknown): Problem[] => part(setting, value, 'destination', 'deliver', 'hubspot({ ... })')

const connection = (setting: string, value: unknown): Problem[] => {
  if (!isObject(value)) return [{ setting, message: `must be { destination: hubspot({ ... }) }, but is ${nameOf(value)}` }]
  if ('specificationVersion' in value) return [{ setting, message: 'is a destination itself; write { destination: ... } around it' }]
  const contract = value['contract']
  const problem =
    contract === undefined || isObject(contract)
      ? []
      : [{ setting: `${setting}.contract`, message: `must be defineContract({ ... }), but is ${nameOf(contract)}` }]
  const { retry } = value
  const noPolicy =
    retry === undefined || typeof retry === 'function'
      ? []
      : [{ setting: `${setting}.retry`, message: `must be a function that answers { delayMs } or undefined, but is ${nameOf(retry)}` }]
  const { mode } = value
  const noMode =
    mode === undefined || mode === 'live' || mode === 'observe'
      ? []
      : [
          {
            setting: `${setting}.mode`,
            message: `must be 'live' or 'observe', but is ${typeof mode === 'string' ? `'${mode}'` : nameOf(mode)}`,
          },
        ]
  const noLists = ['entities', 'events'].flatMap((key) =>
    value[key] === undefined || Array.isArray(value[key])
      ? []
      : [{ setting: `${setting}.${key}`, message: `must be a list of names, but is ${nameOf(value[key])}` }],
  )
  return [...noMode, ...noLists, ...destination(`${setting}.destination`, value['destination']), ...problem, ...noPolicy]
}

const named = (setting: string, value: unknown, each: (setting: string, value: unknown) => Problem[]): Problem[] => {
  if (!isObject(value)) return [{ setting, message: `must be an object with a name for each, but is ${nameOf(value)}` }]
  if (Object.keys(value).length === 0) return [{ setting, message: 'is empty; name at least one' }]
  return Object.entries(value).flatMap(([name, item]) => each(`${setting}.${name}`, item))
}

const sourcesOf = (config: Record<string, unknown>): Problem[] => {
  if (config['sources'] !== undefined && config['source'] !== undefined)
    return [{ setting: 'source', message: 'cannot stand beside `sources`; keep one of the two' }]
  return config['sources'] === undefined ? source('source', config['source']) : named('sources', config['sources'], source)
}

const connectionsOf = (config: Record<string, unknown>): Problem[] => {
  const { connections, destinations } = config
  if (connections !== undefined && destinations !== undefined)
    return [{ setting: 'destinations', message: 'cannot stand beside `connections`; keep one of the two' }]
  if (connections !== undefined) return named('connections', connections, connection)
  if (destinations === undefined)
    return [{ setting: 'connections', message: 'is missing; write { hubspot: { destination: hubspot({ ... }) } }' }]
  if (!Array.isArray(destinations))
    return [{ setting: 'destinations', message: `must be a list such as [hubspot({ ... })], but is ${nameOf(destinations)}` }]
  if (destinations.length === 0) return [{ setting: 'destinations', message: 'is empty; name at least one' }]
  return destinations.flatMap((item, index) => destination(`destinations[${index}]`, item))
}

const actorOf = (value: unknown): Problem[] =>
  value === undefined || (typeof value === 'string' && value.trim() !== '')
    ? []
    : [{ setting: 'actor', message: `must be a name, but is ${value === '' ? 'empty' : nameOf(value)}` }]

const retentionOf = (value: unknown): Problem[] => {
  if (value === undefined) return []
  if (!isObject(value)) return [{ setting: 'retention', message: `must be like { journalDays: 90 }, but is ${nameOf(value)}` }]
  const known = ['journalDays', 'exchangeDays', 'runDays', 'eventDays', 'visitorDays']
  return Object.entries(value).flatMap(([key, days]) => {
    if (!known.includes(key)) return [{ setting: `retention.${key}`, message: `is not a setting; known are ${known.join(', ')}` }]
    return typeof days === 'number' && Number.isFinite(days) && days >= 1
      ? []
      : [{ setting: `retention.${key}`, message: 'must be a number of days, 1 or more' }]
  })
}

const problemsOf = (config: Record<string, unknown>): Problem[] => [
  ...Object.keys(config)
    .filter((key) => !settings.some((known) => known === key))
    .map((key) => ({ setting: key, message: `is not a setting; known are ${settings.join(', ')}` })),
  ...sourcesOf(config),
  ...connectionsOf(config),
  ...actorOf(config['actor']),
  ...retentionOf(config['retention']),
  ...part('store', config['store'], 'store', 'acquire', "sqlite({ path: 'millrace.db' })"),
]

/**
 * Checks the shape of what a config file exports. All faults are reported at once, each with its setting and cure; contents of adapters and contracts are
 * checked by `createMillrace` and `check`. Throws MillraceError `config_invalid`.
 */
export const validateConfig: (value: unknown, path: string) => asserts value is MillraceConfig = (value, path) => {
  const problems = isObject(value)
    ? problemsOf(value)
    : [{ setting: 'default export', message: `must be defineConfig({ ... }), but is ${nameOf(value)}` }]
  const [first] = problems
  if (first === undefined) return
  throw new MillraceError({
    code: 'config_invalid',
    scope: 'destination',
    field: first.setting,
    context: { path },
    message: `${path} has ${problems.length === 1 ? 'a fault' : `${problems.length} faults`}: ${problems.map(({ setting, message }) => `\`${setting}\` ${message}`).join('. ')}.`,
  })
}
