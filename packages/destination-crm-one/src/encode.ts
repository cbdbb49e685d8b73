import type { FieldValue, Input } from '@millrace/core'
import type { DialectField, DialectObject, OpenFields } from './dialect/dialect.ts'
import { asList, isObject, member } from './json.ts'

/** A body under way. */
type Body = Record<string, unknown>

const segments = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The place of a field of the contract, by the dialect's list, else by the beginning of its name. */
export const placeOf = (
  name: string,
  fields: Readonly<Record<string, DialectField>>,
  open: readonly OpenFields[] = [],
): DialectField | undefined => {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (known !== undefined) return known
  const rule = open.find(({ prefix }) => name.startsWith(prefix))
  return rule === undefined
    ? undefined
    : { type: 'string', at: `${rule.at}${name.slice(rule.prefix.length).replaceAll('~', '~0').replaceAll('/', '~1')}` }
}

const put = (body: Body, [name, ...rest]: readonly string[], value: unknown): void => {
  if (name === undefined) return
  if (rest.length === 0) {
    body[name] = value
    return
  }
  const inner: Body = { ...(isObject(body[name]) ? body[name] : {}) }
  body[name] = inner
  put(inner, rest, value)
}

/** Spaces, brackets and the like go; numbers that are not international cannot be told, so nothing is guessed. */
const e164 = (value: FieldValue): string | undefined => {
  const digits = String(value)
    .replaceAll(/[\s().\-/]/g, '')
    .replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined
}

/** Shops write `de_DE` too. */
const languageTag = (value: FieldValue): string | undefined => {
  try {
    return Intl.getCanonicalLocales(String(value).replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

/** A value in the form that its field wants; undefined when it has no such form. */
const formed = (value: FieldValue, { format }: DialectField): FieldValue | undefined => {
  if (value === null || format === undefined) return value
  return format === 'e164' ? e164(value) : languageTag(value)
}

interface Placed {
  name: string
  value: FieldValue
  field: DialectField
}

const isItem = (item: Readonly<Record<string, unknown>>, marks: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(marks).every(([name, mark]) => item[name] === mark)

/** What a list holds at the CRM, and whether it is ours already: what carries our marks in a foreign contact is somebody else's. */
export interface Existing {
  contact: unknown
  ours: boolean
}

const folded = (item: unknown): string => {
  const value = member(item, 'value')
  return (typeof value === 'string' ? value : JSON.stringify(item)).toLowerCase()
}

/** The whole list at a place: our items, and those that others put there. */
const listOf = (at: string, placed: readonly Placed[], needsValue: boolean, existing: Existing | undefined): unknown[] => {
  const items = new Map<string, Record<string, unknown>>()
  for (const { value, field } of placed) {
    const mark = JSON.stringify(field.item)
    const written = formed(value, field)
    const item = items.get(mark) ?? { ...field.item }
    items.set(mark, item)
    if (field.member !== undefined && written !== null && written !== undefined) item[field.member] = written
  }
  const marks = placed.flatMap(({ field }) => (field.item === undefined ? [] : [field.item]))
  // An item is there when more than its marks are; a fact about an item without a value is none.
  const own = [...items].flatMap(([mark, item]) => {
    const filled = needsValue ? 'value' in item : Object.keys(item).length > Object.keys(JSON.parse(mark)).length
    return filled ? [item] : []
  })
  const distinct = own.filter((item, index) => own.findIndex((other) => folded(other) === folded(item)) === index)
  const taken = new Set(distinct.map(folded))
  const others = asList(member(existing?.contact, segments(at)[0] ?? ''))
    .filter(isObject)
    .filter((item) => !taken.has(folded(item)) && !(existing?.ours === true && marks.some((one) => isItem(item, one))))
  const hasPrimary = distinct.some((item) => item['primary'] === true)
  return [...distinct, ...others.map((item) => (hasPrimary && item['primary'] === true ? { ...item, primary: false } : item))]
}

/** What was left out because the CRM does not take its form. */
export interface Encoded {
  body: Body
  dropped: readonly string[]
}

/**
 * Fields as a body. `names`: only these, with their whole lists, since lists are replaced as a whole. `existing` = the contact as the CRM holds it, so that
 * items which others added stay. `snapshot`: what is absent is gone anyway, so nothing is cleared by null.
 */
export const encodeFields = (
  spec: Pick<DialectObject, 'fields' | 'open'>,
  fields: Input['fields'],
  { names, existing, snapshot = false }: { names?: readonly string[]; existing?: Existing; snapshot?: boolean } = {},
): Encoded => {
  const body: Body = {}
  const dropped: string[] = []
  const lists = new Map<string, Placed[]>()
  const touched = new Set<string>()
  const wanted = names === undefined ? undefined : new Set(names)
  for (const [name, value] of Object.entries(fields)) {
    const field = placeOf(name, spec.fields, spec.open)
    if (field === undefined || (snapshot && value === null)) continue
    const chosen = wanted === undefined || wanted.has(name)
    const written = formed(value, field)
    if (written === undefined) dropped.push(name)
    if (field.item !== undefined) {
      lists.set(field.at, [...(lists.get(field.at) ?? []), { name, value, field }])
      if (chosen) touched.add(field.at)
    } else if (chosen && written !== undefined) put(body, segments(field.at), written)
  }
  for (const at of touched) {
    const needsValue = Object.values(spec.fields).some((field) => field.at === at && field.member === 'value')
    const list = listOf(at, lists.get(at) ?? [], needsValue, existing)
    // Nothing to write and nothing asked to be cleared: absent keeps what is there.
    const clears = (lists.get(at) ?? []).some(({ value }) => value === null)
    if (list.length > 0 || clears) put(body, segments(at), list)
  }
  return { body, dropped }
}

/** Whether one of these fields stands in a list, which is written as a whole. */
export const touchesList = ({ fields, open }: Pick<DialectObject, 'fields' | 'open'>, names: readonly string[]): boolean =>
  names.some((name) => placeOf(name, fields, open)?.item !== undefined)

const valueOf = (value: unknown): FieldValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null
}

/** A field as the CRM holds it; null when it has none. */
export const decodeField = (spec: Pick<DialectObject, 'fields' | 'open'>, name: string, object: unknown): FieldValue => {
  const field = placeOf(name, spec.fields, spec.open)
  if (field === undefined) return null
  let at: unknown = object
  for (const part of segments(field.at)) at = member(at, part)
  if (field.item === undefined) return valueOf(at)
  const { item: marks = {}, member: name_ = 'value' } = field
  return valueOf(
    member(
      asList(at).find((item) => isObject(item) && isItem(item, marks)),
      name_,
    ),
  )
}
