import { z } from 'zod'

import { channels, type Channel } from '../crm-schema.ts'
import { text, timestamp, validate } from '../validate.ts'

/** A CloudEvents 1.0 envelope (structured mode). */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  /** The contact: an id of the CRM, or `source/id`. */
  readonly subject: string
  readonly datacontenttype?: 'application/json' | undefined
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** Extension attributes of the contract: the consent a marketing activity stands on. */
  readonly channel?: Channel | undefined
  readonly purpose?: string | undefined
}

/** A stored activity. */
export interface Activity extends CloudEvent {
  readonly contactId: string
  readonly receivedAt: string
}

const cloudEvent: z.ZodType<CloudEvent> = z.strictObject({
  specversion: z.literal('1.0'),
  id: text(255),
  source: text(255),
  type: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/),
  time: timestamp,
  subject: text(400),
  datacontenttype: z.literal('application/json').optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  channel: z.enum(channels).optional(),
  purpose: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .optional(),
})

/** The envelope in a body; refuses what has the wrong shape. */
export function readCloudEvent(body: unknown): CloudEvent {
  return validate(cloudEvent, body)
}
