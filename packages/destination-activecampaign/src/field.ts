import type { FieldSpec, FieldType } from '@millrace/core'
import type { Client } from './client.ts'
import { asList, textOf, rowsOf } from './json.ts'
import { pagesOf } from './pages.ts'

/** A custom field of the account. */
export interface AccountField {
  id: string
  title: string
  type: string
  options: string[]
  /** Whether people see it: a field is invisible until it is related to a list (vendor notes, "Contacts, fields, lists, tags"). */
  related: boolean
}

/** Custom fields by name: the title in lower case, and the personalisation tag. */
export type Schema = ReadonlyMap<string, AccountField>

/** Reads every field with its options, 100 per request. */
export const readFields = async (client: Client, signal: AbortSignal): Promise<Schema> => {
  const schema = new Map<string, AccountField>()
  for await (const { body, rows } of pagesOf(client, { path: 'fields', name: 'fields', signal })) {
    const options = Map.groupBy(rowsOf(body, 'fieldOptions'), (option) => textOf(option, 'field') ?? '')
    for (const row of rows) {
      const [id, title, type] = [textOf(row, 'id'), textOf(row, 'title'), textOf(row, 'type')]
      if (id === undefined || title === undefined || type === undefined) continue
      const field = {
        id,
        title,
        type,
        options: (options.get(id) ?? []).flatMap((option) => textOf(option, 'value') ?? []),
        related: asList(row['relations']).length > 0,
      }
      const tag = textOf(row, 'perstag')?.toLowerCase()
      if (tag !== undefined && !schema.has(tag)) schema.set(tag, field)
      schema.set(title.toLowerCase(), field)
    }
  }
  return schema
}

/** The field that the contract calls by this name. */
export const fieldOf = (schema: Schema, name: string): AccountField | undefined => schema.get(name.toLowerCase())

/** What a field of the contract becomes. True or false is a choice of two, since there is no such type. */
export const vendorType: Readonly<Record<FieldType, string>> = {
  string: 'text',
  text: 'textarea',
  integer: 'number',
  decimal: 'number',
  boolean: 'dropdown',
  date: 'date',
  datetime: 'datetime',
  option: 'dropdown',
  options: 'listbox',
  phone: 'text',
  email: 'text',
}

const specType: Readonly<Record<string, FieldType>> = {
  textarea: 'text',
  number: 'decimal',
  date: 'date',
  datetime: 'datetime',
  dropdown: 'option',
  radio: 'option',
  listbox: 'options',
  checkbox: 'options',
}

/** A field in the words of the contract. */
export const toFieldSpec = ({ title, type, options }: AccountField): FieldSpec => ({
  type: specType[type] ?? 'string',
  label: title,
  ...(options.length === 0 ? {} : { options: options.map((value) => ({ value, label: value })) }),
})
