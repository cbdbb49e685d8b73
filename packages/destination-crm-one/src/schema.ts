import { asList, asText, member } from './json.ts'

/** An attribute as the administrator defined it. */
export interface CrmAttribute {
  name: string
  type: string
  required: boolean
  owner: 'source' | 'crm'
  maxLength?: number
  options?: readonly string[]
}

export interface CrmList {
  id: string
  name: string
  channel: string
  purpose: string
}

/** What `GET /schema` tells. */
export interface CrmSchema {
  attributes: Readonly<Record<string, ReadonlyMap<string, CrmAttribute>>>
  lists: readonly CrmList[]
  pipelines: readonly { id: string; stages: readonly string[] }[]
  transactionalTypes: readonly string[]
  marketingConsent: { channel: string; purpose: string }
  capabilities: Readonly<Record<string, boolean>>
}

const attributeOf = (entry: unknown): CrmAttribute[] => {
  const name = asText(member(entry, 'name'))
  const type = asText(member(entry, 'type'))
  if (name === undefined || type === undefined) return []
  const maxLength = member(entry, 'maxLength')
  const options = member(entry, 'options')
  return [
    {
      name,
      type,
      required: member(entry, 'required') === true,
      owner: member(entry, 'owner') === 'crm' ? 'crm' : 'source',
      ...(typeof maxLength === 'number' ? { maxLength } : {}),
      ...(Array.isArray(options) ? { options: options.flatMap((option) => asText(option) ?? []) } : {}),
    },
  ]
}

/** Reads the answer of the schema; parts that are missing are empty, so that they count as not there. */
export const readSchema = (body: unknown): CrmSchema => {
  const attributes = member(body, 'attributes')
  const activities = member(body, 'activities')
  const consent = member(activities, 'marketingConsent')
  const capabilities = member(body, 'capabilities')
  return {
    attributes: Object.fromEntries(
      ['contact', 'order', 'deal'].map((object) => [
        object,
        new Map(asList(member(attributes, object)).flatMap((entry) => attributeOf(entry).map((one) => [one.name, one] as const))),
      ]),
    ),
    lists: asList(member(body, 'lists')).flatMap((entry) => {
      const id = asText(member(entry, 'id'))
      if (id === undefined) return []
      const text = (name: string, otherwise: string): string => asText(member(entry, name)) ?? otherwise
      return [{ id, name: text('name', id), channel: text('channel', 'email'), purpose: text('purpose', 'marketing') }]
    }),
    pipelines: asList(member(body, 'pipelines')).flatMap((entry) => {
      const id = asText(member(entry, 'id'))
      return id === undefined ? [] : [{ id, stages: asList(member(entry, 'stages')).flatMap((stage) => asText(member(stage, 'id')) ?? []) }]
    }),
    transactionalTypes: asList(member(activities, 'transactionalTypes') ?? ['order.', 'shipment.', 'refund.']).flatMap(
      (type) => asText(type) ?? [],
    ),
    marketingConsent: {
      channel: asText(member(consent, 'channel')) ?? 'email',
      purpose: asText(member(consent, 'purpose')) ?? 'marketing',
    },
    capabilities:
      typeof capabilities === 'object' && capabilities !== null
        ? Object.fromEntries(Object.entries(capabilities).flatMap(([name, can]) => (typeof can === 'boolean' ? [[name, can]] : [])))
        : {},
  }
}
