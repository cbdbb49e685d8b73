import type { Input, Outcome } from '@millrace/core'

/** The input as the engine hands it in after a delivery: linked, with what the outcome kept, and nothing changed since. */
export const linked = (input: Input, outcome: Outcome | undefined): Input => ({
  ...input,
  changedFields: [],
  children: input.children.map((child) => ({ ...child, changed: false })),
  parentsChanged: false,
  membershipsChanged: false,
  remoteKey: input.key,
  ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
  objects: outcome?.objects ?? {},
})

/** The linked input with other fields: those that differ are told as changed. */
export const changed = (input: Input, fields: Input['fields']): Input => ({
  ...input,
  fields: { ...input.fields, ...fields },
  changedFields: Object.keys(fields).filter((name) => fields[name] !== input.fields[name]),
})

/** What the engine hands in when the record is gone at the source. */
export const archived = (input: Input): Input => ({
  ...input,
  operation: 'archive',
  fields: {},
  changedFields: [],
  children: [],
  parents: [],
  parentsChanged: false,
  memberships: [],
  consent: [],
  cause: 'removal',
})
