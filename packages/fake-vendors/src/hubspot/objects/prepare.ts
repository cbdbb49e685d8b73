import { invalid } from '../errors.ts'
import { pipelineOptions } from '../pipelines/pipeline.ts'
import type { Portal } from '../portal.ts'
import type { PropertyDefinition, PropertyOption } from '../properties/definition.ts'
import { checkValue } from '../properties/values.ts'
import { checkConstraints, refuseProperties, withDefaults, type PropertyProblem } from './constraints.ts'
import type { ObjectStore, StoredRecord } from './store.ts'

/** Options of a property at this moment: those of stages and pipelines follow the portal. */
export function optionsOf(portal: Portal, store: ObjectStore, property: PropertyDefinition): readonly PropertyOption[] {
  return pipelineOptions(store.type.name, property.name, portal.pipelines.get(store.type.name)) ?? property.options
}

/**
 * Checks the properties of one input and gives the values as they will be stored.
 * @param record the record to change, or undefined when one is created
 * @throws Refusal with every property problem of the input
 */
export function prepareValues(
  portal: Portal,
  store: ObjectStore,
  record: StoredRecord | undefined,
  properties: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const problems: PropertyProblem[] = []
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(properties)) {
    const property = store.properties.get(name)
    if (property === undefined) {
      problems.push({ rule: 'property-unknown', name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` })
      continue
    }
    const current = record?.properties[name]
    const options = property.type === 'enumeration' ? optionsOf(portal, store, property) : property.options
    const result = checkValue(property, value, { isEmail: portal.isEmail, options, current })
    if ('problem' in result) problems.push({ name, ...result.problem })
    else if (name !== 'lifecyclestage' || !isBackwards(property, current, result.value)) checked[name] = result.value
  }
  if (problems.length > 0) refuseProperties(problems)
  const email = checked['email']
  if (store.type.name === 'contacts' && email !== undefined && portal.blocklist.has(email)) {
    invalid('erase-unknown-email-blocklists', `Email address ${email} is on the GDPR blocklist and cannot be used.`)
  }
  const values = record === undefined ? withDefaults(portal, store, checked) : checked
  const rest = checkConstraints(portal, store, values, { ...record?.properties, ...values }, record === undefined)
  if (rest.length > 0) refuseProperties(rest)
  if (record !== undefined) return values
  // A blank on create is no value.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

/** HubSpot ignores a lifecycle stage that lies before the current one, without an error. */
function isBackwards(property: PropertyDefinition, current: string | undefined, next: string): boolean {
  if (current === undefined || next === '') return false
  const position = (value: string): number => property.options.find((option) => option.value === value)?.displayOrder ?? -1
  return position(next) < position(current)
}
