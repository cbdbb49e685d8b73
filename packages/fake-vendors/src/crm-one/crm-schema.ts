/** What an attribute may hold. Decimals are strings, so that money stays exact; times are RFC 3339. */
export type AttributeType = 'string' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime' | 'enum' | 'string[]'

/** One attribute of contacts, orders or deals, as the CRM's administrator defined it. */
export interface AttributeDefinition {
  readonly name: string
  readonly type: AttributeType
  /** Must be there when the object is created. Default false. */
  readonly required?: boolean
  /** Characters of a string, or of each member of a list. */
  readonly maxLength?: number
  /** Allowed values of an `enum`. */
  readonly options?: readonly string[]
  /** `crm`: writes from outside are ignored and listed in `ignored`. Default `source`. */
  readonly owner?: 'source' | 'crm'
}

/** A list of contacts. Membership needs a granted consent for its channel and purpose. */
export interface ListDefinition {
  readonly id: string
  readonly name: string
  readonly channel: Channel
  readonly purpose: string
}

/** A sales pipeline with its stages in order. */
export interface PipelineDefinition {
  readonly id: string
  readonly name: string
  readonly stages: readonly { readonly id: string; readonly name: string }[]
}

/** Ways to reach a person. */
export type Channel = 'email' | 'sms' | 'phone' | 'post' | 'push' | 'messenger'

/** Every channel. */
export const channels: readonly Channel[] = ['email', 'sms', 'phone', 'post', 'push', 'messenger']

/** Objects with attributes of their own. */
export type ResourceName = 'contact' | 'order' | 'deal'

/** What the administrator of a CRM set up. */
export interface CrmSchema {
  readonly attributes: Readonly<Record<ResourceName, readonly AttributeDefinition[]>>
  readonly lists: readonly ListDefinition[]
  readonly pipelines: readonly PipelineDefinition[]
}

/** Sizes and times of the contract, told by `GET /schema`. */
export const limits = {
  bulkOperations: 500,
  bulkBytes: 5_000_000,
  pageSize: 500,
  idempotencyHours: 24,
  /** How far `at` and `time` may lie ahead of the CRM's clock. */
  clockToleranceSeconds: 300,
} as const

/** Activities of these types are transactional: they need no consent. Every other one counts as marketing. */
export const transactionalTypes: readonly string[] = ['order.', 'shipment.', 'refund.']

/** The consent a marketing activity needs when it names none. */
export const marketingConsent: { readonly channel: Channel; readonly purpose: string } = { channel: 'email', purpose: 'marketing' }

/** A CRM as it is set up when a test says nothing: a few attributes of every type, two lists, one pipeline. */
export const defaultSchema: CrmSchema = {
  attributes: {
    contact: [
      { name: 'customerNumber', type: 'string', maxLength: 64 },
      { name: 'customerGroup', type: 'string', maxLength: 128 },
      { name: 'company', type: 'string', maxLength: 255 },
      { name: 'dateOfBirth', type: 'date' },
      { name: 'firstOrderAt', type: 'datetime' },
      { name: 'lastOrderAt', type: 'datetime' },
      { name: 'orderCount', type: 'integer' },
      { name: 'totalSpent', type: 'decimal' },
      { name: 'isGuest', type: 'boolean' },
      { name: 'lastSkus', type: 'string[]', maxLength: 128 },
      { name: 'commerceStage', type: 'enum', options: ['lead', 'customer', 'repeat', 'lapsed'] },
      { name: 'salesOwner', type: 'string', maxLength: 128, owner: 'crm' },
    ],
    order: [
      { name: 'couponCodes', type: 'string[]', maxLength: 128 },
      { name: 'paymentMethod', type: 'string', maxLength: 64 },
      { name: 'historical', type: 'boolean' },
    ],
    deal: [
      { name: 'orderNumber', type: 'string', maxLength: 64 },
      { name: 'forecast', type: 'string', maxLength: 64, owner: 'crm' },
    ],
  },
  lists: [
    { id: 'newsletter', name: 'Newsletter', channel: 'email', purpose: 'marketing' },
    { id: 'sms-offers', name: 'Offers by SMS', channel: 'sms', purpose: 'marketing' },
  ],
  pipelines: [
    {
      id: 'commerce',
      name: 'Commerce',
      stages: ['placed', 'paid', 'fulfilled', 'returned', 'refunded', 'cancelled'].map((id) => ({ id, name: id })),
    },
  ],
}
