import type { Contract, FieldRule, FieldType } from '@millrace/core'
import type { PortalOption } from './portal-property.ts'
import { keyOf, type Target, type UsedTarget } from './target.ts'

/** A property as it has to be in the portal. */
export interface DesiredProperty {
  name: string
  label: string
  description: string
  type: string
  fieldType: string
  groupName: string
  options: PortalOption[]
  hasUniqueValue: boolean
}

const shapes: Readonly<Record<FieldType, { type: string; fieldType: string }>> = {
  string: { type: 'string', fieldType: 'text' },
  text: { type: 'string', fieldType: 'textarea' },
  email: { type: 'string', fieldType: 'text' },
  phone: { type: 'string', fieldType: 'phonenumber' },
  integer: { type: 'number', fieldType: 'number' },
  decimal: { type: 'number', fieldType: 'number' },
  boolean: { type: 'bool', fieldType: 'booleancheckbox' },
  date: { type: 'date', fieldType: 'date' },
  datetime: { type: 'datetime', fieldType: 'date' },
  option: { type: 'enumeration', fieldType: 'select' },
  options: { type: 'enumeration', fieldType: 'checkbox' },
}

const yesNo: PortalOption[] = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
]

/** Name of the group that our properties of a type stand in. */
export const groupName = (prefix: string): string => `${prefix}_commerce`

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** `shop_first_order_at` becomes `First order at`. */
const readable = (name: string, prefix: string): string =>
  capitalised((name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name).replaceAll('_', ' '))

/** HubSpot lists properties by label, so the prefix comes first in it too: `Shop: First order at`. */
const labelOf = (name: string, rule: Pick<FieldRule, 'label'>, prefix: string): string =>
  `${capitalised(prefix)}: ${rule.label ?? readable(name, prefix)}`

const optionsOf = (type: FieldType, rule: Pick<FieldRule, 'options'>): PortalOption[] =>
  type === 'boolean' ? yesNo : (rule.options ?? []).map(({ value, label }, displayOrder) => ({ label, value, displayOrder, hidden: false }))

const fromRule = (name: string, rule: Omit<FieldRule, 'value'>, prefix: string): DesiredProperty => {
  const type = rule.type ?? 'string'
  return {
    name,
    label: labelOf(name, rule, prefix),
    description: rule.purpose ?? 'Kept up to date by Millrace.',
    ...shapes[type],
    groupName: groupName(prefix),
    options: optionsOf(type, rule),
    hasUniqueValue: rule.unique ?? false,
  }
}

const keyLabel = (target: Target): string => `${capitalised(target.object.replaceAll('_', ' '))} key (do not edit)`

/** The properties that a contract needs on an object beyond HubSpot's own: our key first, then every field that brings its type. */
export const desiredProperties = ({ target, fields }: UsedTarget, { prefix }: Pick<Contract, 'prefix'>): DesiredProperty[] => {
  const key = keyOf(target, { prefix })
  const purpose = 'Our own key of the object in the shop. Objects are found by it, so it must not be changed.'
  const own = fromRule(key, { type: 'string', unique: true, label: keyLabel(target), purpose }, prefix)
  const rest = Object.entries(fields).flatMap(([name, rule]) =>
    rule.type === undefined || name === key ? [] : [fromRule(name, rule, prefix)],
  )
  return [own, ...rest]
}
