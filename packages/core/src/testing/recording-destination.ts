import { path } from '../contract/expression.ts'
import type { Contract, FieldRule } from '../contract/contract.ts'
import { eventTypes } from '../model/event.ts'
import type { Destination, EventFact, FieldValue, Input, Outcome } from '../spec/destination.ts'

/** An object as the recording destination keeps it. */
export interface RemoteObject {
  remoteId: string
  object: string
  key: string
  fields: Record<string, FieldValue>
  parents: string[]
  children: Record<string, Record<string, FieldValue>>
  /** `<kind>:<name>` of the lists and tags that it is in, whoever put it there. */
  memberships: Set<string>
  archived: boolean
}

/** A destination in memory that upserts by our key, refuses a second object with the same e-mail, and can be told to misbehave. */
export interface RecordingDestination extends Destination {
  remote: Map<string, RemoteObject>
  /** Every input of every call of `deliver`, in order. */
  inputs: Input[][]
  /** Every event that was told, as often as it was. */
  told(): EventFact[]
  /** Puts an object there that we did not make. */
  plant(object: string, fields: Record<string, FieldValue>, key?: string): RemoteObject
  /** Decides about an input before it is applied: an outcome instead, `'silent'` = applied without an answer, `'lost'` = neither. */
  intercept: (input: Input) => Outcome | 'silent' | 'lost' | undefined
  objectsOf(object: string): RemoteObject[]
}

const membershipsOf = ({ objects }: Input): Record<string, string> =>
  Object.fromEntries(Object.entries(objects).filter(([key]) => /^(list|tag):/.test(key)))

const text = (name: string): FieldRule => ({ value: path(name), type: 'string' })

/** The default contract of {@link recordingDestination}: contact, company, product and deal with lines. */
export const recordingContract: Contract = {
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'unassociated',
  removal: {},
  consent: { authority: 'source', topics: {} },
  events: {},
  memberships: [],
  objects: {
    company: { fields: { name: text('name') } },
    product: { fields: { sku: text('sku') } },
    contact: {
      fields: {
        email: { value: path('email'), type: 'email' },
        name: text('fullName'),
        orders: { value: path('signals.orderCount'), type: 'integer' },
        stage: { value: path('locale'), type: 'string', owner: 'destination' },
        historical: { value: path('historical'), type: 'boolean' },
        deleted_at: { value: path('deletedAt'), type: 'datetime' },
      },
    },
    deal: {
      fields: { number: text('number'), amount: { value: { op: 'amount', path: 'amountDue' }, type: 'decimal' }, stage: text('stage') },
      children: { line: { fields: { sku: text('sku'), quantity: { value: path('quantity'), type: 'integer' } } } },
    },
  },
}

/** Rules for all types of events but the ones that happen with every change. */
const recordedEvents: Contract['events'] = Object.fromEntries(
  eventTypes
    .filter((type) => type !== 'profile.changed' && type !== 'cart.updated')
    .map((type) => [type, { name: type, fields: { order: text('orderId'), title: { value: path('productName') } } }]),
)

/** Makes one. With `events` it takes events too, under that guarantee: an `idempotent` one keeps one object per event. */
export const recordingDestination = (options: { limit?: number; events?: 'idempotent' | 'at-most-once' } = {}): RecordingDestination => {
  const remote = new Map<string, RemoteObject>()
  const inputs: Input[][] = []
  const facts: EventFact[] = []
  let ids = 0
  const limit = options.limit ?? 100
  const fold = (value: FieldValue | undefined): string => (typeof value === 'string' ? value.trim().toLowerCase() : '')
  const alive = (object: string): RemoteObject[] => [...remote.values()].filter((item) => item.object === object && !item.archived)

  const plant = (object: string, fields: Record<string, FieldValue>, key = ''): RemoteObject => {
    ids += 1
    const item: RemoteObject = {
      remoteId: String(ids),
      object,
      key,
      fields,
      parents: [],
      children: {},
      memberships: new Set(),
      archived: false,
    }
    remote.set(item.remoteId, item)
    return item
  }

  /** Puts a person into lists and tags, and out of those that we put them into. Gives those that are ours. */
  const join = (item: RemoteObject, input: Input): Record<string, string> => {
    const wanted = input.memberships.map(({ kind, name }) => `${kind}:${name}`)
    const ours = Object.keys(membershipsOf(input))
    for (const key of ours) if (!wanted.includes(key)) item.memberships.delete(key)
    const added = wanted.filter((key) => ours.includes(key) || !item.memberships.has(key))
    for (const key of added) item.memberships.add(key)
    return Object.fromEntries(added.map((key) => [key, key]))
  }

  const apply = (input: Input): Outcome => {
    const base = { unit: input.unit }
    if (input.event !== undefined) facts.push(input.event)
    const known =
      input.remoteId !== undefined && input.remoteKey !== input.key
        ? remote.get(input.remoteId)
        : alive(input.object).find((item) => item.key === input.key)
    const holder = alive(input.object).find(
      (item) => item !== known && fold(input.fields['email']) !== '' && fold(item.fields['email']) === fold(input.fields['email']),
    )
    if (holder !== undefined) return { ...base, result: 'conflict', candidates: [{ remoteId: holder.remoteId, key: holder.key }] }
    const item = known ?? plant(input.object, {}, input.key)
    if (input.operation === 'archive') item.archived = true
    item.key = input.key
    Object.assign(item.fields, input.fields)
    item.parents = input.parents.map((parent) => parent.remoteId)
    item.children = Object.fromEntries(input.children.map((child) => [child.key, { ...child.fields }]))
    const lines = input.children.map((child) => [child.key, `line-${child.key}`] as const)
    const objects = { ...Object.fromEntries(lines), ...(input.membershipsChanged ? join(item, input) : membershipsOf(input)) }
    return { ...base, remoteId: item.remoteId, objects, result: 'delivered', created: known === undefined }
  }

  const destination: RecordingDestination = {
    specificationVersion: 'v1',
    name: 'recording',
    objects: {
      company: { from: 'company', keyField: '{prefix}_company_key', fields: {} },
      product: { from: 'product', keyField: '{prefix}_product_key', fields: {} },
      contact: {
        from: 'person',
        keyField: '{prefix}_customer_key',
        fields: { email: { type: 'email' } },
        adoptBy: ['email'],
        findByKey: true,
        memberships: ['list', 'tag'],
        parents: [{ object: 'company', required: false }],
      },
      deal: {
        from: 'order',
        keyField: '{prefix}_order_key',
        fields: {},
        parents: [
          { object: 'contact', required: true },
          { object: 'company', required: false },
        ],
        children: { line: { keyField: '{prefix}_line_key', fields: {} } },
      },
      ...(options.events === undefined
        ? {}
        : {
            event: {
              from: 'event',
              keyField: 'id',
              fields: { title: { type: 'string', maxLength: 40 } },
              parents: [{ object: 'contact', required: true }],
            } as const,
          }),
    },
    limits: {
      deliver: { company: limit, product: limit, contact: limit, deal: limit, ...(options.events === undefined ? {} : { event: limit }) },
      find: 100,
    },
    delivery: {
      company: 'upsert',
      product: 'upsert',
      contact: 'upsert',
      deal: 'upsert',
      ...(options.events === undefined ? {} : { event: options.events }),
    },
    defaultContract:
      options.events === undefined
        ? recordingContract
        : { ...recordingContract, events: recordedEvents, objects: { ...recordingContract.objects, event: { fields: {} } } },
    async *deliver(batch) {
      inputs.push([...batch])
      for (const input of batch) {
        const told = destination.intercept(input)
        if (told === 'lost') continue
        if (told !== undefined && told !== 'silent') {
          yield [told]
          continue
        }
        const outcome = apply(input)
        if (told === undefined) yield [outcome]
      }
    },
    find: async ({ object, by, values }) => {
      const valueOf = (item: RemoteObject): string => (by.endsWith('_key') ? item.key : fold(item.fields[by]))
      return alive(object)
        .filter((item) => values.includes(valueOf(item)))
        .map((item) => ({ remoteId: item.remoteId, key: item.key, value: valueOf(item), fields: item.fields }))
    },
    remote,
    told: () => [...facts],
    inputs,
    plant,
    intercept: () => undefined,
    objectsOf: alive,
  }
  return destination
}
