import { invalid, refuse } from '../errors.ts'
import { pipelineProperties } from '../pipelines/pipeline.ts'
import type { Portal } from '../portal.ts'
import { changeRecord, dropRecord, findByUnique, insertRecord, type ObjectStore, type StoredRecord, type WriteSource } from './store.ts'

type Values = Readonly<Record<string, string>>

/** A write that was done, and how to take it back when its batch fails as a whole. */
export interface Committed {
  readonly record: StoredRecord
  readonly created: boolean
  undo(): void
}

/** Creates a record from prepared values. @throws Refusal when a unique value is taken */
export function commitCreate(portal: Portal, store: ObjectStore, values: Values, source: WriteSource = 'INTEGRATION'): Committed {
  checkUnique(portal, store, undefined, values)
  const record = insertRecord(store, values, portal.settings.now(), source)
  return { record, created: true, undo: () => dropRecord(store, record) }
}

/** Changes a record by prepared values. @throws Refusal when a unique value is taken */
export function commitUpdate(
  portal: Portal,
  store: ObjectStore,
  record: StoredRecord,
  values: Values,
  source: WriteSource = 'INTEGRATION',
): Committed {
  checkUnique(portal, store, record, values)
  const undo = changeRecord(store, record, { ...values, ...swappedEmails(record, values['email']) }, portal.settings.now(), source)
  return { record, created: false, undo }
}

/** A contact whose e-mail becomes one of its own additional ones: the two change places. */
function swappedEmails(record: StoredRecord, email: string | undefined): Values {
  const additional = record.properties['hs_additional_emails']?.split(';') ?? []
  const before = record.properties['email']
  if (email === undefined || !additional.includes(email)) return {}
  const kept = additional.filter((address) => address !== email)
  return { hs_additional_emails: [...kept, ...(before === undefined ? [] : [before])].join(';') }
}

function checkUnique(portal: Portal, store: ObjectStore, record: StoredRecord | undefined, values: Values): void {
  for (const property of store.unique.keys()) {
    const value = values[property]
    if (value === undefined || value === '' || property === 'hs_additional_emails') continue
    const holder = findByUnique(store, property, value)
    if (holder !== undefined && holder !== record) {
      if (property === 'email') conflict(holder)
      taken(portal, store, record, property, value, holder)
    }
    if (property === 'email') checkAdditional(portal, store, record, value)
  }
}

function checkAdditional(portal: Portal, store: ObjectStore, record: StoredRecord | undefined, email: string): void {
  const holder = findByUnique(store, 'hs_additional_emails', email)
  if (holder === undefined || holder === record) return
  // Reports differ on the answer to an update, so both are given.
  if (record !== undefined && portal.random.next() < 0.5) {
    invalid('email-change-to-additional', `Email ${email} already belongs to another contact as an additional email.`)
  }
  conflict(holder)
}

function conflict(holder: StoredRecord): never {
  return refuse({
    rule: 'conflict-existing-id',
    status: 409,
    category: 'CONFLICT',
    message: `Contact already exists. Existing ID: ${holder.id}`,
    rowContext: { existingId: [holder.id] },
  })
}

function taken(
  portal: Portal,
  store: ObjectStore,
  record: StoredRecord | undefined,
  property: string,
  value: string,
  holder: StoredRecord,
): never {
  const id = record?.id ?? String(store.nextId)
  const coordinates = `portalId=${portal.settings.portalId}, objectTypeId=${store.type.typeId}, propertyName=${property}, value=${value}`
  return invalid('unique-value-taken', `Cannot set PropertyValueCoordinates{${coordinates}} on ${id}. ${holder.id} already has that value.`)
}

/** Whether any living record stands in a pipeline or stage. */
export function isStageInUse(portal: Portal, store: ObjectStore, id: string): boolean {
  const names = pipelineProperties[store.type.name]
  if (names === undefined) return false
  for (const { properties } of store.records.values()) if (properties[names.pipeline] === id || properties[names.stage] === id) return true
  return false
}
