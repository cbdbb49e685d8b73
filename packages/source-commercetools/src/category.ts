import type { Category as PlatformCategory } from '@commercetools/platform-sdk'
import type { Category } from '@millrace/core'
import type { Names } from './names.ts'
import { customFields, localized, requiredInstant, text } from './values.ts'

/** A category. `id` and `parentId` are keys where there are keys. A category whose parent does not exist is a root. The path ends with itself. */
export const toCategory = (row: PlatformCategory, names: Names): Category => {
  const facts = names.category(row.id)
  const name = localized(row.name)
  return {
    entity: 'category',
    id: text(row.key) ?? row.id,
    platformId: row.id,
    key: text(row.key),
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    name,
    slug: localized(row.slug),
    parentId: facts?.parentRecordId,
    path: facts === undefined ? [name] : [...facts.path.slice(0, -1), name],
    custom: customFields(row.custom),
  }
}
