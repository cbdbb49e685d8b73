import { z } from 'zod'
import { instantSchema } from '../model/common.ts'
import { companySchema } from '../model/company.ts'
import type { Company } from '../model/company.ts'
import { instantOf } from './view.ts'
import type { ViewContext } from './view.ts'

/** A company as rules see it. `country` and `phone` come from the billing address, else the shipping address, else the first one. */
export const companyViewSchema = companySchema.omit({ entity: true }).extend({
  /** Our own unique key; the shop's own one is `shopKey`. */
  key: z.string(),
  shopKey: z.string().optional(),
  country: z.string().optional(),
  phone: z.string().optional(),
  /** Name of the source. */
  source: z.string(),
  /** False for one that the connection no longer takes. */
  inScope: z.boolean(),
  historical: z.boolean(),
  deletedAt: instantSchema.optional(),
})
export type CompanyView = z.infer<typeof companyViewSchema>

/** Builds the view of a company. */
export const companyView = (company: Company, context: ViewContext): CompanyView => {
  const { entity: _entity, key, ...fields } = company
  const addresses = [company.billingAddress, company.shippingAddress, ...company.addresses]
  return {
    ...fields,
    key: context.key,
    shopKey: key,
    country: addresses.find((address) => address?.country !== undefined)?.country,
    phone: addresses.find((address) => address?.phone !== undefined)?.phone,
    source: context.source,
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(context.deletedAt),
  }
}
