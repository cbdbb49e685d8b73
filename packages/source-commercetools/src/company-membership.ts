import type { BusinessUnit, Customer } from '@commercetools/platform-sdk'
import type { SourceContext } from '@millrace/core'
import { collect } from './keyset.ts'
import type { Workshop } from './reader.ts'

/** Ids of the customers who belong to a business unit. */
export const associateIds = (unit: BusinessUnit): string[] => (unit.associates ?? []).map((associate) => associate.customer.id)

/** Keys of the business units that each customer belongs to. Units name their associates, not the customers their units. */
export const businessUnitsOf = async (
  { transport, platform, settings }: Workshop,
  customers: readonly Customer[],
  ctx: SourceContext,
): Promise<Map<string, string[]>> => {
  const found = new Map<string, string[]>()
  if (!settings.companies) return found
  const condition = { where: ['associates(customer(id in :values))'] }
  const units = await collect(transport, { listing: platform.companies, condition, values: customers.map(({ id }) => id) }, ctx)
  for (const unit of new Map(units.map((row) => [row.id, row])).values()) {
    for (const id of associateIds(unit)) found.set(id, [...(found.get(id) ?? []), unit.key])
  }
  return found
}
