import { customerSchema, type Change, type Customer } from '@millrace/core'

/** The id of a customer. */
export const customerId = (index: number): string => `customer-${String(index).padStart(8, '0')}`

/** A customer as a shop has them, about 900 characters of JSON: two addresses, a group, a consent, custom fields. The same `index` gives the same customer. */
export const customerOf = (index: number): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id: customerId(index),
    customerNumber: String(100_000 + index),
    createdAt: '2025-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-01T00:00:00.000Z',
    email: `buyer.${index}@example.com`,
    emailVerified: true,
    firstName: 'Željka',
    lastName: `Müller-${index}`,
    dateOfBirth: '1980-02-29',
    locale: 'de-DE',
    groups: [{ id: 'g1', key: 'retail', name: 'Retail' }],
    stores: ['berlin'],
    billingAddress: {
      streetName: 'Hauptstraße',
      streetNumber: '1',
      postalCode: '10115',
      city: 'Berlin',
      country: 'DE',
      phone: '+49 30 123456',
    },
    shippingAddress: { streetName: 'Hauptstraße', streetNumber: '1', postalCode: '10115', city: 'Berlin', country: 'DE' },
    consents: [{ channel: 'email', status: 'granted', at: '2025-01-01T00:00:00.000Z', source: 'checkout' }],
    custom: { newsletter: true, tier: 'gold', points: 1234, preferred: { key: 'x', label: 'X' }, tags: ['a', 'b'] },
  })

/** {@link customerOf} as a source hands it over. */
export const changeOf = (index: number): Change => {
  const record = customerOf(index)
  return { type: 'upsert', record, version: { customer: 1 }, modifiedAt: Date.parse(record.modifiedAt) }
}
