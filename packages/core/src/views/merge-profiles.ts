import { canonicalJson } from '../delta/canonical-json.ts'
import type { CustomFields } from '../model/common.ts'
import type { Customer } from '../model/customer.ts'

const isBlank = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

const unite = <T>(lists: readonly (readonly T[])[]): T[] => {
  const seen = new Map<string, T>()
  for (const item of lists.flat()) {
    const text = canonicalJson(item)
    if (!seen.has(text)) seen.set(text, item)
  }
  return [...seen.values()]
}

const mergeCustom = (all: readonly CustomFields[]): CustomFields => {
  const names = new Set(all.flatMap((fields) => Object.keys(fields)))
  // fromEntries defines properties, so a field named `__proto__` stays a field.
  return Object.fromEntries(
    [...names].toSorted().flatMap((name) =>
      all
        .filter((fields) => Object.hasOwn(fields, name) && !isBlank(fields[name]))
        .slice(0, 1)
        .map((fields) => [name, fields[name] ?? null]),
    ),
  )
}

/** Joins profiles, the one that counts most first: each field from the first that has it, lists united, custom fields by name. */
export const mergeProfiles = (profiles: readonly Customer[]): Partial<Customer> => {
  const [only, ...others] = profiles
  if (only === undefined) return {}
  if (others.length === 0) return only
  const firstOf = <K extends keyof Customer>(name: K): Customer[K] | undefined =>
    profiles.find((profile) => !isBlank(profile[name]))?.[name]
  const email = firstOf('email')
  return {
    key: firstOf('key'),
    customerNumber: firstOf('customerNumber'),
    externalId: firstOf('externalId'),
    createdAt: profiles.map(({ createdAt }) => createdAt).toSorted()[0] ?? only.createdAt,
    modifiedAt:
      profiles
        .map(({ modifiedAt }) => modifiedAt)
        .toSorted()
        .at(-1) ?? only.modifiedAt,
    email,
    // A verification belongs to the address that was verified.
    emailVerified: profiles.some((profile) => profile.emailVerified && profile.email?.toLowerCase() === email?.toLowerCase()),
    title: firstOf('title'),
    salutation: firstOf('salutation'),
    firstName: firstOf('firstName'),
    middleName: firstOf('middleName'),
    lastName: firstOf('lastName'),
    dateOfBirth: firstOf('dateOfBirth'),
    phone: firstOf('phone'),
    companyName: firstOf('companyName'),
    vatId: firstOf('vatId'),
    locale: firstOf('locale'),
    billingAddress: firstOf('billingAddress'),
    shippingAddress: firstOf('shippingAddress'),
    groups: unite(profiles.map(({ groups }) => groups)),
    stores: unite(profiles.map(({ stores }) => stores)),
    companyIds: unite(profiles.map(({ companyIds }) => companyIds)),
    addresses: unite(profiles.map(({ addresses }) => addresses)),
    consents: unite(profiles.map(({ consents }) => consents)),
    custom: mergeCustom(profiles.map(({ custom }) => custom)),
  }
}
