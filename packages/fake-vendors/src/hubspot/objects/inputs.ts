import { invalid } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { findByAnyEmail, findByUnique, findRecord, foldUnique, type ObjectStore, type StoredRecord } from './store.ts'

/** Refuses an id property that cannot be one: it must be admitted as unique, or be the contact's e-mail. */
export function checkIdProperty(store: ObjectStore, idProperty: string): void {
  if (idProperty !== 'hs_object_id' && store.properties.get(idProperty)?.hasUniqueValue === true) return
  invalid('id-property-unique', `Unable to perform update/upsert by non-unique ${store.type.typeId} property "${idProperty}"`)
}

/** The one id property of a batch; refuses a mixture. */
export function oneIdProperty(store: ObjectStore, idProperties: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(idProperties)
  if (distinct.size > 1) invalid('id-property-one-per-request', 'All inputs of a batch must use the same idProperty.')
  const [idProperty] = distinct
  if (idProperty !== undefined) checkIdProperty(store, idProperty)
  return idProperty
}

/** Finds the record an input means. */
export function resolve(portal: Portal, store: ObjectStore, idProperty: string | undefined, id: string): StoredRecord | undefined {
  if (idProperty === undefined) return findRecord(store, id)
  const matchesAny = idProperty === 'email' && portal.settings.additionalEmails === 'match'
  return matchesAny ? findByAnyEmail(store, id) : findByUnique(store, idProperty, id)
}

/** Refuses ids that occur twice, and ids that mean the same record. */
export function checkDuplicates(portal: Portal, store: ObjectStore, idProperty: string | undefined, ids: readonly string[]): void {
  const seen = new Set<string>()
  const records = new Set<StoredRecord>()
  const duplicates: string[] = []
  let rule: 'batch-duplicate-ids' | 'batch-two-ids-one-record' = 'batch-duplicate-ids'
  for (const id of ids) {
    const key = idProperty === undefined ? id : foldUnique(idProperty, id)
    const record = resolve(portal, store, idProperty, id)
    if (seen.has(key)) duplicates.push(id)
    else if (record !== undefined && records.has(record)) {
      duplicates.push(id)
      rule = 'batch-two-ids-one-record'
    }
    seen.add(key)
    if (record !== undefined) records.add(record)
  }
  if (duplicates.length > 0) invalid(rule, `Duplicate IDs found in batch input: [${duplicates.join(', ')}]. IDs must be unique`)
}
