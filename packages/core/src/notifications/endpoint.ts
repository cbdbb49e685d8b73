import type { Source } from '../spec/source.ts'
import type { NotificationTransport } from '../spec/notification.ts'

/** Where notifications of one source arrive. The name is the last part of the endpoint's path. */
export interface Endpoint {
  name: string
  source: string
  transport: NotificationTransport
  decode: NonNullable<Source['decode']>
}
