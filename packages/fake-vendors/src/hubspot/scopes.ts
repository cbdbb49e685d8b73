import { objectTypes } from './object-types.ts'

/** Scopes of everything that is not a CRM object. Any one of a list allows the use. */
export const featureScopes = {
  consentRead: ['communication_preferences.read', 'communication_preferences.read_write'],
  consentWrite: ['communication_preferences.write', 'communication_preferences.read_write'],
  consentBatch: ['communication_preferences.statuses.batch.write'],
  eventSend: ['analytics.behavioral_events.send'],
  eventDefinitions: ['behavioral_events.event_definitions.read_write'],
  currencies: ['settings.currencies.read', 'settings.currencies.write', 'multi-currency-read'],
  account: ['oauth'],
  listsRead: ['crm.lists.read', 'crm.lists.write'],
  listsWrite: ['crm.lists.write'],
} as const

/** Every scope the fake knows: what a credential holds when no scopes are named. */
export const allScopes: readonly string[] = [
  ...new Set([
    ...Object.values(objectTypes).flatMap((type) => [...type.scopes.read, ...type.scopes.write, ...type.scopes.schema]),
    ...Object.values(featureScopes).flat(),
  ]),
]
