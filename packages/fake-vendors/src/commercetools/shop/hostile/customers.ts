import { customType } from '../custom-types.ts'
import type { HostileKind } from './kind.ts'

const custom = (fields: Record<string, unknown>): object => ({ type: customType('customer'), fields })

/** Customers whose fields are out of range, unknown or lead nowhere. */
export const hostileCustomers: readonly HostileKind[] = [
  {
    id: 'birth-year-9999',
    what: 'Date of birth 9999-12-31',
    expected: 'Out of range for most destinations: leave the field out or isolate the row',
    fate: 'either',
    seed: (add) => void add.customer({ dateOfBirth: '9999-12-31' }),
  },
  {
    id: 'birth-year-0001',
    what: 'Date of birth 0001-01-01',
    expected: 'As above; it must not become 2001 or 1901',
    fate: 'either',
    seed: (add) => void add.customer({ dateOfBirth: '0001-01-01' }),
  },
  {
    id: 'birth-date-impossible',
    what: 'Date of birth 1990-02-30',
    expected: 'No such day: leave the field out or isolate; never 2 March',
    fate: 'either',
    seed: (add) => void add.customer({ dateOfBirth: '1990-02-30' }),
  },
  {
    id: 'phone-junk',
    what: 'Phone numbers that are none',
    expected: 'Leave them out where numbers are checked, keep the rest',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({
        addresses: [{ id: 'a1', country: 'DE', phone: 'call me maybe', mobile: '0'.repeat(60), fax: '+49 (0) 30/12 34-56 ext. 7' }],
      }),
  },
  {
    id: 'address-without-country',
    what: 'Address without a country, beside one with a country that does not exist',
    expected: 'Unknown country: strictest consent region; deliver the rest',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({
        addresses: [
          { id: 'a1', city: 'Nowhere' },
          { id: 'a2', country: 'XX', city: 'Elsewhere' },
        ],
      }),
  },
  {
    id: 'default-address-missing',
    what: 'Default address ids that no address has',
    expected: 'No default address; deliver the rest',
    fate: 'delivered',
    seed: (add) => void add.customer({ defaultBillingAddressId: 'gone', defaultShippingAddressId: 'gone', billingAddressIds: ['gone'] }),
  },
  {
    id: 'two-hundred-addresses',
    what: 'Customer with 200 addresses',
    expected: 'Deliver billing and shipping address only',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({
        addresses: Array.from({ length: 200 }, (_, index) => ({ id: `a${index}`, country: 'DE', city: `City ${index}` })),
      }),
  },
  {
    id: 'unknown-locale',
    what: 'Locale that no language has',
    expected: 'Leave the language out or deliver it as text; no crash in formatting',
    fate: 'delivered',
    seed(add) {
      add.customer({ locale: 'xx-XX' }, '1')
      add.customer({ locale: 'not a locale' }, '2')
    },
  },
  {
    id: 'unknown-enum-value',
    what: 'NEWSLETTER_SUBSCRIBE holds `MAYBE`, which its type does not list',
    expected: 'Consent is unknown, never granted; the drift is reported',
    fate: 'delivered',
    seed: (add) => void add.customer({ custom: custom({ NEWSLETTER_SUBSCRIBE: 'MAYBE', favouriteChannel: 'pigeon' }) }),
  },
  {
    id: 'field-of-other-type',
    what: 'Custom fields hold other types than their definitions say',
    expected: 'Mapping names field and type; consent does not come from a truthy value',
    fate: 'either',
    seed: (add) =>
      void add.customer({
        custom: custom({ NEWSLETTER_SUBSCRIBE: true, SMS_OPT_IN: 'yes', loyaltyPoints: '12', memberSince: '01.02.2020', interests: 'one' }),
      }),
  },
  {
    id: 'number-beyond-safe',
    what: 'Custom number of 1e21',
    expected: 'Plain decimal or isolated; no exponent is sent where the destination refuses one',
    fate: 'either',
    seed: (add) =>
      void add.customer({
        custom: custom({
          loyaltyPoints: 1e21,
          creditLimit: { type: 'centPrecision', currencyCode: 'EUR', centAmount: 9_007_199_254_740_991, fractionDigits: 2 },
        }),
      }),
  },
  {
    id: 'removed-custom-type',
    what: 'Custom fields of a type that was removed',
    expected: 'Deliver fields by name without their labels; the missing type is reported once',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({
        custom: { type: { typeId: 'type', id: 'type-removed' }, fields: { NEWSLETTER_SUBSCRIBE: 'YES', formerField: 'x' } },
      }),
  },
  {
    id: 'separator-in-set',
    what: 'Set values that hold the separators of multi-select fields',
    expected: 'A value with `;` does not become two options',
    fate: 'either',
    seed: (add) => void add.customer({ custom: custom({ interests: ['a;b', 'c,d', ' e ', ''] }) }),
  },
  {
    id: 'group-and-store-missing',
    what: 'Customer group and store that no longer exist',
    expected: 'Deliver by their ids or without; no retry without end',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({ customerGroup: { typeId: 'customer-group', id: 'group-gone' }, stores: [{ typeId: 'store', key: 'closed' }] }),
  },
  {
    id: 'non-ascii-keys',
    what: 'Key, customer number and id with characters outside ASCII, blanks and slashes',
    expected: 'Encoded in every path; the unique key at the destination is the same text',
    fate: 'delivered',
    seed: (add) => void add.customer({ key: 'ключ/鍵 ?&=#', customerNumber: 'Nº 7/ä', externalId: '../../etc/passwd' }, 'ü/ñ'),
  },
]
