import type { FakeCommercetools } from '../start.ts'
import { type Address, drawAddress, drawName } from './addresses.ts'
import { type Calendar, DAY, stamps } from './calendar.ts'
import { customType } from './custom-types.ts'
import type { Dice } from './dice.ts'
import { money } from './money.ts'
import { type Region, REGIONS } from './regions.ts'
import { GROUP_IDS, localized } from './settings.ts'

/** What orders need to know of a customer. */
export interface Person {
  id: string
  email: string
  region: Region
  name: { firstName: string; lastName: string }
  address: Address
  createdAt: number
  groupId: string | undefined
  unitKey: string | undefined
}

/** Adds registered customers and returns them. E-mail addresses are unique; consent, groups, stores and birthdays are there for some only. */
export function addCustomers(shop: FakeCommercetools, dice: Dice, calendar: Calendar, count: number): Person[] {
  return Array.from({ length: count }, (_, index) => addCustomer(shop, dice, calendar, index))
}

function addCustomer({ project }: FakeCommercetools, dice: Dice, calendar: Calendar, index: number): Person {
  const region = dice.weighted([...REGIONS.entries()].map(([position, choice]) => [choice, 5 - position]))
  const name = drawName(dice, region)
  const address = drawAddress(dice, region, name)
  const second = dice.chance(0.3) ? [drawAddress(dice, region, name)] : []
  const createdAt = calendar.draw()
  const lastModifiedAt = dice.chance(0.4) ? calendar.draw(createdAt) : createdAt
  const local = dice.chance(0.3) ? `Customer.${index}` : `customer${index}`
  const email = `${local}${dice.chance(0.05) ? '+shop' : ''}@${dice.pick(['example.com', 'example.org', 'mail.example.net', 'shop.example.de'])}`
  const groups = dice.chance(0.25) ? dice.some(GROUP_IDS, dice.between(1, 2)) : []
  const [groupId] = groups
  const person: Person = { id: dice.uuid(), email, region, name, address, createdAt, groupId, unitKey: undefined }
  project.add('customer', {
    ...stamps(createdAt, lastModifiedAt),
    id: person.id,
    key: `customer-${index}`,
    customerNumber: String(100_000 + index),
    email,
    ...name,
    ...(dice.chance(0.1) ? { middleName: 'M.' } : {}),
    ...(dice.chance(0.1) ? { title: 'Dr.', salutation: 'Frau' } : {}),
    ...(dice.chance(0.5) ? { dateOfBirth: new Date(dice.between(-20 * 365, 35 * 365) * DAY).toISOString().slice(0, 10) } : {}),
    ...(dice.chance(0.1) ? { companyName: `${name.lastName} GmbH & Co. KG`, vatId: `DE${dice.between(100_000_000, 999_999_999)}` } : {}),
    ...(dice.chance(0.2) ? { externalId: `erp-${index}` } : {}),
    addresses: [address, ...second],
    defaultBillingAddressId: address.id,
    billingAddressIds: [address.id],
    ...(dice.chance(0.8) ? { defaultShippingAddressId: (second[0] ?? address).id } : {}),
    shippingAddressIds: [(second[0] ?? address).id],
    ...groupFields(dice, groups),
    stores: dice.chance(0.4) ? [{ typeId: 'store', key: region.storeKey }] : [],
    ...(dice.chance(0.8) ? { locale: region.locale } : {}),
    isEmailVerified: dice.chance(0.6),
    authenticationMode: dice.chance(0.95) ? 'Password' : 'ExternalAuth',
    ...(dice.chance(0.85) ? { custom: { type: customType('customer'), fields: drawFields(dice, region, createdAt) } } : {}),
  })
  return person
}

/** The legacy single group, the list of assignments, or both. */
function groupFields(dice: Dice, ids: readonly string[]): Record<string, unknown> {
  const references = ids.map((id) => ({ typeId: 'customer-group', id }))
  const [first] = references
  if (first === undefined) return { customerGroupAssignments: [] }
  if (dice.chance(0.3)) return { customerGroup: first }
  const customerGroupAssignments = references.map((customerGroup) => ({ customerGroup }))
  return dice.chance(0.5) ? { customerGroupAssignments } : { customerGroup: first, customerGroupAssignments }
}

function drawFields(dice: Dice, region: Region, createdAt: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    SMS_OPT_IN: dice.chance(0.3),
    favouriteChannel: dice.pick(['email', 'sms', 'post']),
    interests: dice.some(['outdoor', 'home', 'enfants', '靴'], 2),
    loyaltyPoints: dice.between(0, 5000),
    memberSince: new Date(createdAt).toISOString().slice(0, 10),
    creditLimit: money(region.currency, dice.between(0, 100_000)),
    nickname: localized('Sunny'),
    preferredStore: { typeId: 'channel', id: `channel-sales-${region.storeKey}` },
    callAfter: '18:00:00.000',
  }
  const some = Object.fromEntries(Object.entries(fields).filter(() => dice.chance(0.4)))
  const subscribed = dice.weighted([
    ['YES', 5],
    ['NO', 3],
    [undefined, 2],
  ])
  if (subscribed === undefined) return some
  return { ...some, NEWSLETTER_SUBSCRIBE: subscribed, NEWSLETTER_SINCE: new Date(createdAt + 1000).toISOString() }
}
