import type { BusinessUnit, Customer } from '@commercetools/platform-sdk'
import type { Change, ReadWindow, SourceContext } from '@millrace/core'
import { toChange } from './change.ts'
import { associateIds, businessUnitsOf } from './company-membership.ts'
import { toCustomer } from './customer.ts'
import { derivedCompanyId } from './derived-company.ts'
import { type Condition, collect } from './keyset.ts'
import type { Collection } from './platform.ts'
import { allOf, beforeWindow, collectByIds, idsOf, locate, type Reader, streamName, streamOf, type Workshop } from './reader.ts'

const groupIds = (row: Customer): string[] =>
  [row.customerGroup, ...(row.customerGroupAssignments ?? []).map((assignment) => assignment.customerGroup)].flatMap(
    (group) => group?.id ?? [],
  )

/**
 * Customers with the business units they belong to. The units name their associates, not the customers their units: in a delta the associates of units
 * modified in the window come after the customers modified in it.
 */
export const createCustomerReader = (workshop: Workshop): Reader => {
  const { transport, platform, lookups, settings } = workshop

  const companiesOf = (row: Customer, units: ReadonlyMap<string, string[]>): string[] => {
    const own = [...new Set(units.get(row.id))].toSorted()
    return own.length > 0 ? own : [derivedCompanyId(row, settings) ?? []].flat()
  }

  const changes = async (rows: readonly Customer[], ctx: SourceContext): Promise<Change[]> => {
    const units = await businessUnitsOf(workshop, rows, ctx)
    await lookups.load({ groups: rows.flatMap(groupIds) }, ctx)
    return rows.map((row) =>
      toChange({
        entity: 'customer',
        id: row.id,
        version: { customer: row.version },
        modifiedAt: Date.parse(row.lastModifiedAt),
        raw: row,
        map: () => toCustomer(row, lookups.names, settings, companiesOf(row, units)),
      }),
    )
  }

  const associatesOf = async (units: readonly BusinessUnit[], before: Condition, ctx: SourceContext): Promise<Customer[]> => {
    const found = new Map<string, Customer>()
    const condition = allOf({ where: ['id in :values'] }, before)
    for (const listing of platform.customers) {
      for (const row of await collect(transport, { listing, condition, values: units.flatMap(associateIds) }, ctx)) found.set(row.id, row)
    }
    return [...found.values()]
  }

  const customerStream = (listing: Collection<Customer>) =>
    streamOf(workshop, { name: streamName('customers', listing.store), listing, size: settings.pageSizes.customer, changes })

  const companyStream = (before: Condition) =>
    streamOf(workshop, {
      name: 'associates',
      listing: platform.companies,
      size: 50,
      changes: async (units, ctx) => changes(await associatesOf(units, before, ctx), ctx),
    })

  return {
    streams: (window: ReadWindow) => {
      const before = beforeWindow(window)
      return [...platform.customers.map(customerStream), ...(before === undefined || !settings.companies ? [] : [companyStream(before)])]
    },
    get: async (id, ctx) => {
      for (const listing of platform.customers) {
        const reply = await transport.find(listing.byId(id), listing.what, ctx)
        if (reply !== undefined) return (await changes([reply.body], ctx))[0]
      }
      return undefined
    },
    byIds: async (ids, ctx) => {
      const rows = await collectByIds(transport, platform.customers, ids, settings.pageSizes.customer, ctx)
      return locate(rows, await changes(rows, ctx))
    },
    ids: (ctx) => idsOf(workshop, platform.customers, ({ id }) => id, ctx),
  }
}
