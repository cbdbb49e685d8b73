import type { BusinessUnit } from '@commercetools/platform-sdk'
import type { Company } from '@millrace/core'
import type { Settings } from './settings.ts'
import { addressBook, customFields, requiredInstant, text } from './values.ts'

/** A business unit. `id` is its key, which every unit has, never changes, and is what orders and divisions refer to. */
export const toCompany = (row: BusinessUnit, settings: Pick<Settings, 'vatIdField'>): Company => {
  const custom = customFields(row.custom)
  return {
    entity: 'company',
    id: row.key,
    key: row.key,
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    name: row.name,
    status: row.status === 'Inactive' ? 'inactive' : 'active',
    kind: row.unitType === 'Division' ? 'division' : 'company',
    parentId: text(row.parentUnit?.key),
    email: text(row.contactEmail),
    vatId: settings.vatIdField === undefined ? undefined : text(custom[settings.vatIdField]),
    stores: (row.stores ?? []).map((store) => store.key),
    ...addressBook(row),
    custom,
  }
}
