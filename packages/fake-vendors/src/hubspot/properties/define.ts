import { isJsonObject } from '../../http/index.ts'
import { malformed, optionalString, requiredString } from '../body.ts'
import { invalid, refuse } from '../errors.ts'
import type { ObjectStore } from '../objects/store.ts'
import { booleanOptions, fieldTypes, type PropertyDefinition, type PropertyOption, type PropertyType } from './definition.ts'

const maxUnique = 10

function flag(input: Record<string, unknown>, name: string, fallback: boolean): boolean {
  const value = input[name]
  return value === undefined ? fallback : typeof value === 'boolean' ? value : malformed(`"${name}" must be a boolean`)
}

function integer(input: Record<string, unknown>, name: string, fallback: number): number {
  const value = input[name]
  return value === undefined
    ? fallback
    : typeof value === 'number' && Number.isInteger(value)
      ? value
      : malformed(`"${name}" must be an integer`)
}

function isPropertyType(type: string): type is PropertyType {
  return Object.hasOwn(fieldTypes, type)
}

function checkPairing(type: string, fieldType: string): PropertyType {
  if (!isPropertyType(type)) return invalid('property-type-pairing', `"${type}" is no property type.`)
  if (fieldTypes[type].includes(fieldType)) return type
  return invalid('property-type-pairing', `Field type "${fieldType}" does not fit type "${type}"; allowed: ${fieldTypes[type].join(', ')}.`)
}

function checkGroup(store: ObjectStore, groupName: string): string {
  return store.groups.has(groupName) ? groupName : invalid('property-group-exists', `Property group "${groupName}" does not exist.`)
}

function readOptions(input: Record<string, unknown>): PropertyOption[] {
  const { options } = input
  if (options === undefined) return []
  if (!Array.isArray(options)) return malformed('"options" must be a list')
  const read = options.map((option: unknown): PropertyOption => {
    const complete = isJsonObject(option) && ['label', 'value', 'displayOrder', 'hidden'].every((name) => option[name] !== undefined)
    if (!complete) return invalid('property-option-complete', 'Every option needs label, value, displayOrder and hidden.')
    const description = optionalString(option, 'description')
    return {
      label: requiredString(option, 'label'),
      value: requiredString(option, 'value'),
      displayOrder: integer(option, 'displayOrder', -1),
      hidden: flag(option, 'hidden', false),
      ...(description !== undefined && { description }),
    }
  })
  for (const name of ['value', 'label'] as const) {
    const seen = new Set(read.map((option) => option[name]))
    if (seen.size < read.length) invalid('property-option-unique', `Options must have distinct ${name}s.`)
  }
  return read
}

/** Checks a new property and adds it. @throws Refusal */
export function defineProperty(store: ObjectStore, input: Record<string, unknown>, at: number): PropertyDefinition {
  for (const name of ['name', 'label', 'type', 'fieldType', 'groupName']) {
    if (typeof input[name] !== 'string' || input[name] === '')
      invalid('property-required-fields', `"${name}" is required to create a property.`)
  }
  const name = requiredString(input, 'name')
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    invalid('property-name', `Property name "${name}" must start with a letter and hold lower-case letters, digits and underscores only.`)
  if (name.length > 100) invalid('property-name-length', `Property name "${name}" is longer than 100 characters.`)
  if (name.startsWith('hs_')) invalid('property-name-reserved', `Property name "${name}" starts with the reserved prefix hs_.`)
  if (store.properties.has(name)) {
    refuse({
      rule: 'property-exists',
      status: 409,
      category: 'OBJECT_ALREADY_EXISTS',
      message: `A property named '${name}' already exists.`,
    })
  }
  const fieldType = requiredString(input, 'fieldType')
  const type = checkPairing(requiredString(input, 'type'), fieldType)
  const groupName = checkGroup(store, requiredString(input, 'groupName'))
  const hasUniqueValue = flag(input, 'hasUniqueValue', false)
  if (hasUniqueValue) checkUniqueAllowed(store, type)
  const options = readOptions(input)
  const property: PropertyDefinition = {
    name,
    label: requiredString(input, 'label'),
    type,
    fieldType,
    groupName,
    description: optionalString(input, 'description') ?? '',
    options: type === 'bool' && options.length === 0 ? booleanOptions : options,
    displayOrder: integer(input, 'displayOrder', -1),
    hasUniqueValue,
    hidden: flag(input, 'hidden', false),
    formField: flag(input, 'formField', false),
    hubspotDefined: false,
    calculated: false,
    readOnlyValue: false,
    enforcedUnique: hasUniqueValue,
    createdAt: at,
    updatedAt: at,
  }
  store.properties.set(name, property)
  if (hasUniqueValue) store.unique.set(name, new Map())
  return property
}

function checkUniqueAllowed(store: ObjectStore, type: PropertyType): void {
  if (type !== 'string' && type !== 'number') invalid('property-unique-type', 'Only string and number properties can have unique values.')
  const unique = [...store.properties.values()].filter((property) => property.hasUniqueValue && !property.hubspotDefined)
  if (unique.length >= maxUnique)
    invalid('property-unique-max-10', `An object can have at most ${maxUnique} properties with unique values.`)
}

const changeable = new Set(['label', 'description', 'groupName', 'type', 'fieldType', 'options', 'displayOrder', 'hidden', 'formField'])

/** Changes a property. Options are replaced as a whole: those left out vanish. @throws Refusal */
export function changeProperty(
  store: ObjectStore,
  property: PropertyDefinition,
  input: Record<string, unknown>,
  at: number,
): PropertyDefinition {
  if (property.hubspotDefined && ('type' in input || 'fieldType' in input)) {
    invalid('property-own-definition-read-only', `The definition of "${property.name}" is read-only.`)
  }
  if ('hasUniqueValue' in input && input['hasUniqueValue'] !== property.hasUniqueValue) {
    invalid('property-unique-immutable', 'hasUniqueValue cannot be changed after a property was created.')
  }
  if ('name' in input && input['name'] !== property.name) invalid('property-name-immutable', 'The name of a property cannot be changed.')
  const fieldType = optionalString(input, 'fieldType') ?? property.fieldType
  const groupName = optionalString(input, 'groupName')
  const changed: PropertyDefinition = {
    ...property,
    label: optionalString(input, 'label') ?? property.label,
    description: optionalString(input, 'description') ?? property.description,
    groupName: groupName === undefined ? property.groupName : checkGroup(store, groupName),
    fieldType,
    type: checkPairing(optionalString(input, 'type') ?? property.type, fieldType),
    options: input['options'] === undefined ? property.options : readOptions(input),
    displayOrder: integer(input, 'displayOrder', property.displayOrder),
    hidden: flag(input, 'hidden', property.hidden),
    formField: flag(input, 'formField', property.formField),
    updatedAt: [...changeable].some((name) => name in input) ? at : property.updatedAt,
  }
  store.properties.set(property.name, changed)
  return changed
}
