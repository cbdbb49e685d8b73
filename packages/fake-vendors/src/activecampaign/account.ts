import { createRandom, type Random } from '../http/index.ts'
import { ecomOrderKeys, type Connection, type EcomCustomer, type EcomOrder } from './commerce/deep-data.ts'
import type {
  Contact,
  ContactList,
  ContactTag,
  Field,
  FieldOption,
  FieldRelation,
  FieldValue,
  GroupMember,
  List,
  Tag,
} from './contacts/model.ts'
import type { TrackedEvent } from './events/model.ts'
import type { GraphOrder, GraphProduct } from './graphql/model.ts'
import type { ImportBatch } from './imports/model.ts'
import { createJobs, type Jobs } from './jobs.ts'
import type { Settings } from './options.ts'
import { createTable, type Table } from './table.ts'

/** Something that would start an automation. */
export interface Trigger {
  readonly at: number
  readonly kind: 'contact' | 'import' | 'deep-data-order' | 'order-created' | 'order-updated' | 'event'
  /** Id of the contact, order or event. */
  readonly id: string
}

/** A status 1 written over 2 or 3: the person is mailed again. */
export interface Resubscription {
  readonly at: number
  readonly contact: string
  readonly list: string
  readonly sourceid: string
}

/** The whole state of a fake account. Handlers work on it synchronously, so a request is applied as a whole. */
export interface Account {
  readonly settings: Settings
  readonly random: Random
  readonly jobs: Jobs
  /** Contacts by folded e-mail. */
  readonly contacts: Table<Contact>
  readonly lists: Table<List>
  readonly contactLists: Table<ContactList>
  readonly fields: Table<Field>
  readonly fieldOptions: Table<FieldOption>
  readonly fieldRels: Table<FieldRelation>
  readonly groupMembers: Table<GroupMember>
  readonly fieldValues: Table<FieldValue>
  /** Tags by folded name. */
  readonly tags: Table<Tag>
  readonly contactTags: Table<ContactTag>
  readonly connections: Table<Connection>
  readonly ecomCustomers: Table<EcomCustomer>
  readonly ecomOrders: Table<EcomOrder>
  /** Orders of the GraphQL store by connection and store id. */
  readonly orders: Map<string, GraphOrder>
  readonly products: Map<string, GraphProduct>
  /** Ids given to orders that may not be readable yet. */
  readonly orderIds: Map<string, string>
  readonly imports: Map<string, ImportBatch>
  /** Addresses that are never taken in, folded. */
  readonly exclusions: Set<string>
  /** Addresses that bounced hard, folded. */
  readonly bounced: Set<string>
  readonly triggers: Trigger[]
  readonly resubscriptions: Resubscription[]
  readonly events: TrackedEvent[]
  readonly eventNames: Set<string>
  eventTracking: boolean
  /** A fresh id for things that have no table. */
  uuid(): string
}

/** Key of a row that belongs to a pair of ids. */
export function pairKey(first: string, second: string): string {
  return `${first}:${second}`
}

/** E-mail addresses are compared without regard to case. */
export function foldEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** Creates an empty account. Ids of different resources start at different numbers, so that mixing them up shows. */
export function createAccount(settings: Settings): Account {
  const random = createRandom(settings.seed)
  let firstId = 10 + random.integer(90)
  const start = (): number => (firstId += 1000 + random.integer(1000))
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.integer(16).toString(16)).join('')
  return {
    settings,
    random,
    jobs: createJobs(),
    contacts: createTable<Contact>(start(), (row) => [foldEmail(row.email)]),
    lists: createTable<List>(1),
    contactLists: createTable<ContactList>(start(), (row) => [pairKey(row.contact, row.list)]),
    fields: createTable<Field>(1, (row) => [row.title.toLowerCase()]),
    fieldOptions: createTable<FieldOption>(start()),
    fieldRels: createTable<FieldRelation>(start(), (row) => [pairKey(row.field, row.relid)]),
    groupMembers: createTable<GroupMember>(start(), (row) => [pairKey(row.relId, row.groupId)]),
    fieldValues: createTable<FieldValue>(start(), (row) => [pairKey(row.contact, row.field)]),
    tags: createTable<Tag>(start(), (row) => [row.tag.toLowerCase()]),
    contactTags: createTable<ContactTag>(start(), (row) => [pairKey(row.contact, row.tag)]),
    connections: createTable<Connection>(1, (row) => [pairKey(row.service, row.externalid)]),
    ecomCustomers: createTable<EcomCustomer>(start(), (row) => [
      pairKey(row.connectionid, row.externalid),
      pairKey(row.connectionid, foldEmail(row.email)),
    ]),
    ecomOrders: createTable<EcomOrder>(start(), ecomOrderKeys),
    orders: new Map(),
    products: new Map(),
    orderIds: new Map(),
    imports: new Map(),
    exclusions: new Set(),
    bounced: new Set(),
    triggers: [],
    resubscriptions: [],
    events: [],
    eventNames: new Set(),
    eventTracking: false,
    uuid: () => [8, 4, 4, 4, 12].map(hex).join('-'),
  }
}
