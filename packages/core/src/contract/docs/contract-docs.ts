import type { Connection } from '../../engine/connection.ts'
import { fieldSpec } from '../../mapping/field-spec.ts'
import { childrenAt } from '../../views/catalog.ts'
import type { View } from '../../views/view.ts'
import type { FieldSpec, FieldValue, UnitKind } from '../../spec/destination.ts'
import type { Contract, FieldRule } from '../contract.ts'
import { describeExpression, describePredicate, pathsOf } from './describe.ts'
import { sampleNow, sampleView } from './sample.ts'

/** One field of the mapping sheet. */
export interface MappingRow {
  object: string
  field: string
  label: string
  type: string
  /** Whether the field is ours, and not one that the destination has by itself. */
  own: boolean
  /** Paths of the source's view. */
  sources: string[]
  /** The value as the contract writes it. */
  rule: string
  owner: string
  blank: string
  required: boolean
  options: string[]
  /** What must hold of consent before the field is sent; empty: it goes without. */
  consent: string
  purpose: string
  /** Of a made-up unit. */
  example: string
}

/** What of people goes where and why: one entry per object and purpose. */
export interface ProcessingRow {
  object: string
  /** Whose data it is. */
  people: string
  purpose: string
  fields: string[]
  recipient: string
  /** Consent topics with their legal basis. */
  basis: string
  /** Which units are sent. */
  selection: string
  /** What a deletion at the source does. */
  deletion: string
}

/** Everything that a contract says, ready to be written down. */
export interface ContractDocs {
  connection: string
  destination: string
  hash: string
  prefix: string
  mapping: MappingRow[]
  memberships: { kind: string; name: string; rule: string }[]
  processing: ProcessingRow[]
}

const text = (value: FieldValue | undefined): string =>
  value === undefined || value === null ? '' : Array.isArray(value) ? value.join('; ') : String(value)

const peopleOf: Readonly<Record<UnitKind, string>> = {
  person: 'customers and guests',
  consent: 'customers and guests',
  order: 'buyers',
  cart: 'visitors with a cart',
  event: 'customers, guests and visitors',
  company: 'contacts of companies',
  product: '',
  category: '',
}

const topicsOf = ({ consent }: Contract): string =>
  Object.entries(consent.topics)
    .map(
      ([name, { channel, purpose = 'marketing', basis }]) => `${name}: ${channel}, ${purpose}${basis === undefined ? '' : ` (${basis})`}`,
    )
    .join('; ')

const selectionOf = (contract: Contract, kind: UnitKind): string => {
  const route = Object.entries(contract.route ?? {}).map(
    ([name, values]) => `${name}: ${Array.isArray(values) ? values.join(', ') : JSON.stringify(values)}`,
  )
  const include = contract.include?.[kind]
  const parts = [...route, ...(include === undefined ? [] : [describePredicate(include)])]
  return parts.length === 0 ? 'all' : parts.join('; ')
}

/** Inclusion that asks for consent holds for every field of the object. */
const consentOf = (contract: Contract, kind: UnitKind): string => {
  if (kind === 'consent') return topicsOf(contract)
  const include = contract.include?.[kind]
  const described = include === undefined ? '' : describePredicate(include)
  return described.includes('consents') ? described : ''
}

interface RowContext {
  contract: Contract
  object: string
  kind: UnitKind
  known: Readonly<Record<string, FieldSpec>>
  examples: Readonly<Record<string, FieldValue>>
}

const rowsOf = (rules: Readonly<Record<string, FieldRule>>, { contract, object, kind, known, examples }: RowContext): MappingRow[] =>
  Object.entries(rules).map(([field, rule]) => {
    const vendor = Object.hasOwn(known, field) ? known[field] : undefined
    const { type, required = false, options = [] } = fieldSpec(rule, vendor)
    return {
      object,
      field,
      label: rule.label ?? vendor?.label ?? '',
      type,
      own: vendor === undefined,
      sources: pathsOf(rule.value),
      rule: describeExpression(rule.value),
      owner: rule.owner ?? 'source',
      blank: rule.blank ?? 'keep',
      required,
      options: options.map(({ value }) => value),
      consent: consentOf(contract, kind),
      purpose: rule.purpose ?? '',
      example: text(examples[field]),
    }
  })

const childExamples = (connection: Connection, object: string, child: string, view: View | undefined): Record<string, FieldValue> =>
  view === undefined
    ? {}
    : (connection.mapping.map(object, view, sampleNow).children.find((mapped) => mapped.object === child)?.fields ?? {})

/** Writes down what a connection's contract does. Examples are made up; no record is read. */
export const contractDocs = (connection: Connection): ContractDocs => {
  const { contract, destination, name, contractHash } = connection
  const mapping = Object.entries(contract.objects).flatMap(([object, { fields, children = {} }]): MappingRow[] => {
    const spec = connection.spec(object)
    const view = sampleView(spec.from, contract)
    const examples = view === undefined ? {} : connection.mapping.map(object, view, sampleNow).fields
    const own = rowsOf(fields, { contract, object, kind: spec.from, known: spec.fields, examples })
    const parts = childrenAt[spec.from] === undefined ? [] : Object.entries(children)
    return [
      ...own,
      ...parts.flatMap(([child, rules]) =>
        rowsOf(rules.fields, {
          contract,
          object: `${object} / ${child}`,
          kind: spec.from,
          known: spec.children?.[child]?.fields ?? {},
          examples: childExamples(connection, object, child, view),
        }),
      ),
    ]
  })
  return {
    connection: name,
    destination: destination.name,
    hash: contractHash,
    prefix: contract.prefix,
    mapping,
    memberships: contract.memberships.map(({ kind, dimension, name: given, value }) => ({
      kind,
      name: given ?? `${contract.prefix}:${dimension ?? ''}:…`,
      rule: describeExpression(value),
    })),
    processing: processingOf(connection, mapping),
  }
}

const processingOf = ({ contract, destination, name, spec }: Connection, mapping: readonly MappingRow[]): ProcessingRow[] =>
  Object.keys(contract.objects).flatMap((object): ProcessingRow[] => {
    const { from } = spec(object)
    const people = peopleOf[from]
    if (people === '') return []
    const rows = mapping.filter((row) => row.object === object || row.object.startsWith(`${object} / `))
    return [...Map.groupBy(rows, ({ purpose }) => purpose)].map(([purpose, group]) => ({
      object,
      people,
      purpose: purpose === '' ? 'not stated' : purpose,
      fields: group.map(({ field }) => field),
      recipient: `${destination.name} (${name})`,
      basis: topicsOf(contract),
      selection: selectionOf(contract, from),
      deletion: contract.removal[from] ?? 'keep-and-flag',
    }))
  })
