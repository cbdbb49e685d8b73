import { pipelineProperties } from '../pipelines/pipeline.ts'
import type { Portal } from '../portal.ts'
import { iso } from '../route.ts'
import type { ObjectStore, StoredRecord } from './store.ts'

/** A record in a reply. */
export interface RecordView {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
  readonly propertiesWithHistory?: Readonly<Record<string, readonly object[]>>
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  readonly archivedAt?: string
}

function systemProperties(store: ObjectStore): string[] {
  return [
    'hs_object_id',
    store.type.name === 'orders' || store.type.name === 'carts' ? 'hs_createdate' : 'createdate',
    store.type.modifiedProperty,
  ]
}

/** The value of a property: stored, or kept by HubSpot itself; null when there is none. */
export function readValue(portal: Portal, store: ObjectStore, record: StoredRecord, name: string): string | null {
  switch (name) {
    case 'hs_object_id':
      return record.id
    case 'createdate':
    case 'hs_createdate':
      return iso(record.createdAt)
    case 'lastmodifieddate':
    case 'hs_lastmodifieddate':
      return iso(record.updatedAt)
    case 'amount':
      return store.type.name === 'line_items' ? lineAmount(record.properties) : (record.properties[name] ?? null)
    case 'hs_is_closed':
    case 'hs_is_closed_won':
      return closed(portal, store, record, name)
    default:
      return name.startsWith('hs_email_optout') ? optOut(portal, record, name) : (record.properties[name] ?? null)
  }
}

function lineAmount({ price, quantity, discount }: Readonly<Record<string, string>>): string | null {
  if (price === undefined) return null
  return String(Number((Number(price) * Number(quantity ?? 1) - Number(discount ?? 0)).toFixed(6)))
}

function closed(portal: Portal, store: ObjectStore, record: StoredRecord, name: string): string | null {
  const names = pipelineProperties[store.type.name]
  if (names === undefined) return null
  const stage = portal.pipelines
    .get(store.type.name)
    ?.get(record.properties[names.pipeline] ?? '')
    ?.stages.get(record.properties[names.stage] ?? '')
  const probability = Number(stage?.metadata['probability'])
  return String(probability === 1 || (name === 'hs_is_closed' && probability === 0))
}

function optOut(portal: Portal, record: StoredRecord, name: string): string | null {
  const email = record.properties['email']
  if (email === undefined) return null
  const subscriptionId = name.slice('hs_email_optout_'.length)
  if (subscriptionId === '') return portal.consent.optedOutOfAll.has(email) ? 'true' : null
  return portal.consent.status(email, subscriptionId).status === 'UNSUBSCRIBED' ? 'true' : null
}

function frame(record: StoredRecord): Omit<RecordView, 'properties'> {
  return {
    id: record.id,
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt !== undefined && { archivedAt: iso(record.archivedAt) }),
  }
}

/** A record as the reply to a read. Names that do not exist are left out silently, values that are not set are null. */
export function readView(
  portal: Portal,
  store: ObjectStore,
  record: StoredRecord,
  names: readonly string[],
  history: readonly string[] = [],
): RecordView {
  const wanted = names.length > 0 ? names : store.type.defaultProperties
  const properties: Record<string, string | null> = {}
  for (const name of [...systemProperties(store), ...wanted])
    if (store.properties.has(name)) properties[name] = readValue(portal, store, record, name)
  if (history.length === 0) return { ...frame(record), properties }
  return { ...frame(record), properties, propertiesWithHistory: Object.fromEntries(history.map((name) => [name, historyOf(record, name)])) }
}

/** A record as the reply to a write: what was written and the system's own values. */
export function writeView(portal: Portal, store: ObjectStore, record: StoredRecord, written: Iterable<string>): RecordView {
  const properties: Record<string, string | null> = {}
  for (const name of systemProperties(store)) properties[name] = readValue(portal, store, record, name)
  for (const name of written) properties[name] = readValue(portal, store, record, name) ?? ''
  return { ...frame(record), properties }
}

/** All values a property had, newest first. */
export function historyOf(record: StoredRecord, name: string): object[] {
  return record.writes
    .filter((write) => write.values[name] !== undefined)
    .map((write) => ({ value: write.values[name], timestamp: iso(write.at), sourceType: write.source }))
    .toReversed()
}
