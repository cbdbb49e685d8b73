import type { Contract, FieldSpec, ObjectSpec } from '@millrace/core'

/** Plain JSON in which a text that begins with `$` stands for a value: `$body`, `$key`. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [name: string]: Template }

/**
 * One call of the CRM. REST: `PUT /orders/{source}/{id}`, where `{name}` is filled in percent-encoded. JSON-RPC: the name of the method.
 * `body` = the body, or the parameters.
 */
export interface Operation {
  call: string
  body?: Template
  /** Media type of the body; default JSON. */
  contentType?: string
}

/** Names of the operations that the interpreter knows, by what they are for. */
export type OperationName =
  /** Native upsert by our key. */
  | 'put'
  | 'get'
  | 'getById'
  | 'addIdentity'
  | 'erase'
  /** For CRMs without an upsert: find by keys, create many, change one. */
  | 'search'
  | 'create'
  | 'update'
  | 'archive'
  | 'read'

/** Where a field of the contract stands in the body. `at` is a JSON Pointer. */
export interface DialectField extends FieldSpec {
  at: string
  /** `at` is a list: the field is a member of the one item in it that carries these members. */
  item?: Readonly<Record<string, string | boolean>>
  member?: string
  /** What does not have the form is left out. `e164`: `+` and 7 to 15 digits. `bcp47`: a language tag. */
  format?: 'e164' | 'bcp47'
}

/** Fields of the contract that `fields` does not list, by the beginning of their names; the first that fits counts. */
export interface OpenFields {
  prefix: string
  at: string
}

/** How a list inside an object is changed item by item. `read` = members to ask for, by which items are told apart. */
export interface ListRule {
  at: string
  read: readonly string[]
  create: Template
  update: Template
  remove: Template
}

/** One kind of object of the CRM. */
export interface DialectObject extends Omit<ObjectSpec, 'fields' | 'children'> {
  fields: Readonly<Record<string, DialectField>>
  open?: readonly OpenFields[]
  /** Where `match` is `search-then-create`: lists that are changed item by item. */
  lists?: readonly ListRule[]
  /** Where `match` is `search-then-create`: the field of the CRM that tells versions apart, for the optimistic lock. */
  versionField?: string
  children?: Readonly<
    Record<string, { at: string; keyField: string; fields: Readonly<Record<string, DialectField>>; open?: readonly OpenFields[] }>
  >
  operations: Readonly<Partial<Record<OperationName, Operation>>>
  /** Inputs per call of `deliver`. */
  deliver: number
  delivery: 'upsert' | 'idempotent'
}

/** What an answer that is no success means. */
export type ErrorClass =
  /** As new or newer is stored: done. */
  | 'stale'
  | 'stale-consent'
  /** Another object holds an identity or a unique value. */
  | 'conflict'
  | 'merged'
  | 'erased'
  | 'not-found'
  /** The contact that it refers to is not there yet. */
  | 'waits'
  | 'consent'
  | 'evidence'
  /** A time lies ahead of the CRM's clock. */
  | 'future'
  /** It was changed since it was read. */
  | 'changed'
  | 'too-large'
  | 'unknown-field'
  | 'refused'
  /** The session ended: log in again. */
  | 'session'

/** The first rule whose parts all fit counts; an answer that none fits is judged by its status. `text` is a regular expression. */
export interface ErrorRule {
  is: ErrorClass
  status?: number
  code?: string
  /** Code of one of the listed details. */
  detail?: string
  text?: string
}

/** What the CRM can do. What is false is refused, never imitated. */
export interface Capabilities {
  upsert: boolean
  bulk: boolean
  consent: boolean
  erase: boolean
  activities: boolean
  orders: boolean
  deals: boolean
  lists: boolean
  merge: boolean
  optimisticLock: boolean
}

/** How a CRM is spoken to. */
export type Transport =
  | { kind: 'rest'; auth: 'bearer'; idempotencyHeader: string; correlationHeader: string }
  /**
   * `login` gives `[userId, session]`; `authorization` = the header, with `$session` = base64 of `user:userId:session`. `ids`: how ids are written. `datetime`: how a
   * point in time is, filled with `year` to `second` in UTC.
   */
  | { kind: 'json-rpc'; auth: 'login'; login: Operation; authorization: string; ids: 'number' | 'text'; datetime: Template }

/** How many records travel in one request. */
export type BatchRule =
  /** One operation per line, each answered by its key, in any order. */
  | { kind: 'ndjson'; operation: Operation; operations: number; bytes: number }
  /** All or nothing: one bad record refuses the call, so it is bisected. */
  | { kind: 'atomic'; size: number }

/** Where to find what changed, for reconciling. Filled with `since`, `after` (the last id), `limit` and `fields` where the transport is JSON-RPC. */
export interface ReconcileRule {
  object: string
  operation: Operation
  pageSize: number
}

/** A CRM as data: see docs/crm-one/dialects.md. */
export interface Dialect {
  version: 1
  name: string
  /** For people. */
  label: string
  transport: Transport
  /** `upsert`: the CRM knows our key. `search-then-create`: search, then create or change; a unique key refuses the second create. */
  match: 'upsert' | 'search-then-create'
  batch: BatchRule
  objects: Readonly<Record<string, DialectObject>>
  operations: Readonly<Partial<Record<'schema' | 'joinList' | 'leaveList', Operation>>>
  reconcile?: ReconcileRule
  errors: readonly ErrorRule[]
  capabilities: Capabilities
  contract: Partial<Omit<Contract, 'version'>> & Pick<Contract, 'objects'>
}
