import type { BusinessUnit, Customer } from '@commercetools/platform-sdk'
import type { Change, SourceContext } from '@millrace/core'
import { toChange } from './change.ts'
import { toCompany } from './company.ts'
import { businessUnitsOf } from './company-membership.ts'
import { derivedCompany, derivedCompanyCondition, derivedCompanyId } from './derived-company.ts'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import { collectByIds, idsOf, locate, type Reader, streamName, streamOf, type Workshop } from './reader.ts'

/**
 * Business units, companies and their divisions, always of the whole project; and, where the settings have a rule for it, the companies of customers without a
 * business unit, by company name or VAT id.
 */
export const createCompanyReader = (workshop: Workshop): Reader => {
  const { transport, platform, settings } = workshop
  const isDerived = settings.companyRule !== 'none'

  const change = (row: BusinessUnit): Change =>
    toChange({
      entity: 'company',
      id: row.key,
      version: { company: row.version },
      modifiedAt: Date.parse(row.lastModifiedAt),
      raw: row,
      map: () => toCompany(row, settings),
    })

  const derived = async (customers: readonly Customer[], ctx: SourceContext): Promise<Change[]> => {
    const stated = customers.filter((row) => derivedCompanyId(row, settings) !== undefined)
    const units = await businessUnitsOf(workshop, stated, ctx)
    return stated.filter(({ id }) => !units.has(id)).flatMap((row) => derivedCompany(row, settings) ?? [])
  }

  const unitStream = () =>
    streamOf(workshop, {
      name: 'companies',
      listing: platform.companies,
      size: settings.pageSizes.company,
      changes: (rows) => Promise.resolve(rows.map(change)),
    })

  const findDerived = async (id: string, ctx: SourceContext): Promise<Change | undefined> => {
    const condition = derivedCompanyCondition(id, settings)
    if (condition === undefined) return undefined
    for (const listing of platform.customers) {
      const request = { listing, mode: 'full', conditions: [condition], after: {}, size: createPageSize(20) } as const
      for await (const { rows } of keyset(transport, request, ctx)) {
        const found = await derived(rows, ctx)
        if (found.length > 0) return found.toSorted((a, b) => b.modifiedAt - a.modifiedAt)[0]
      }
    }
    return undefined
  }

  return {
    streams: () => [
      ...(settings.companies ? [unitStream()] : []),
      ...(isDerived
        ? platform.customers.map((listing) =>
            streamOf(workshop, {
              name: streamName('customers of companies', listing.store),
              listing,
              size: settings.pageSizes.customer,
              changes: derived,
            }),
          )
        : []),
    ],
    get: async (key, ctx) => {
      if (isDerived && key.includes(':')) return findDerived(key, ctx)
      const reply = settings.companies ? await transport.find(platform.companies.byKey(key), platform.companies.what, ctx) : undefined
      return reply === undefined ? undefined : change(reply.body)
    },
    byIds: async (ids, ctx) => {
      if (!settings.companies) return []
      const rows = await collectByIds(transport, [platform.companies], ids, settings.pageSizes.company, ctx)
      return locate(rows, rows.map(change))
    },
    ids: async function* (ctx) {
      if (settings.companies) yield* idsOf(workshop, [platform.companies], ({ key }) => key, ctx)
      if (isDerived) {
        for await (const ids of idsOf(workshop, platform.customers, (row) => derivedCompanyId(row, settings) ?? '', ctx)) {
          yield [...new Set(ids)].filter((id) => id !== '')
        }
      }
    },
  }
}
