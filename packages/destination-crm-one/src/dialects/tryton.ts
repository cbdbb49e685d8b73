import { constant, path, phoneNumber, template } from '@millrace/core'
import type { Dialect, DialectField } from '../dialect/dialect.ts'

const party = 'model.party.party'
const mechanism = (type: 'email' | 'phone' | 'mobile', fieldType: DialectField['type']): DialectField => ({
  type: fieldType,
  at: '/contact_mechanisms',
  item: { type },
  member: 'value',
})
const address = (member: string): DialectField => ({ type: 'string', at: '/addresses', item: {}, member })
const itemByItem = { create: ['create', ['$item']], update: ['write', ['$id'], '$item'], remove: ['delete', ['$id']] }

/**
 * Tryton 6.0 (Debian 12: tryton-server, tryton-modules-party): people as parties, found by their unique code. It has no upsert, so parties are searched and then
 * created or changed under its optimistic lock; no consent, lists or activities, so none are sent. The setting `token` is `user:password`, `baseUrl` ends with the
 * name of the database.
 */
export const trytonDialect: Dialect = {
  version: 1,
  name: 'tryton',
  label: 'Tryton',
  transport: {
    kind: 'json-rpc',
    auth: 'login',
    login: { call: 'common.db.login', body: ['$user', { password: '$password' }, 'en'] },
    authorization: 'Session $session',
    ids: 'number',
    datetime: {
      __class__: 'datetime',
      year: '$year',
      month: '$month',
      day: '$day',
      hour: '$hour',
      minute: '$minute',
      second: '$second',
      microsecond: 0,
    },
  },
  match: 'search-then-create',
  batch: { kind: 'atomic', size: 100 },
  objects: {
    contact: {
      from: 'person',
      keyField: 'code',
      findByKey: true,
      fields: {
        name: { type: 'string', at: '/name' },
        active: { type: 'boolean', at: '/active' },
        email: mechanism('email', 'email'),
        phone: mechanism('phone', 'phone'),
        mobile: mechanism('mobile', 'phone'),
        street: address('street'),
        postalCode: address('postal_code'),
        city: address('city'),
      },
      open: [{ prefix: '', at: '/' }],
      lists: [
        { at: '/contact_mechanisms', read: ['type', 'value'], ...itemByItem },
        { at: '/addresses', read: ['street', 'postal_code', 'city'], ...itemByItem },
      ],
      versionField: '_timestamp',
      deliver: 100,
      delivery: 'upsert',
      operations: {
        // Archived parties are found too: their codes stay taken.
        search: {
          call: `${party}.search_read`,
          body: [[['code', 'in', '$values']], 0, null, null, '$fields', { active_test: false }],
        },
        read: { call: `${party}.read`, body: ['$remoteIds', '$fields', {}] },
        create: { call: `${party}.create`, body: ['$records', {}] },
        update: { call: `${party}.write`, body: [['$remoteId'], '$body', { _timestamp: { 'party.party,{remoteId}': '$version' } }] },
        archive: { call: `${party}.write`, body: [['$remoteId'], { active: false }, {}] },
      },
    },
  },
  operations: {},
  // write_date is empty until the first change.
  reconcile: {
    object: 'contact',
    pageSize: 500,
    operation: {
      call: `${party}.search_read`,
      body: [
        [
          ['id', '>', '$after'],
          ['OR', ['create_date', '>=', '$since'], ['write_date', '>=', '$since']],
        ],
        0,
        '$limit',
        [['id', 'ASC']],
        '$fields',
        {},
      ],
    },
  },
  errors: [
    { text: 'must be unique', is: 'conflict' },
    { code: 'ConcurrencyException', is: 'changed' },
    { text: "don't exist anymore", is: 'not-found' },
    // Of an unknown field only the name is told, in quotes.
    { text: '[[,]"\'\\w+\'"[\\],]', is: 'unknown-field' },
    { code: 'UserError', is: 'refused' },
    { code: 'UserWarning', is: 'refused' },
    { code: 'AccessError', is: 'refused' },
  ],
  capabilities: {
    upsert: false,
    bulk: true,
    consent: false,
    erase: false,
    activities: false,
    orders: false,
    deals: false,
    lists: false,
    merge: false,
    optimisticLock: true,
  },
  contract: {
    prefix: 'commercetools',
    ordersOfNobody: 'skip',
    objects: {
      contact: {
        fields: {
          name: { value: template('{firstName} {lastName}') },
          // A party that was archived and comes back is shown again.
          active: { value: constant(true) },
          email: { value: path('email') },
          phone: { value: phoneNumber(path('phone'), path('country')) },
          mobile: { value: phoneNumber(path('billingAddress.mobile'), path('country')) },
          street: { value: template('{billingAddress.streetName} {billingAddress.streetNumber}') },
          postalCode: { value: path('billingAddress.postalCode') },
          city: { value: path('billingAddress.city') },
        },
      },
    },
  },
}
