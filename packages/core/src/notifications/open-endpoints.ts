import type { NotificationConfig } from '../api/config.ts'
import { MillraceError } from '../error.ts'
import type { Source } from '../spec/source.ts'
import type { Endpoint } from './endpoint.ts'

const invalid = (field: string, message: string): MillraceError =>
  new MillraceError({ code: 'config_invalid', scope: 'destination', field, message: `${field}: ${message}` })

/** Checks the notification endpoints of a config. Throws MillraceError `config_invalid`, naming setting and cure. */
export const openEndpoints = (
  given: Readonly<Record<string, NotificationConfig>>,
  sources: ReadonlyMap<string, Source>,
): Map<string, Endpoint> => {
  const [only, ...others] = sources.keys()
  return new Map(
    Object.entries(given).map(([name, { transport, source = others.length === 0 ? only : undefined }]) => {
      const at = `notifications.${name}`
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) throw invalid(at, 'this cannot be a name: use lower-case letters, digits and dashes.')
      if (source === undefined) throw invalid(`${at}.source`, `is missing; name one of ${[...sources.keys()].join(', ')}.`)
      const known = sources.get(source)
      if (known === undefined)
        throw invalid(`${at}.source`, `there is no source named ${source}; name one of ${[...sources.keys()].join(', ')}.`)
      if (known.decode === undefined || known.fetch === undefined)
        throw invalid(
          `${at}.source`,
          `the ${known.name} source understands no notifications; take this endpoint out and let the poll do it.`,
        )
      if (transport?.specificationVersion !== 'v1')
        throw invalid(`${at}.transport`, 'is not a transport of this release; write what a transport of @millrace/intake returns.')
      return [name, { name, source, transport, decode: (payload: unknown) => known.decode?.(payload) ?? ignored }] as const
    }),
  )
}

const ignored = { type: 'ignored', reason: 'the source understands no notifications' } as const
