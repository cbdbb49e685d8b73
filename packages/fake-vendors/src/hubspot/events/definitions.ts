import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { malformed, objectBody, optionalString, requiredString } from '../body.ts'
import { invalid, notFound, refuse } from '../errors.ts'
import { findObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { iso, noContent, ok, type RouteContext } from '../route.ts'
import type { EventDefinition } from './book.ts'

const maxDefinitions = 500
const maxProperties = 50
const maxName = 50

/** Refuses what is not in an Enterprise portal. */
export function requireEnterprise(portal: Portal): void {
  if (portal.settings.tier === 'enterprise') return
  refuse({
    rule: 'event-enterprise-only',
    status: 403,
    category: 'BANNED',
    message: 'Custom behavioral events need an Enterprise subscription.',
  })
}

function nameOf(source: Record<string, unknown>): string {
  const name = requiredString(source, 'name')
  if (/^[a-z][a-z0-9_]*$/.test(name) && name.length <= maxName) return name
  return invalid('event-definition-names', `"${name}" must match ^[a-z][a-z0-9_]*$ and have at most ${maxName} characters.`)
}

function labelOf(source: Record<string, unknown>): string {
  const label = requiredString(source, 'label')
  return label.length <= maxName ? label : invalid('event-definition-names', `A label has at most ${maxName} characters.`)
}

function view({ createdAt, ...definition }: EventDefinition): object {
  return { ...definition, archived: false, createdAt: iso(createdAt) }
}

/** POST event-definitions: 201 with the fully qualified name. */
export function createDefinition(context: RouteContext): HttpReply {
  const { portal } = context
  requireEnterprise(portal)
  const body = objectBody(context)
  const name = nameOf(body)
  const fullyQualifiedName = `pe${portal.settings.portalId}_${name}`
  if (portal.events.definitions.has(fullyQualifiedName)) {
    refuse({
      rule: 'event-fully-qualified-name',
      status: 409,
      category: 'CONFLICT',
      message: `Event ${fullyQualifiedName} already exists.`,
    })
  }
  if (portal.events.definitions.size >= maxDefinitions)
    invalid('event-definition-names', `An account has at most ${maxDefinitions} event definitions.`)
  const given = body['propertyDefinitions'] ?? []
  if (!Array.isArray(given)) return malformed('"propertyDefinitions" must be a list')
  if (given.length > maxProperties) invalid('event-definition-names', `An event has at most ${maxProperties} properties.`)
  const primaryObject = optionalString(body, 'primaryObject') ?? 'CONTACT'
  if (findObjectType(primaryObject) === undefined) invalid('object-type-unknown', `Unable to infer object type from: ${primaryObject}`)
  const properties = given.map((entry: unknown) => {
    const property = isJsonObject(entry) ? entry : malformed('a property must be an object')
    return { name: nameOf(property), label: labelOf(property), type: requiredString(property, 'type') }
  })
  const definition: EventDefinition = {
    id: portal.newId(),
    name,
    label: labelOf(body),
    fullyQualifiedName,
    primaryObject,
    description: optionalString(body, 'description') ?? '',
    properties,
    customMatchingId: readMatchingId(body),
    createdAt: portal.settings.now(),
  }
  portal.events.definitions.set(fullyQualifiedName, definition)
  return { status: 201, body: view(definition) }
}

function readMatchingId(body: Record<string, unknown>): string | undefined {
  const { customMatchingId } = body
  if (customMatchingId === undefined || customMatchingId === null) return undefined
  if (!isJsonObject(customMatchingId)) return malformed('"customMatchingId" must be an object')
  return requiredString(customMatchingId, 'targetObjectPropertyName')
}

function definitionOf({ portal, params }: RouteContext): EventDefinition {
  const name = params['name'] ?? ''
  const { definitions } = portal.events
  return (
    definitions.get(name) ??
    definitions.get(`pe${portal.settings.portalId}_${name}`) ??
    notFound('object-not-found', `Event ${name} does not exist.`)
  )
}

/** GET event-definitions: 200. */
export function listDefinitions({ portal }: RouteContext): HttpReply {
  return ok({ results: [...portal.events.definitions.values()].map(view) })
}

/** GET one definition by name or fully qualified name: 200 or 404. */
export function readDefinition(context: RouteContext): HttpReply {
  return ok(view(definitionOf(context)))
}

/** DELETE one definition: 204. */
export function deleteDefinition(context: RouteContext): HttpReply {
  context.portal.events.definitions.delete(definitionOf(context).fullyQualifiedName)
  return noContent
}
