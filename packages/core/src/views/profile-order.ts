import { canonicalJson } from '../delta/canonical-json.ts'
import type { Customer } from '../model/customer.ts'

/** One profile of a person: an account, or what a guest's order says. */
export interface Profile {
  account: boolean
  customer: Customer
  deletedAt: number | null
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const first = (a: boolean, b: boolean): number => Number(b) - Number(a)

/**
 * The order in which profiles count: accounts first, then those that are not deleted, then the newest modified, then by id. Two sources may use the same id
 * at the same time; their content decides then.
 */
export const sortProfiles = (profiles: readonly Profile[]): Profile[] =>
  profiles.toSorted(
    (a, b) =>
      first(a.account, b.account) ||
      first(a.deletedAt === null, b.deletedAt === null) ||
      text(b.customer.modifiedAt, a.customer.modifiedAt) ||
      text(a.customer.id, b.customer.id) ||
      text(canonicalJson(a.customer), canonicalJson(b.customer)),
  )
