import { z } from 'zod'
import { customFieldsSchema, instantSchema, localizedSchema } from '../model/common.ts'
import { moneySchema } from '../model/money.ts'

/** What stands at a path of a view. `open` = known only when records are read (custom fields, attributes), `decimal` = an exact
 * decimal string. `values` = the only texts that can occur. */
export type ValueKind =
  | { kind: 'text'; values?: readonly string[] }
  | { kind: 'number' | 'integer' | 'decimal' | 'boolean' | 'instant' | 'date' | 'money' | 'localized' | 'open' }
  | { kind: 'list'; of: ValueKind }
  | { kind: 'record'; of: ValueKind }
  | { kind: 'object'; fields: Readonly<Record<string, ValueKind>> }

/** Shared schemas that mean more than their shape says. */
const known = new Map<unknown, ValueKind>([
  [instantSchema, { kind: 'instant' }],
  [moneySchema, { kind: 'money' }],
  [localizedSchema, { kind: 'localized' }],
  [customFieldsSchema, { kind: 'record', of: { kind: 'open' } }],
])

/** Reads the kind of value off a zod schema of the model. */
export const kindOfSchema = (schema: unknown): ValueKind => {
  const meaning = known.get(schema)
  if (meaning !== undefined) return meaning
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return kindOfSchema(schema.unwrap())
  if (schema instanceof z.ZodObject) {
    return { kind: 'object', fields: Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, kindOfSchema(field)])) }
  }
  if (schema instanceof z.ZodArray) return { kind: 'list', of: kindOfSchema(schema.element) }
  if (schema instanceof z.ZodRecord) return { kind: 'record', of: kindOfSchema(schema.valueType) }
  if (schema instanceof z.ZodEnum) return { kind: 'text', values: schema.options.map(String) }
  if (schema instanceof z.ZodLiteral) return { kind: 'text', values: [...schema.values].map(String) }
  if (schema instanceof z.ZodISODate) return { kind: 'date' }
  if (schema instanceof z.ZodBoolean) return { kind: 'boolean' }
  if (schema instanceof z.ZodNumber) return { kind: schema.isInt ? 'integer' : 'number' }
  return schema instanceof z.ZodString ? { kind: 'text' } : { kind: 'open' }
}
