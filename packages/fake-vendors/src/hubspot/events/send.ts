import type { HttpReply } from '../../http/index.ts'
import { inputsOf, malformed, objectBody, optionalString, propertyValues, requiredString } from '../body.ts'
import { invalid } from '../errors.ts'
import { findObjectType } from '../object-types.ts'
import { findByAnyEmail, findByUnique, findRecord, type StoredRecord } from '../objects/store.ts'
import type { Portal } from '../portal.ts'
import { noContent, type RouteContext } from '../route.ts'
import type { EventDefinition, EventOccurrence } from './book.ts'
import { requireEnterprise } from './definitions.ts'

const batchCap = 500
const maxValue = 256
const maxUrl = 1024
const urlProperties = new Set(['hs_url', 'hs_referrer', 'url', 'referrer'])

/** Properties every event has when its definition includes the default ones. */
const defaultProperties = new Set([
  'hs_asset_description',
  'hs_asset_type',
  'hs_browser',
  'hs_campaign_id',
  'hs_city',
  'hs_country',
  'hs_device_name',
  'hs_device_type',
  'hs_element_class',
  'hs_element_id',
  'hs_element_text',
  'hs_language',
  'hs_link_href',
  'hs_operating_system',
  'hs_page_content_type',
  'hs_page_id',
  'hs_page_title',
  'hs_page_url',
  'hs_parent_module_id',
  'hs_referrer',
  'hs_region',
  'hs_screen_height',
  'hs_screen_width',
  'hs_touchpoint_source',
  'hs_tracking_name',
  'hs_url',
  'hs_user_agent',
])

/** POST send: 204. Accepted, not necessarily filed: an event of nobody is dropped without a word. */
export function send(context: RouteContext): HttpReply {
  requireEnterprise(context.portal)
  context.portal.events.occurrences.push(read(context.portal, objectBody(context)))
  return noContent
}

/** POST send/batch: 204, or 400 and nothing accepted. */
export function sendBatch(context: RouteContext): HttpReply {
  requireEnterprise(context.portal)
  const occurrences = inputsOf(context, batchCap, 'event-batch-cap-500').map((input) => read(context.portal, input))
  context.portal.events.occurrences.push(...occurrences)
  return noContent
}

function read(portal: Portal, input: Record<string, unknown>): EventOccurrence {
  const eventName = requiredString(input, 'eventName')
  const definition = portal.events.definitions.get(eventName) ?? invalid('event-unknown', `Event ${eventName} does not exist.`)
  const properties = input['properties'] === undefined ? {} : propertyValues(input)
  checkProperties(definition, properties)
  const email = optionalString(input, 'email')
  const objectId = optionalString(input, 'objectId')
  const matched = definition.customMatchingId === undefined ? undefined : properties[definition.customMatchingId]
  if (matched === undefined && objectId === undefined && email === undefined && optionalString(input, 'utk') === undefined) {
    invalid('event-needs-identifier', 'One of objectId, email or utk is required.')
  }
  return {
    eventName,
    occurredAt: readTime(portal, input['occurredAt']),
    receivedAt: portal.settings.now(),
    properties,
    uuid: optionalString(input, 'uuid'),
    email,
    objectId,
    recordId: recordOf(portal, definition, matched, objectId, email)?.id,
  }
}

function checkProperties(definition: EventDefinition, properties: Readonly<Record<string, string>>): void {
  const known = new Set(definition.properties.map((property) => property.name))
  for (const [name, value] of Object.entries(properties)) {
    if (!known.has(name) && !defaultProperties.has(name))
      invalid('event-unknown', `Property ${name} does not exist on ${definition.fullyQualifiedName}.`)
    const cap = urlProperties.has(name) ? maxUrl : maxValue
    if (value.length > cap) invalid('event-value-length', `The value of ${name} is longer than ${cap} characters.`)
  }
}

function readTime(portal: Portal, value: unknown): number {
  if (value === undefined || value === null) return portal.settings.now()
  const at = typeof value === 'string' ? Date.parse(value) : Number(value)
  return Number.isNaN(at) ? malformed('"occurredAt" must be a time') : at
}

function recordOf(
  portal: Portal,
  definition: EventDefinition,
  matched: string | undefined,
  objectId: string | undefined,
  email: string | undefined,
): StoredRecord | undefined {
  const type = findObjectType(definition.primaryObject)
  if (type === undefined) return undefined
  const store = portal.stores[type.name]
  if (matched !== undefined && definition.customMatchingId !== undefined) return findByUnique(store, definition.customMatchingId, matched)
  if (objectId !== undefined) return findRecord(store, objectId)
  return email === undefined ? undefined : findByAnyEmail(portal.stores.contacts, email)
}
