import type { Input } from '@millrace/core'

/** An input as core makes it for something new, with what a test says otherwise. */
export const inputOf = (object: string, key: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input => ({
  unit: `${object}:${key}`,
  object,
  operation: 'upsert',
  key,
  fields,
  changedFields: Object.keys(fields),
  children: [],
  parents: [],
  parentsChanged: true,
  consent: [],
  memberships: [],
  membershipsChanged: false,
  cause: 'delta',
  objects: {},
  uncertain: false,
  fence: 1,
  ...more,
})
