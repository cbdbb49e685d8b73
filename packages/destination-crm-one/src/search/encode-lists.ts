import type { Input } from '@millrace/core'
import type { DialectField, DialectObject, ListRule } from '../dialect/dialect.ts'
import { fillTemplate } from '../dialect/fill.ts'
import { placeOf } from '../encode.ts'
import { asList, isObject, member } from '../json.ts'
import type { Row } from './rows.ts'

interface Wanted {
  marks: Readonly<Record<string, unknown>>
  values: Record<string, unknown>
}

const itemsOf = (spec: DialectObject, fields: Input['fields'], at: string): Wanted[] => {
  const items = new Map<string, Wanted>()
  for (const [name, value] of Object.entries(fields)) {
    const field: DialectField | undefined = placeOf(name, spec.fields, spec.open)
    if (field?.at !== at || field.item === undefined || field.member === undefined) continue
    const mark = JSON.stringify(field.item)
    const item = items.get(mark) ?? { marks: field.item, values: {} }
    items.set(mark, item)
    item.values[field.member] = value
  }
  return [...items.values()]
}

const carries = (item: unknown, marks: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(marks).every(([name, mark]) => member(item, name) === mark)

const isBlank = ({ values }: Wanted): boolean => Object.values(values).every((value) => value === null)
const isSame = (item: unknown, values: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(values).every(([name, value]) => member(item, name) === value)

/** What to do with one wanted item. In a foreign object the same marks are somebody else's, so ours is put beside them. */
const commandsOf = (rule: ListRule, wanted: Wanted, existing: readonly unknown[], ours: boolean): unknown[] => {
  const alike = existing.filter((item) => isObject(item) && carries(item, wanted.marks))
  if (alike.some((item) => isSame(item, wanted.values))) return []
  const [mine] = ours ? alike : []
  const id = member(mine, 'id')
  if (isBlank(wanted)) return mine === undefined ? [] : [fillTemplate(rule.remove, { id })]
  return mine === undefined
    ? [fillTemplate(rule.create, { item: { ...wanted.marks, ...wanted.values } })]
    : [fillTemplate(rule.update, { id, item: wanted.values })]
}

/** The lists of an object as commands that change single items: what others put into them stays. */
export const encodeLists = (spec: DialectObject, fields: Input['fields'], row: Row | undefined, ours: boolean): Record<string, unknown> =>
  Object.fromEntries(
    (spec.lists ?? []).flatMap((rule) => {
      const name = rule.at.slice(1)
      const existing = asList(row?.body[name])
      const commands = itemsOf(spec, fields, rule.at).flatMap((wanted) => commandsOf(rule, wanted, existing, ours))
      return commands.length === 0 ? [] : [[name, commands] as const]
    }),
  )
