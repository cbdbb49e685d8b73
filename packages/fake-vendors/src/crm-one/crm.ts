import { createRandom, type Random } from '../http/index.ts'
import type { Activity } from './activities/activity.ts'
import type { StoredContact } from './contacts/contact.ts'
import { defaultSchema, type CrmSchema } from './crm-schema.ts'
import type { StoredDeal } from './deals.ts'
import type { Settings } from './options.ts'
import type { StoredOrder } from './orders/order.ts'

/** The whole state of a fake CRM. Handlers work on it synchronously, so a request is applied as a whole. */
export interface Crm {
  readonly settings: Settings
  readonly random: Random
  schema: CrmSchema
  clockSkewMs: number
  /** Living contacts by id. */
  readonly contacts: Map<string, StoredContact>
  /** Identity -> id of the living contact that holds it. */
  readonly identities: Map<string, string>
  /** Folded e-mail -> id of the living contact that holds it. */
  readonly emails: Map<string, string>
  /** Id, or identity, of a contact that was merged away -> id of its survivor. */
  readonly merged: Map<string, string>
  /** Identities and ids of erased contacts. */
  readonly erased: Set<string>
  /** Highest source version written by an identity. Outlives erasure. */
  readonly sourceVersions: Map<string, number>
  readonly activities: Map<string, Activity>
  readonly orders: Map<string, StoredOrder>
  readonly deals: Map<string, StoredDeal>
  /** List -> ids of its members. */
  readonly members: Map<string, Set<string>>
  /** The CRM's own clock in epoch milliseconds. */
  now(): number
  newId(kind: string): string
}

/** Creates an empty CRM. */
export function createCrm(settings: Settings, schema: Partial<CrmSchema> = {}): Crm {
  let lastId = 0
  const crm: Crm = {
    settings,
    random: createRandom(settings.seed),
    schema: { ...defaultSchema, ...schema },
    clockSkewMs: settings.clockSkewMs,
    contacts: new Map(),
    identities: new Map(),
    emails: new Map(),
    merged: new Map(),
    erased: new Set(),
    sourceVersions: new Map(),
    activities: new Map(),
    orders: new Map(),
    deals: new Map(),
    members: new Map(),
    now: () => settings.now() + crm.clockSkewMs,
    newId: (kind) => `${kind}_${String((lastId += 1)).padStart(8, '0')}`,
  }
  return crm
}

/** A time as it stands in answers. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}
