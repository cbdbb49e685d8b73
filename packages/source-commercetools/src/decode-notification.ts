import { type Decoded, MillraceError, type Notice } from '@millrace/core'

/** What the platform calls the kinds of things that records are made from. Everything else changes records that the poll reads. */
export const noticedTypes = ['customer', 'order', 'payment', 'product', 'category', 'cart', 'shopping-list', 'business-unit'] as const
export type NoticedType = (typeof noticedTypes)[number]

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const invalid = (reason: string): MillraceError =>
  new MillraceError({
    code: 'notification_invalid',
    message: `A notification cannot be understood: ${reason}. Check that the subscription of this endpoint belongs to this project, then replay or discard it.`,
  })

/** The platform's own payload: as it is, or the `data` of a CloudEvent. */
const payloadOf = (payload: unknown): Record<string, unknown> => {
  if (!isRecord(payload)) throw invalid('it is not an object')
  if (payload['specversion'] === undefined) return payload
  if (!isRecord(payload['data'])) throw invalid('its CloudEvent has no data')
  return payload['data']
}

const ignored = (reason: string): Decoded => ({ type: 'ignored', reason })

const isNoticed = (type: string): type is NoticedType => noticedTypes.some((known) => known === type)

/** Messages carry the version of the resource apart from their own; of a deletion only the version before it is known. */
const versionOf = (payload: Record<string, unknown>, kind: string): number =>
  numberOf(kind === 'Message' ? payload['resourceVersion'] : payload['version']) ?? 0

const timeOf = (payload: Record<string, unknown>): number => {
  const text = textOf(payload['modifiedAt']) ?? textOf(payload['createdAt']) ?? textOf(payload['lastModifiedAt'])
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? 0 : time
}

/**
 * Understands a notification in the Platform or CloudEvents format, whatever transport brought it. Only ids, versions and times are taken: the content is
 * fetched (vendor notes: payloads of changes carry a reference only, those of messages may be left out when they are large).
 * Source: https://docs.commercetools.com/api/projects/subscriptions. Throws MillraceError `notification_invalid`.
 */
export const decodeNotification = (projectKey: string, given: unknown): Decoded => {
  const payload = payloadOf(given)
  if (payload['projectKey'] !== projectKey) throw invalid('it is of another project')
  const kind = textOf(payload['notificationType'])
  if (kind === undefined) throw invalid('it has no notificationType')
  if (kind === 'Event') return ignored('an event of the platform itself')
  const { resource } = payload
  if (!isRecord(resource)) throw invalid('it names no resource')
  const type = textOf(resource['typeId'])
  const id = textOf(resource['id'])
  if (type === undefined || id === undefined) throw invalid('its resource has no typeId or id')
  if (type === 'subscription') return ignored('the test message of a new subscription')
  if (!isNoticed(type)) return ignored(`changes of ${type} are read by the poll`)
  const deleted = kind === 'ResourceDeleted' || (textOf(payload['type']) ?? '').endsWith('Deleted')
  const { key } = isRecord(payload['resourceUserProvidedIdentifiers']) ? payload['resourceUserProvidedIdentifiers'] : {}
  const notice: Notice = {
    key: `${type}:${id}`,
    version: versionOf(payload, kind),
    at: timeOf(payload),
    data: {
      type,
      id,
      ...(textOf(key) === undefined ? {} : { key: String(key) }),
      ...(deleted ? { deleted } : {}),
      ...(payload['dataErasure'] === true ? { erase: true } : {}),
    },
  }
  return { type: 'notice', notice }
}
