import type { BusinessUnit } from '@commercetools/platform-sdk'
import type { Change } from '@millrace/core'
import { toChange } from './change.ts'
import { toCompany } from './company.ts'
import { idsOf, type Reader, streamOf, type Workshop } from './reader.ts'

/** Business units: companies and their divisions. Always of the whole project. */
export const createCompanyReader = (workshop: Workshop): Reader => {
  const { transport, platform, settings } = workshop

  const change = (row: BusinessUnit): Change =>
    toChange({
      entity: 'company',
      id: row.key,
      version: { company: row.version },
      modifiedAt: Date.parse(row.lastModifiedAt),
      raw: row,
      map: () => toCompany(row, settings),
    })

  return {
    streams: () => [
      streamOf(workshop, {
        name: 'companies',
        listing: platform.companies,
        size: settings.pageSizes.company,
        changes: (rows) => Promise.resolve(rows.map(change)),
      }),
    ],
    get: async (key, ctx) => {
      const reply = await transport.find(platform.companies.byKey(key), platform.companies.what, ctx)
      return reply === undefined ? undefined : change(reply.body)
    },
    ids: (ctx) => idsOf(workshop, [platform.companies], ({ key }) => key, ctx),
  }
}
