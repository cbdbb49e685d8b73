import { link } from './associations/link.ts'
import { typesBetween } from './associations/types.ts'
import type { ConsentBook, SubscriptionDefinition } from './consent/book.ts'
import { invalid, notFound } from './errors.ts'
import type { EventOccurrence } from './events/book.ts'
import { listNamed } from './lists/list.ts'
import { objectTypes, type ObjectTypeName } from './object-types.ts'
import { archive } from './objects/archive.ts'
import { commitCreate, commitUpdate } from './objects/commit.ts'
import { prepareValues } from './objects/prepare.ts'
import { changeRecord, findByAnyEmail, findRecord, type ObjectStore, type StoredRecord } from './objects/store.ts'
import { historyOf, readValue } from './objects/view.ts'
import { stagesInOrder } from './pipelines/pipeline.ts'
import type { Portal } from './portal.ts'
import { defineProperty } from './properties/define.ts'
import type { PropertyDefinition } from './properties/definition.ts'
import { foldEmail } from './properties/email.ts'

/** A record as tests see it. */
export interface FakeRecord {
  readonly id: string
  /** Set values only. */
  readonly properties: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
}

/** A pipeline as tests see it, stages in display order. */
export interface FakePipeline {
  readonly id: string
  readonly label: string
  readonly stages: readonly { readonly id: string; readonly label: string; readonly metadata: Readonly<Record<string, string>> }[]
}

/**
 * The state of a portal without HTTP: what a person working in HubSpot, or another integration, does and sees.
 * Writes obey the same rules as the API and throw where it would refuse, but cost no budget and are stamped as `CRM_UI`.
 */
export interface PortalAccess {
  /** Creates a record and returns its id. `additionalEmails` are for contacts. */
  create(type: ObjectTypeName, properties: Readonly<Record<string, string>>, additionalEmails?: readonly string[]): string
  update(type: ObjectTypeName, id: string, properties: Readonly<Record<string, string>>): void
  archive(type: ObjectTypeName, id: string): void
  associate(from: ObjectTypeName, fromId: string, to: ObjectTypeName, toId: string): void
  /** A living record by current or former id. */
  get(type: ObjectTypeName, id: string): FakeRecord | undefined
  /** All living records in creation order. */
  all(type: ObjectTypeName): FakeRecord[]
  /** Living records whose property has exactly this value. */
  find(type: ObjectTypeName, property: string, value: string): FakeRecord[]
  /** The contact that holds an address, primary or additional. */
  contactOf(email: string): FakeRecord | undefined
  /** Number of living records. */
  count(type: ObjectTypeName): number
  /** A value as the API would give it, computed ones included. */
  value(type: ObjectTypeName, id: string, property: string): string | null
  /** Values a property had, newest first. */
  history(type: ObjectTypeName, id: string, property: string): readonly object[]
  /** Ids of the records of `to` linked to a record. */
  associated(from: ObjectTypeName, fromId: string, to: ObjectTypeName): string[]
  /** Number of linked pairs between two types. */
  countAssociations(from: ObjectTypeName, to: ObjectTypeName): number
  properties(type: ObjectTypeName): PropertyDefinition[]
  /** Adds a property as `POST /crm/properties` would; `groupName` defaults to HubSpot's own group. */
  defineProperty(
    type: ObjectTypeName,
    property: { readonly name: string; readonly label?: string; readonly type?: string; readonly fieldType?: string } & Record<
      string,
      unknown
    >,
  ): void
  pipelines(type: 'deals' | 'orders'): FakePipeline[]
  /** Makes a list of contacts, or gives the id of the one that has this name. */
  createList(name: string, processingType?: 'MANUAL' | 'SNAPSHOT' | 'DYNAMIC'): string
  /** Names of the lists that a contact is in. */
  listsOf(contactId: string): string[]
  /** Puts a contact into the list of this name. */
  addToList(name: string, contactId: string): void
  readonly consent: Pick<ConsentBook, 'status' | 'set' | 'entries'>
  /** Adds a subscription type. */
  addSubscription(definition: SubscriptionDefinition): void
  readonly events: readonly EventOccurrence[]
  readonly blocklist: ReadonlySet<string>
}

function view({ id, properties, createdAt, updatedAt }: StoredRecord): FakeRecord {
  return { id, properties, createdAt, updatedAt }
}

/** Creates the access to a portal. */
export function createPortalAccess(portal: Portal): PortalAccess {
  const storeOf = (type: ObjectTypeName): ObjectStore => portal.stores[type]
  const recordOf = (type: ObjectTypeName, id: string): StoredRecord =>
    findRecord(storeOf(type), id) ?? notFound('object-not-found', `${type} ${id} does not exist`)
  return {
    create(type, properties, additionalEmails = []) {
      const store = storeOf(type)
      const { record } = commitCreate(portal, store, prepareValues(portal, store, undefined, properties), 'CRM_UI')
      if (additionalEmails.length > 0) addEmails(portal, record, additionalEmails)
      return record.id
    },
    update(type, id, properties) {
      const record = recordOf(type, id)
      commitUpdate(portal, storeOf(type), record, prepareValues(portal, storeOf(type), record, properties), 'CRM_UI')
    },
    archive: (type, id) => archive(portal, objectTypes[type], recordOf(type, id)),
    associate(from, fromId, to, toId) {
      const [type] = typesBetween(from, to)
      if (type === undefined) invalid('association-type-direction', `${from} and ${to} cannot be associated`)
      link(portal, type, fromId, toId)
    },
    get(type, id) {
      const record = findRecord(storeOf(type), id)
      return record === undefined ? undefined : view(record)
    },
    all: (type) => [...storeOf(type).records.values()].map(view),
    find(type, property, value) {
      const store = storeOf(type)
      return [...store.records.values()].filter((record) => readValue(portal, store, record, property) === value).map(view)
    },
    contactOf(email) {
      const record = findByAnyEmail(portal.stores.contacts, email)
      return record === undefined ? undefined : view(record)
    },
    count: (type) => storeOf(type).records.size,
    value: (type, id, property) => readValue(portal, storeOf(type), recordOf(type, id), property),
    history: (type, id, property) => historyOf(recordOf(type, id), property),
    associated: (from, fromId, to) => [...portal.associations.linked(from, recordOf(from, fromId).id, to).keys()],
    countAssociations: (from, to) => portal.associations.count(from, to),
    properties: (type) => [...storeOf(type).properties.values()],
    defineProperty(type, property) {
      const [groupName] = storeOf(type).groups.keys()
      defineProperty(
        storeOf(type),
        { label: property.name, type: 'string', fieldType: 'text', groupName, ...property },
        portal.settings.now(),
      )
    },
    pipelines: (type) =>
      [...(portal.pipelines.get(type)?.values() ?? [])].map((pipeline) => ({
        id: pipeline.id,
        label: pipeline.label,
        stages: stagesInOrder(pipeline).map(({ id, label, metadata }) => ({ id, label, metadata })),
      })),
    createList(name, processingType = 'MANUAL') {
      const known = listNamed(portal.lists, name)
      if (known !== undefined) return known.listId
      const listId = portal.newId()
      portal.lists.set(listId, {
        listId,
        name,
        objectTypeId: objectTypes.contacts.typeId,
        processingType,
        createdAt: portal.settings.now(),
        members: new Set(),
      })
      return listId
    },
    listsOf(contactId) {
      const { id } = recordOf('contacts', contactId)
      return [...portal.lists.values()].filter(({ members }) => members.has(id)).map(({ name }) => name)
    },
    addToList(name, contactId) {
      const list = listNamed(portal.lists, name) ?? notFound('list-not-found', `List ${name} does not exist`)
      list.members.add(recordOf('contacts', contactId).id)
    },
    consent: portal.consent,
    addSubscription: (definition) => void portal.consent.definitions.set(definition.id, definition),
    events: portal.events.occurrences,
    blocklist: portal.blocklist,
  }
}

function addEmails(portal: Portal, record: StoredRecord, emails: readonly string[]): void {
  const store = portal.stores.contacts
  for (const email of emails)
    if (findByAnyEmail(store, email) !== undefined) invalid('additional-emails-unique', `${email} already belongs to a contact`)
  const joined = [...(record.properties['hs_additional_emails']?.split(';') ?? []), ...emails.map(foldEmail)].join(';')
  changeRecord(store, record, { hs_additional_emails: joined }, portal.settings.now(), 'CRM_UI')
}
