import { isJsonObject } from '../../http/index.ts'
import { isIsoDate } from '../v2/data-field.ts'

/** Types of a field in the schema of a collection. */
export type SchemaType = 'STRING' | 'FLOAT' | 'BOOLEAN' | 'TIMESTAMP' | 'RECORD'

/** What a collection knows of one field. Without a type only null or an empty list was seen. */
export interface SchemaNode {
  readonly type: SchemaType | undefined
  readonly repeated: boolean
  readonly fields: ReadonlyMap<string, SchemaNode>
}

/** A schema that knows nothing yet: the first record decides. */
export const emptySchema: SchemaNode = { type: 'RECORD', repeated: false, fields: new Map() }

function typeOf(value: unknown): SchemaType | undefined {
  if (typeof value === 'string') return isIsoDate(value) && value.includes('T') ? 'TIMESTAMP' : 'STRING'
  if (typeof value === 'number') return 'FLOAT'
  if (typeof value === 'boolean') return 'BOOLEAN'
  return isJsonObject(value) ? 'RECORD' : undefined
}

/**
 * The schema after one more value, or undefined with words in `complaints` when the value does not fit. New fields extend it; a text field takes times too,
 * a time field takes no other text; null fits everything.
 */
export function extendSchema(node: SchemaNode | undefined, value: unknown, path: string, complaints: string[]): SchemaNode | undefined {
  const known: SchemaNode = node ?? { type: undefined, repeated: Array.isArray(value), fields: new Map() }
  if (value === null || value === undefined) return known
  const complain = (expected: string): undefined => void complaints.push(`Field '${path}' is expected to be ${expected}`)
  const untyped = known.type === undefined && !known.repeated
  if (Array.isArray(value)) {
    if (!known.repeated && !untyped) return complain('no list')
    return value.reduce<SchemaNode | undefined>(
      (grown, item: unknown) => (grown === undefined ? undefined : extendOne(grown, item, path, complaints)),
      { ...known, repeated: true },
    )
  }
  return known.repeated ? complain('a list') : extendOne(known, value, path, complaints)
}

function extendOne(node: SchemaNode, value: unknown, path: string, complaints: string[]): SchemaNode | undefined {
  const type = typeOf(value)
  if (type === undefined) return node
  const isText = node.type === 'STRING' && type === 'TIMESTAMP'
  if (node.type !== undefined && node.type !== type && !isText) {
    complaints.push(`Field '${path}' is expected to be a ${node.type.toLowerCase()}`)
    return undefined
  }
  if (!isJsonObject(value)) return { ...node, type: node.type ?? type }
  const fields = new Map(node.fields)
  for (const [name, member] of Object.entries(value)) {
    const grown = extendSchema(fields.get(name), member, path === '' ? name : `${path}.${name}`, complaints)
    if (grown === undefined) return undefined
    fields.set(name, grown)
  }
  return { ...node, type: 'RECORD', fields }
}

/** The fields of a schema as the vendor lists them. */
export function schemaView(node: SchemaNode): object[] {
  return [...node.fields].map(([name, field]) => ({
    name,
    mode: field.repeated ? 'REPEATED' : 'NULLABLE',
    type: field.type ?? 'STRING',
    fields: schemaView(field),
  }))
}
