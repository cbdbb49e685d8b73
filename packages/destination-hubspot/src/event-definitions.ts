import { createHash } from 'node:crypto'
import type { HttpReply } from '@millrace/adapter-kit'
import type { EventRule, FieldValue } from '@millrace/core'
import { asList, asText, member } from './json.ts'
import type { SdkRequest } from './sdk.ts'
import { apiVersion } from './version.ts'

/** Definitions of custom behavioural events have no dated address; sending them does (vendor notes, "Custom (behavioural) events"). */
const definitionsPath = '/events/v3/event-definitions'

/** Events in one request. */
export const maxEvents = 500
const maxName = 50
const maxValue = 256
const maxAddress = 1_024
/** Names of properties that HubSpot takes for addresses, which may be longer. */
const addresses: ReadonlySet<string> = new Set(['url', 'referrer', 'hs_url', 'hs_referrer'])

/** A definition as the portal has it. */
export interface EventDefinition {
  /** What a send names: `pe{portal}_{name}`. */
  fullName: string
  properties: ReadonlySet<string>
}

/** A definition as the contract needs it. */
export interface DesiredDefinition {
  name: string
  label: string
  primaryObject: 'CONTACT'
  includeDefaultProperties: boolean
  propertyDefinitions: { name: string; label: string; type: 'string' | 'number' | 'datetime' }[]
}

const request = (method: SdkRequest['method'], path: string, body?: unknown): SdkRequest => ({
  method,
  path,
  query: {},
  body: body === undefined ? undefined : JSON.stringify(body),
})

/** Requests of the events API, which the SDK has in part and without dates. */
export const eventRequests = {
  definitions: (): SdkRequest => request('GET', definitionsPath),
  define: (definition: DesiredDefinition): SdkRequest => request('POST', definitionsPath, definition),
  send: (inputs: readonly EventOccurrence[]): SdkRequest => request('POST', `/events/${apiVersion}/send/batch`, { inputs }),
} as const

/** One event on its way. Of equal `uuid` HubSpot promises nothing; it is for whoever looks for it there. */
export interface EventOccurrence {
  eventName: string
  objectId: string
  occurredAt: string
  uuid: string
  properties: Record<string, string>
}

/** The definitions in an answer, by the name they were made with. */
export const toDefinitions = (reply: HttpReply): Map<string, EventDefinition> =>
  new Map(
    asList(member(reply.body, 'results')).flatMap((entry): [string, EventDefinition][] => {
      const fullName = asText(member(entry, 'fullyQualifiedName'))
      if (fullName === undefined) return []
      const properties = asList(member(entry, 'properties')).flatMap((property) => asText(member(property, 'name')) ?? [])
      return [[asText(member(entry, 'name')) ?? fullName.replace(/^pe\d+_/, ''), { fullName, properties: new Set(properties) }]]
    }),
  )

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const readable = (name: string): string => capitalised(name.replaceAll('_', ' '))

/** What a rule of the contract needs in the portal. */
export const desiredDefinition = (name: string, fields: NonNullable<EventRule['fields']>): DesiredDefinition => ({
  name,
  label: readable(name).slice(0, maxName),
  primaryObject: 'CONTACT',
  includeDefaultProperties: false,
  propertyDefinitions: Object.entries(fields).map(([field, rule]) => ({
    name: field,
    label: (rule.label ?? readable(field)).slice(0, maxName),
    type: rule.type === 'decimal' || rule.type === 'integer' ? 'number' : rule.type === 'datetime' ? 'datetime' : 'string',
  })),
})

/** Whether HubSpot takes a name for an event or a property of one. */
export const isEventName = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name) && name.length <= maxName

/** Values as HubSpot takes them: texts, cut to what a property holds. */
export const eventProperties = (fields: Readonly<Record<string, FieldValue>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value.join('; ') : String(value ?? '')
      // Half of a character at the end would be no text any more.
      return text === '' ? [] : [[name, text.slice(0, addresses.has(name) ? maxAddress : maxValue).replace(/[\uD800-\uDBFF]$/, '')]]
    }),
  )

/** A UUID that is the same for the same event. */
export const eventUuid = (id: string): string => {
  const hex = createHash('sha256').update(id).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The property of the contact that says when an event of this name happened last, in portals without behavioural events. */
export const eventProperty = (name: string): string => `${name}_event_at`
