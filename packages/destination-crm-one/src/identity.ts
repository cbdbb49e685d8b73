import { createHash } from 'node:crypto'

/** An identity of an object at the CRM: the system that it comes from, and its id there. */
export interface ExternalId {
  source: string
  id: string
}

/**
 * Our key as an identity: `shop-eu:42` becomes id `42` of `commercetools:shop-eu`, where `commercetools` is the prefix of the contract. The other way round in
 * {@link keyOfIdentity}.
 */
export const identityOf = (key: string, prefix: string): ExternalId => {
  const colon = key.indexOf(':')
  if (colon <= 0 || colon === key.length - 1) return { source: prefix, id: key }
  return { source: `${prefix}:${key.slice(0, colon)}`, id: key.slice(colon + 1) }
}

/** The key that an identity stands for; undefined where it is none of this contract's. */
export const keyOfIdentity = ({ source, id }: ExternalId, prefix: string): string | undefined => {
  if (source === prefix) return id
  return source.startsWith(`${prefix}:`) ? `${source.slice(prefix.length + 1)}:${id}` : undefined
}

/** An idempotency key that is the same for the same write, and another one for every other. */
export const idempotencyKey = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** What the CRM takes as the id of an event. */
const maxEventId = 255

/** The id of an event as the CRM takes it: one that is too long ends in its hash, always the same. */
export const eventIdOf = (id: string): string =>
  id.length <= maxEventId ? id : `${id.slice(0, maxEventId - 44).toWellFormed()}.${createHash('sha256').update(id).digest('base64url')}`
