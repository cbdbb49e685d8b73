import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import type { FakeHubSpot } from '@millrace/fake-vendors/hubspot'

/** An address as it is compared. Shares no code with the product. */
export const fold = (email: string): string => email.trim().toLowerCase()

/** The addresses of everybody in the shop: account holders, and guests with an order. */
export const peopleOf = (shop: FakeCommercetools): Set<string> => {
  const guests = shop.project.all('order').filter((order) => order['customerId'] === undefined)
  return new Set([
    ...shop.project.all('customer').map((row) => fold(String(row['email']))),
    ...guests.map((row) => fold(String(row['customerEmail']))),
  ])
}

/** What every record of a type holds, by record id. */
export const propertiesById = (
  portal: FakeHubSpot,
  type: Parameters<FakeHubSpot['portal']['all']>[0],
): Map<string, Record<string, string>> => new Map(portal.portal.all(type).map(({ id, properties }) => [id, { ...properties }]))

/** Values that occur more than once; missing ones do not count. */
export const repeated = (values: readonly (string | undefined)[]): string[] => {
  const seen = new Set<string>()
  return values.filter((value): value is string => value !== undefined && value !== '' && (seen.has(value) || !seen.add(value)))
}
