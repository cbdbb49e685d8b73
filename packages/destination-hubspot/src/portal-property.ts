import type { FieldSpec, FieldType } from '@millrace/core'
import { asList, asText, isObject } from './json.ts'

/** What the adapter needs to know of a property of the portal. */
export interface PortalProperty {
  name: string
  label: string
  type: string
  fieldType: string
  unique: boolean
  readOnly: boolean
  options: readonly PortalOption[]
}

/** An option of an enumeration, whole, because adding one means sending all of them back. */
export interface PortalOption {
  label: string
  value: string
  displayOrder: number
  hidden: boolean
  description?: string
}

/** Longest text HubSpot keeps in a property, in UTF-16 code units (vendor notes; unverified for plain strings). */
export const maxTextLength = 65_536

/** Their values are ids that are resolved against the pipelines themselves (`stages.ts`); the options of these properties lag behind a change of them. */
const pipelineProperties = new Set(['pipeline', 'dealstage', 'hs_pipeline', 'hs_pipeline_stage'])

const text = (value: unknown): string => asText(value) ?? ''

const toOption = (value: unknown): PortalOption[] => {
  if (!isObject(value) || typeof value['value'] !== 'string') return []
  const { label, displayOrder, hidden, description } = value
  return [
    {
      label: text(label),
      value: value['value'],
      displayOrder: typeof displayOrder === 'number' ? displayOrder : -1,
      hidden: hidden === true,
      ...(typeof description === 'string' ? { description } : {}),
    },
  ]
}

/** Reads a property as the vendor describes it; undefined when it has no name. Every member but the name may be missing. */
export const toPortalProperty = (value: unknown): PortalProperty | undefined => {
  if (!isObject(value) || typeof value['name'] !== 'string') return undefined
  const { modificationMetadata: modification, options } = value
  return {
    name: value['name'],
    label: text(value['label']),
    type: pipelineProperties.has(value['name']) ? 'string' : text(value['type']),
    fieldType: text(value['fieldType']),
    unique: value['hasUniqueValue'] === true,
    readOnly: value['calculated'] === true || (isObject(modification) && modification['readOnlyValue'] === true),
    options: asList(options).flatMap(toOption),
  }
}

const plainTypes: Readonly<Record<string, FieldType>> = {
  number: 'decimal',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  phone_number: 'phone',
}

const fieldType = ({ name, type, fieldType: field }: PortalProperty): FieldType => {
  if (type === 'enumeration') return field === 'checkbox' ? 'options' : field === 'booleancheckbox' ? 'boolean' : 'option'
  if (type === 'string' && name === 'email') return 'email'
  if (type === 'string' && field === 'phonenumber') return 'phone'
  if (type === 'string' && field === 'textarea') return 'text'
  return plainTypes[type] ?? 'string'
}

/** The property in the words of the contract. */
export const toFieldSpec = (property: PortalProperty): FieldSpec => {
  const type = fieldType(property)
  const isText = type === 'string' || type === 'text' || type === 'email' || type === 'phone'
  return {
    type,
    label: property.label,
    ...(property.unique ? { unique: true } : {}),
    ...(property.readOnly ? { readOnly: true } : {}),
    ...(isText ? { maxLength: maxTextLength } : {}),
    ...(type === 'option' || type === 'options' ? { options: property.options.map(({ value, label }) => ({ value, label })) } : {}),
  }
}
