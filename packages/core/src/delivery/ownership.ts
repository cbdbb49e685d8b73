import type { Owner } from '../mapping/compile.ts'
import type { FieldValue } from '../spec/destination.ts'

/** Where the object stands: new to the vendor, found there and taken over, or ours already. */
export type Standing = 'new' | 'adopted' | 'linked'

/** Nothing, an empty text or an empty list, as a destination holds it. */
export const isBlankValue = (value: FieldValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/**
 * The fields that may be written now. The source's own always; shared ones too, where they did not lose (`shared-fields.ts`); the destination's only on create; set-once ones until they were settled, and on adoption only
 * where the vendor has nothing. `found` = what it has; undefined when nobody read it (it named the object in a conflict), so nothing counts as blank.
 */
export const writableFields = (
  fields: Readonly<Record<string, FieldValue>>,
  owners: Readonly<Record<string, Owner>>,
  standing: Standing,
  found: Readonly<Record<string, FieldValue>> | undefined,
): Record<string, FieldValue> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => {
      const owner = owners[name] ?? 'source'
      if (owner === 'source' || owner === 'shared' || standing === 'new') return true
      return owner === 'once' && standing === 'adopted' && found !== undefined && isBlankValue(found[name])
    }),
  )

/** The fields that count when the unit is compared with what was settled: only what we keep up to date. */
export const comparedFields = (
  fields: Readonly<Record<string, FieldValue>>,
  owners: Readonly<Record<string, Owner>>,
): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => ['source', 'shared'].includes(owners[name] ?? 'source')))
