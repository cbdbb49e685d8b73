import { randomUUID } from 'node:crypto'
import type { Resource } from './resource.ts'

/** The two formats in which a subscription delivers. */
export type NotificationFormat = 'Platform' | 'CloudEvents'

/** What a subscription would deliver about a resource. `oldVersion` and content never matter to a careful reader, so they are as the vendor gives them. */
export interface NotificationMaker {
  /** ResourceCreated or ResourceUpdated, as its version says: a reference and versions, nothing else. */
  change(type: string, resource: Resource): Record<string, unknown>
  deleted(type: string, resource: Resource, options?: { dataErasure?: boolean }): Record<string, unknown>
  /** A message such as `OrderCreated`, with content. `large` leaves the content out and says so, as the vendor does above the size limit of a queue. */
  message(
    type: string,
    resource: Resource,
    message: string,
    options?: { large?: boolean; fields?: Record<string, unknown> },
  ): Record<string, unknown>
  /** The subscription's own test, sent when it is made. */
  test(): Record<string, unknown>
}

/**
 * Makes the payloads of a subscription of one project. Sources: docs.commercetools.com/api/projects/subscriptions (delivery payloads, CloudEvents format) as
 * noted in the vendor notes: changes carry `version`, `oldVersion` and `modifiedAt`; messages their own `id`, `version`, `sequenceNumber` and the
 * `resourceVersion`; what is too large has `payloadNotIncluded` and no top-level `type`.
 */
export function notificationsOf(projectKey: string, format: NotificationFormat = 'Platform'): NotificationMaker {
  const sequences = new Map<string, number>()

  const reference = (type: string, resource: Resource): Record<string, unknown> => ({
    projectKey,
    resource: { typeId: type, id: resource.id },
    ...(typeof resource['key'] === 'string' ? { resourceUserProvidedIdentifiers: { key: resource['key'] } } : {}),
  })

  const wrap = (payload: Record<string, unknown>, type: string, time: unknown): Record<string, unknown> =>
    format === 'Platform'
      ? payload
      : {
          specversion: '1.0',
          id: randomUUID(),
          type: `com.commercetools.${type}`,
          source: `/${projectKey}/${String((payload['resource'] as Record<string, unknown>)['typeId'])}s`,
          subject: String((payload['resource'] as Record<string, unknown>)['id']),
          time,
          data: payload,
        }

  return {
    change(type, resource) {
      const created = resource.version === 1
      const notificationType = created ? 'ResourceCreated' : 'ResourceUpdated'
      const payload = {
        notificationType,
        ...reference(type, resource),
        version: resource.version,
        ...(created ? {} : { oldVersion: resource.version - 1 }),
        modifiedAt: resource.lastModifiedAt,
      }
      return wrap(payload, `${type}.change.${notificationType}`, resource.lastModifiedAt)
    },
    deleted(type, resource, { dataErasure } = {}) {
      const payload = {
        notificationType: 'ResourceDeleted',
        ...reference(type, resource),
        version: resource.version,
        modifiedAt: resource.lastModifiedAt,
        ...(dataErasure === undefined ? {} : { dataErasure }),
      }
      return wrap(payload, `${type}.change.ResourceDeleted`, resource.lastModifiedAt)
    },
    message(type, resource, message, { large = false, fields = {} } = {}) {
      const sequenceNumber = (sequences.get(resource.id) ?? 0) + 1
      sequences.set(resource.id, sequenceNumber)
      const payload = {
        notificationType: 'Message',
        ...reference(type, resource),
        id: randomUUID(),
        version: 1,
        sequenceNumber,
        resourceVersion: resource.version,
        createdAt: resource.lastModifiedAt,
        lastModifiedAt: resource.lastModifiedAt,
        ...(large ? { payloadNotIncluded: { reason: 'The payload is too large', payloadType: message } } : { type: message, ...fields }),
      }
      return wrap(payload, `${type}.message.${message}`, resource.lastModifiedAt)
    },
    test() {
      const id = randomUUID()
      const at = new Date().toISOString()
      const payload = {
        notificationType: 'ResourceCreated',
        projectKey,
        resource: { typeId: 'subscription', id },
        version: 1,
        modifiedAt: at,
      }
      return wrap(payload, 'subscription.change.ResourceCreated', at)
    },
  }
}
