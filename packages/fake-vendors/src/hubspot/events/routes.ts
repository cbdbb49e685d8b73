import type { Route } from '../route.ts'
import { featureScopes } from '../scopes.ts'
import { createDefinition, deleteDefinition, listDefinitions, readDefinition } from './definitions.ts'
import { send, sendBatch } from './send.ts'

const sendScopes = (): readonly string[] => featureScopes.eventSend
const definitionScopes = (): readonly string[] => featureScopes.eventDefinitions

/** Endpoints of custom behavioural events. */
export const eventRoutes: readonly Route[] = [
  { legacy: 'v3', method: 'POST', path: 'events/send', bucket: 'events', scopes: sendScopes, handle: send },
  { legacy: 'v3', method: 'POST', path: 'events/send/batch', bucket: 'events', scopes: sendScopes, handle: sendBatch },
  { legacy: 'v3', method: 'GET', path: 'events/event-definitions', scopes: definitionScopes, handle: listDefinitions },
  { legacy: 'v3', method: 'POST', path: 'events/event-definitions', scopes: definitionScopes, handle: createDefinition },
  { legacy: 'v3', method: 'GET', path: 'events/event-definitions/:name', scopes: definitionScopes, handle: readDefinition },
  { legacy: 'v3', method: 'DELETE', path: 'events/event-definitions/:name', scopes: definitionScopes, handle: deleteDefinition },
]
