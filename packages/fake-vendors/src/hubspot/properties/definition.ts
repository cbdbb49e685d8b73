/** Data types of properties. */
export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number'

/** An allowed value of an enumeration. */
export interface PropertyOption {
  readonly label: string
  readonly value: string
  readonly displayOrder: number
  readonly hidden: boolean
  readonly description?: string
}

/** A property of an object type. */
export interface PropertyDefinition {
  readonly name: string
  readonly label: string
  readonly type: PropertyType
  readonly fieldType: string
  readonly groupName: string
  readonly description: string
  readonly options: readonly PropertyOption[]
  readonly displayOrder: number
  readonly hasUniqueValue: boolean
  readonly hidden: boolean
  readonly formField: boolean
  readonly hubspotDefined: boolean
  readonly calculated: boolean
  readonly readOnlyValue: boolean
  /** Uniqueness that HubSpot enforces without admitting it in `hasUniqueValue` (`hs_sku`, `hs_external_order_id`). */
  readonly enforcedUnique: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** A group that properties are filed under. */
export interface PropertyGroup {
  readonly name: string
  readonly label: string
  readonly displayOrder: number
}

/** Field types that each type allows. */
export const fieldTypes: Readonly<Record<PropertyType, readonly string[]>> = {
  bool: ['booleancheckbox'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select'],
  date: ['date'],
  datetime: ['date'],
  number: ['number'],
  string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
  phone_number: ['phonenumber'],
}

/** Options of every bool property that names none. */
export const booleanOptions: readonly PropertyOption[] = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
]
