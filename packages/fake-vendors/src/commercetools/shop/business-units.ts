import type { FakeCommercetools } from '../start.ts'
import { type Calendar, stamps } from './calendar.ts'
import { customType } from './custom-types.ts'
import type { Person } from './customers.ts'
import type { Dice } from './dice.ts'

/** Adds companies, every fifth one a division of another, each with one to three of the people as associates; marks those people. */
export function addBusinessUnits(
  { project }: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  count: number,
  people: readonly Person[],
): void {
  const companies: string[] = []
  for (let index = 0; index < count && people.length > 0; index += 1) {
    const members = Array.from({ length: dice.between(1, 3) }, () => dice.pick(people))
    const [first] = members
    if (first === undefined) continue
    const key = `unit-${index}`
    const parent = index % 5 === 4 ? dice.pick(companies) : undefined
    if (parent === undefined) companies.push(key)
    for (const member of members) member.unitKey ??= key
    const createdAt = calendar.draw()
    const unit = (unitKey: string): { typeId: 'business-unit'; key: string } => ({ typeId: 'business-unit', key: unitKey })
    project.add('business-unit', {
      ...stamps(createdAt),
      id: dice.uuid(),
      key,
      name: `${first.name.lastName} ${dice.pick(['AG', 'Ltd', '株式会社', 'SARL', 'ش.م.ك'])}`,
      contactEmail: `office@company-${index}.example.com`,
      status: dice.chance(0.9) ? 'Active' : 'Inactive',
      unitType: parent === undefined ? 'Company' : 'Division',
      ...(parent === undefined ? {} : { parentUnit: unit(parent) }),
      topLevelUnit: unit(parent ?? key),
      storeMode: 'Explicit',
      stores: [{ typeId: 'store', key: first.region.storeKey }],
      associateMode: 'Explicit',
      approvalRuleMode: 'Explicit',
      associates: [...new Set(members)].map((member) => ({
        customer: { typeId: 'customer', id: member.id },
        associateRoleAssignments: [{ associateRole: { typeId: 'associate-role', key: 'buyer' }, inheritance: 'Disabled' }],
      })),
      inheritedAssociates: [],
      addresses: [first.address],
      billingAddressIds: [first.address.id],
      shippingAddressIds: [],
      customerGroupAssignments: [],
      custom: { type: customType('unit'), fields: { vatId: `ATU${dice.between(10_000_000, 99_999_999)}`, segment: 'YES' } },
    })
  }
}
