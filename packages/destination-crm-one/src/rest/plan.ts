import type { Contract, DestinationContext, FieldRule, FieldSpec, FieldType, PlanChange } from '@millrace/core'
import type { Api } from '../api.ts'
import { placeOf } from '../encode.ts'
import type { DialectObject } from '../dialect/dialect.ts'
import type { CrmAttribute, CrmSchema } from '../schema.ts'

const attributes = '/attributes/'

/** Types of the CRM that can hold a type of ours; the first is what to ask the administrator for. */
const crmTypes: Readonly<Record<FieldType, readonly string[]>> = {
  string: ['string'],
  text: ['string'],
  email: ['string'],
  phone: ['string'],
  option: ['enum', 'string'],
  options: ['string[]'],
  integer: ['integer'],
  decimal: ['decimal', 'string'],
  boolean: ['boolean'],
  date: ['date', 'string'],
  datetime: ['datetime', 'string'],
}

const drift = (target: string, differences: PlanChange['differences']): PlanChange => ({
  action: 'drift',
  target,
  differences,
  destructive: false,
})

const differencesOf = (rule: FieldRule, have: CrmAttribute | undefined): PlanChange['differences'] => {
  const types = crmTypes[rule.type ?? 'string']
  if (have === undefined) return [{ path: 'type', have: undefined, want: types[0] }]
  if (!types.includes(have.type)) return [{ path: 'type', have: have.type, want: types.join(' or ') }]
  const missing = (rule.options ?? []).filter(({ value }) => have.options !== undefined && !have.options.includes(value))
  if (missing.length > 0) return [{ path: 'options', have: have.options, want: missing.map(({ value }) => value) }]
  const owned = have.owner === 'crm' && (rule.owner ?? 'source') === 'source'
  return owned ? [{ path: 'owner', have: 'crm', want: 'source' }] : []
}

const attributeName = (name: string, spec: DialectObject): string | undefined => {
  const at = placeOf(name, spec.fields, spec.open)?.at
  return at?.startsWith(attributes) === true ? at.slice(attributes.length) : undefined
}

const planAttributes = (object: string, spec: DialectObject, contract: Contract, schema: CrmSchema): PlanChange[] => {
  const known = schema.attributes[object]
  if (known === undefined) return []
  const rules = Object.entries(contract.objects[object]?.fields ?? {}).flatMap(([name, rule]) => {
    const attribute = attributeName(name, spec)
    return attribute === undefined ? [] : [[attribute, rule] as const]
  })
  const filled = new Set(rules.map(([name]) => name))
  const required = [...known.values()].filter((one) => one.required && !filled.has(one.name) && one.owner === 'source')
  return [
    ...rules.flatMap(([name, rule]) => {
      const differences = differencesOf(rule, known.get(name))
      return differences.length === 0 ? [] : [drift(`attribute ${object}.${name}`, differences)]
    }),
    ...required.map(({ name }) =>
      drift(`attribute ${object}.${name}`, [{ path: 'required', have: true, want: 'a field of the contract that fills it' }]),
    ),
  ]
}

const planPipelines = (contract: Contract, schema: CrmSchema): PlanChange[] => {
  const rule = contract.objects['deal']?.fields['pipeline']
  if (rule?.value.op !== 'constant') return []
  const id = String(rule.value.value)
  return schema.pipelines.some((pipeline) => pipeline.id === id)
    ? []
    : [drift(`pipeline ${id}`, [{ path: 'id', have: undefined, want: id }])]
}

const planLists = (contract: Contract, schema: CrmSchema): PlanChange[] =>
  contract.memberships.flatMap(({ kind, name }) => {
    if (kind !== 'list' || name === undefined) return []
    const there = schema.lists.some((list) => list.id === name || list.name === name)
    return there ? [] : [drift(`list ${name}`, [{ path: 'id', have: undefined, want: name }])]
  })

/**
 * What the contract needs and the CRM does not have. Nothing of it can be made from outside: attributes, lists and pipelines are the administrator's, so
 * everything here is drift.
 */
export const planCrm = async (api: Api, { contract, ...ctx }: DestinationContext): Promise<PlanChange[]> => {
  api.forgetSchema()
  const schema = await api.schema({ contract, ...ctx })
  const objects = Object.entries(api.dialect.objects).filter(([name]) => name in contract.objects)
  return [
    ...objects.flatMap(([name, spec]) => planAttributes(name, spec, contract, schema)),
    ...planPipelines(contract, schema),
    ...planLists(contract, schema),
  ]
}

const fieldTypes: Readonly<Record<string, FieldType>> = {
  string: 'string',
  integer: 'integer',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enum: 'option',
  'string[]': 'options',
}

const toField = ({ type, required, owner, maxLength, options }: CrmAttribute): FieldSpec => ({
  type: fieldTypes[type] ?? 'string',
  required,
  readOnly: owner === 'crm',
  ...(maxLength === undefined ? {} : { maxLength }),
  ...(options === undefined ? {} : { options: options.map((value) => ({ value, label: value })) }),
})

/** The live schema: the contract's own fields, and the attributes that the administrator defined. */
export const describeCrm = async (api: Api, ctx: DestinationContext): Promise<Record<string, Record<string, FieldSpec>>> => {
  const schema = await api.schema(ctx)
  return Object.fromEntries(
    Object.entries(api.dialect.objects).map(([name, { fields }]) => {
      const own = Object.entries(fields).map(
        ([field, { at: _at, item: _item, member: _member, format: _format, ...spec }]) => [field, spec] as const,
      )
      const attributesOf = [...(schema.attributes[name]?.values() ?? [])].map((attribute) => [attribute.name, toField(attribute)] as const)
      return [name, Object.fromEntries([...own, ...attributesOf])]
    }),
  )
}
