import { fieldName } from '../contract/contract.ts'
import type { Connection } from '../engine/connection.ts'
import { fieldSpec } from '../mapping/field-spec.ts'
import type { FieldType } from '../spec/destination.ts'
import type { TotalsSpec } from '../spec/totals.ts'

/** The parts of an order that are compared, by the name that findings give them. */
export const comparedParts = ['currency', 'amount', 'gross', 'net', 'refunded', 'placedAt', 'paidAt'] as const
export type ComparedPart = (typeof comparedParts)[number]

/** One field at the destination that is read. `owned` = the contract keeps it as the source has it, so that a difference is one. */
export interface RemoteField {
  name: string
  type: FieldType
  owned: boolean
}

/** The object of a connection that orders become, with the fields that tell their money. */
export interface ComparableObject {
  object: string
  parts: Readonly<Partial<Record<ComparedPart, RemoteField>>>
  stage: (RemoteField & { won: ReadonlySet<string> }) | undefined
  /** Names of fields that recognise an order and tell where it belongs. */
  number: string | undefined
  id: string | undefined
  store: string | undefined
  customerGroup: string | undefined
  pipeline: string | undefined
  /** Every field to be read. */
  fields: readonly string[]
}

/** What of a connection can be reconciled; undefined where its destination cannot list orders or says nothing of their money. */
export const comparableObject = (connection: Connection): ComparableObject | undefined => {
  const object = connection.objectsOf('order').find((name) => connection.spec(name).totals !== undefined)
  const totals = object === undefined ? undefined : connection.spec(object).totals
  if (object === undefined || totals === undefined || connection.destination.list === undefined) return undefined
  const rules = connection.contract.objects[object]?.fields ?? {}
  const known = connection.spec(object).fields
  const nameOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : fieldName(name, connection.contract.prefix)
  const fieldOf = (written: string | undefined): RemoteField | undefined => {
    const name = nameOf(written)
    const rule = name === undefined ? undefined : rules[name]
    if (name === undefined || rule === undefined) return undefined
    return { name, type: fieldSpec(rule, known[name]).type, owned: (rule.owner ?? 'source') === 'source' }
  }
  const parts = Object.fromEntries(
    comparedParts.flatMap((part) => {
      const field = fieldOf(totals[part])
      return field === undefined ? [] : [[part, field] as const]
    }),
  )
  const stage = fieldOf(totals.stage?.field)
  const others = placeFields(totals, nameOf)
  const fields = [...Object.values(parts).map(({ name }) => name), stage?.name, ...Object.values(others)].filter(
    (name) => name !== undefined,
  )
  return {
    object,
    parts,
    stage: stage === undefined ? undefined : { ...stage, won: new Set(totals.stage?.won) },
    ...others,
    fields: [...new Set(fields)],
  }
}

const placeFields = (
  { number, id, store, customerGroup, pipeline }: TotalsSpec,
  nameOf: (name: string | undefined) => string | undefined,
): Pick<ComparableObject, 'number' | 'id' | 'store' | 'customerGroup' | 'pipeline'> => ({
  number: nameOf(number),
  id: nameOf(id),
  store: nameOf(store),
  customerGroup: nameOf(customerGroup),
  pipeline: nameOf(pipeline),
})
