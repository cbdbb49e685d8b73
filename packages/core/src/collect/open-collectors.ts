import type { CollectConfig } from '../api/config.ts'
import { MillraceError } from '../error.ts'
import type { Collector } from '../spec/collect.ts'
import type { Source } from '../spec/source.ts'

/** Where events of the shop of one source arrive. The name is the last part of the endpoint's path. */
export interface CollectEndpoint {
  name: string
  source: string
  collector: Collector
}

const invalid = (field: string, message: string): MillraceError =>
  new MillraceError({ code: 'config_invalid', scope: 'destination', field, message: `${field}: ${message}` })

/** Checks the collect endpoints of a config. Throws MillraceError `config_invalid`, naming setting and cure. */
export const openCollectors = (
  given: Readonly<Record<string, CollectConfig>>,
  sources: ReadonlyMap<string, Source>,
): Map<string, CollectEndpoint> => {
  const names = [...sources.keys()]
  return new Map(
    Object.entries(given).map(([name, { collector, source = names.length === 1 ? names[0] : undefined }]) => {
      const at = `collect.${name}`
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) throw invalid(at, 'this cannot be a name: use lower-case letters, digits and dashes.')
      if (source === undefined || !sources.has(source))
        throw invalid(`${at}.source`, `is none of the sources; name one of ${names.join(', ')}.`)
      if (collector?.specificationVersion !== 'v1')
        throw invalid(`${at}.collector`, 'is not a collector of this release; write what `collect` of @millrace/intake returns.')
      return [name, { name, source, collector }] as const
    }),
  )
}
