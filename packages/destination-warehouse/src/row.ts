import type { Input } from '@millrace/adapter-kit'

/**
 * One line of the log: what an object was from then on. `revision` only grows, also over restarts, so the highest of a key is how it is now. Personal data stands in
 * `fields`, `children` and `consent` only.
 */
export interface Row {
  object: string
  key: string
  revision: number
  operation: 'upsert' | 'archive'
  fields: Record<string, unknown>
  /** Lines of an order or cart, by their own keys. */
  children: { object: string; key: string; fields: Record<string, unknown> }[]
  /** The objects it belongs to: a customer, a company. Of a guest who registered: the customer. */
  parents: { object: string; key: string }[]
  consent: { topic: string; channel: string; status: string; at?: string }[]
}

/** The row of one input. */
export const toRow = (input: Input): Row => ({
  object: input.object,
  key: input.key,
  revision: input.fence,
  operation: input.operation,
  fields: { ...input.fields },
  children: input.children.map(({ object, key, fields }) => ({ object, key, fields: { ...fields } })),
  parents: input.parents.map(({ object, key }) => ({ object, key })),
  consent: input.consent.map(({ topic, channel, status, at }) => ({ topic, channel, status, ...(at === undefined ? {} : { at }) })),
})

/** A guest who registered has another key: under the old one there is nothing any more. The row names the new one, so that an erasure finds what the guest left. */
export const formerRow = ({ object, key, remoteKey = '', fence }: Input): Row => ({
  object,
  key: remoteKey,
  revision: fence,
  operation: 'archive',
  fields: {},
  children: [],
  parents: [{ object, key }],
  consent: [],
})
