import { z } from 'zod'

import { text } from './validate.ts'

/** An identity of a source system: `{ source: 'commercetools:my-project', id: '7f3c...' }`. */
export interface ExternalId {
  readonly source: string
  readonly id: string
}

/** Sources are words that need no escaping except the colon: at most 100 characters. */
export const sourcePattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/

/** An identity in a body. */
export const externalId: z.ZodType<ExternalId> = z.strictObject({ source: z.string().regex(sourcePattern), id: text(255) })

/** One text for an identity, unique because sources hold no slash: also how it is written as `subject` and as `{contact}` in paths. */
export function identityKey({ source, id }: ExternalId): string {
  return `${source}/${id}`
}

/** The identity of a text with a slash; undefined when it is none. */
export function parseIdentityKey(key: string): ExternalId | undefined {
  const slash = key.indexOf('/')
  const found = externalId.safeParse({ source: key.slice(0, Math.max(0, slash)), id: key.slice(slash + 1) })
  return found.success ? found.data : undefined
}
