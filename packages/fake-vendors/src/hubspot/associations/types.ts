import type { ObjectTypeName } from '../object-types.ts'

/** A kind of association in one direction. */
export interface AssociationType {
  readonly from: ObjectTypeName
  readonly to: ObjectTypeName
  readonly typeId: number
  /** Type id of the same link seen from the other side. */
  readonly reverseId: number
  readonly label: string | null
}

function pair(from: ObjectTypeName, to: ObjectTypeName, typeId: number, reverseId: number, label: string | null = null): AssociationType[] {
  return [
    { from, to, typeId, reverseId, label },
    { from: to, to: from, typeId: reverseId, reverseId: typeId, label },
  ]
}

/** HubSpot's own association types. The first of a direction is the default one. Products have none: they are reached through line items. */
export const associationTypes: readonly AssociationType[] = [
  ...pair('contacts', 'deals', 4, 3),
  ...pair('contacts', 'companies', 279, 280),
  ...pair('contacts', 'companies', 1, 2, 'Primary'),
  ...pair('deals', 'companies', 341, 342),
  ...pair('deals', 'companies', 5, 6, 'Primary'),
  ...pair('deals', 'line_items', 19, 20),
  ...pair('orders', 'contacts', 507, 508),
  ...pair('orders', 'companies', 934, 935),
  ...pair('orders', 'companies', 509, 510, 'Primary'),
  ...pair('orders', 'deals', 512, 511),
  ...pair('orders', 'line_items', 513, 514),
  ...pair('orders', 'carts', 593, 592),
  ...pair('carts', 'contacts', 586, 587),
  ...pair('carts', 'line_items', 590, 591),
  ...pair('carts', 'deals', 1347, 1346),
]

const byDirection = Map.groupBy(associationTypes, (type) => `${type.from}>${type.to}`)

/** The types of a direction, the default one first; empty when the two cannot be associated. */
export function typesBetween(from: ObjectTypeName, to: ObjectTypeName): readonly AssociationType[] {
  return byDirection.get(`${from}>${to}`) ?? []
}
