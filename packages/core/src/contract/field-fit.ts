import type { FieldSpec, FieldType } from '../spec/destination.ts'
import type { ValueKind } from '../views/value-kind.ts'

const scalars = ['text', 'number', 'integer', 'decimal', 'boolean', 'instant', 'date', 'open'] as const

const accepted: Readonly<Record<FieldType, readonly ValueKind['kind'][]>> = {
  string: scalars,
  text: scalars,
  email: ['text', 'open'],
  phone: ['text', 'open'],
  integer: ['integer', 'number', 'open'],
  decimal: ['decimal', 'integer', 'number', 'open'],
  boolean: ['boolean', 'open'],
  date: ['date', 'open'],
  datetime: ['instant', 'date', 'open'],
  option: ['text', 'integer', 'number', 'boolean', 'open'],
  options: ['text', 'integer', 'number', 'boolean', 'open'],
}

const described: Readonly<Record<ValueKind['kind'], string>> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  decimal: 'an amount',
  boolean: 'true or false',
  instant: 'a point in time',
  date: 'a date',
  money: 'money',
  localized: 'localized text',
  open: 'a value',
  list: 'a list',
  record: 'an object',
  object: 'an object',
}

const cure = (kind: ValueKind['kind'], type: FieldType): string => {
  if (kind === 'money') return 'use amount(...) or currency(...)'
  if (kind === 'localized') return 'use localized(...)'
  if (kind === 'list') return 'use join(...) or count(...), or pick one item (groups.0.name)'
  if (kind === 'object' || kind === 'record') return 'name the part that you want (billingAddress.city)'
  if (kind === 'instant' && type === 'date') return 'use date(path, timeZone)'
  return 'choose another path or another field, or translate it with mapValues(...)'
}

/** Says why a value of this kind cannot go into the field; undefined when it can. Lists go only where several options go. */
export const misfit = (given: ValueKind, spec: FieldSpec): string | undefined => {
  const kind = given.kind === 'list' && spec.type === 'options' ? given.of : given
  if (!accepted[spec.type].includes(kind.kind))
    return `gives ${described[kind.kind]}, but the field takes ${spec.type}; ${cure(kind.kind, spec.type)}`
  const { options } = spec
  if (options === undefined || kind.kind !== 'text' || kind.values === undefined || (spec.type !== 'option' && spec.type !== 'options'))
    return undefined
  const unlisted = kind.values.filter((value) => !options.some((option) => option.value === value))
  if (unlisted.length === 0) return undefined
  return `can give ${unlisted.map((value) => `"${value}"`).join(', ')}, which the field has no option for; add the option or translate it with mapValues(...)`
}
