/** What is looked at. */
export interface AuditOptions<C extends string = string> {
  /** How many people and how many orders of each connection. Default 200. */
  sample?: number
  /** The same seed chooses the same objects. Default: the day, so that every day looks at others. */
  seed?: string
  connection?: C | readonly C[]
  /** Share of the objects that may have a finding, in percent. Default 0.25. */
  thresholdPercent?: number
  signal?: AbortSignal
}

/**
 * What is wrong with one object at a destination. `missing` = gone there; `fields` = differ; `lines` = children that are gone or differ; `associations` = a parent is
 * not linked; `duplicate` = another object has our key or the person's address. `details` holds names of fields, keys of lines and ids of objects, never values.
 */
export interface AuditFinding {
  kind: 'missing' | 'fields' | 'lines' | 'associations' | 'duplicate'
  object: string
  unit: string
  remoteId: string
  details: string[]
}

export interface AuditedObject {
  /** How many there are to choose from, and how many were compared; those whose record changed meanwhile, or is not mapped any more, are not. */
  delivered: number
  compared: number
  /** Objects without a finding. */
  agree: number
}

export interface AuditedConnection {
  /** `not-comparable`: the destination can neither read nor list its objects. */
  status: 'agrees' | 'differs' | 'not-comparable'
  objects: Record<string, AuditedObject>
  findings: AuditFinding[]
  /** What this destination cannot be asked for. */
  unchecked: ('associations' | 'duplicates' | `objects of the kind ${string}`)[]
}

export interface AuditReport {
  seed: string
  sample: number
  thresholdPercent: number
  ok: boolean
  connections: Record<string, AuditedConnection>
}
