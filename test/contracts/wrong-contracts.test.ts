import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createMillrace,
  isMillraceError,
  path,
  transform,
  type ContractOverride,
  type Destination,
  type FieldRule,
  type Membership,
  type ObjectSpec,
  type UnitKind,
} from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne } from '@millrace/destination-crm-one'
import { hubspot } from '@millrace/destination-hubspot'
import { marketing } from '@millrace/destination-marketing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let requests = 0
const server = createServer((_, response) => {
  requests += 1
  response.end()
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address with a port.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const destinations: readonly (readonly [string, (baseUrl: string) => Destination])[] = [
  ['hubspot with deals', (baseUrl) => hubspot({ accessToken: 'x', baseUrl })],
  ['hubspot with orders', (baseUrl) => hubspot({ accessToken: 'x', baseUrl, orders: 'orders' })],
  ['activecampaign', (apiUrl) => activecampaign({ apiUrl, apiToken: 'x' })],
  ['marketing', (baseUrl) => marketing({ baseUrl, username: 'x', password: 'x', listId: 1 })],
  ['crm-one', (baseUrl) => crmOne({ baseUrl, token: 'x' })],
]

type Made = readonly [contract: ContractOverride, at: string]

const inUse = ({ objects, defaultContract }: Destination, kind: UnitKind): readonly [string, ObjectSpec] | undefined =>
  Object.entries(objects).find(([name, spec]) => spec.from === kind && name in defaultContract.objects)

const person = (destination: Destination): readonly [string, ObjectSpec] =>
  inUse(destination, 'person') ?? ['contact', { from: 'person', keyField: 'key', fields: {} }]

const rule = (destination: Destination, name: string, value: FieldRule): Made => {
  const [object] = person(destination)
  return [{ objects: { [object]: { fields: { [name]: value } } } }, `objects.${object}.fields.${name}`]
}
const own = (destination: Destination, value: FieldRule['value'], more: Partial<FieldRule> = {}): Made =>
  rule(destination, '{prefix}_wrong', { type: 'string', value, ...more })

const kinds: readonly Membership['kind'][] = ['list', 'tag']

/** Wrong contracts by class. `undefined` = the destination does not have the concept. */
const classes: readonly (readonly [string, (destination: Destination) => Made | undefined, string])[] = [
  ['an object that is not there', () => [{ objects: { contct: {} } }, 'objects.contct'], 'has no such object'],
  ['a field without a type', (d) => rule(d, 'no_such_field', { value: path('email') }), 'the destination has no such field'],
  ['a path that leads nowhere', (d) => own(d, path('frstName')), 'did you mean "firstName"?'],
  ['an expression that does not exist', (d) => own(d, JSON.parse('{"op":"pth","path":"email"}')), 'did you mean "path"?'],
  ['a value of another type', (d) => own(d, path('addresses'), { type: 'date' }), 'the field takes date'],
  [
    'a value that is no option',
    (d) => own(d, path('accountStatus'), { type: 'option', options: [{ value: 'active', label: 'Active' }] }),
    'which the field has no option for',
  ],
  ['another value in the key field', (d) => rule(d, person(d)[1].keyField, { type: 'string', value: path('email') }), 'holds our own key'],
  [
    'one field twice',
    (d) => {
      const [object] = person(d)
      const twice: FieldRule = { type: 'string', value: path('email') }
      return [
        { prefix: 'shop', objects: { [object]: { fields: { '{prefix}_twice': twice, shop_twice: twice } } } },
        `objects.${object}.fields.shop_twice`,
      ]
    },
    'is the same field as {prefix}_twice',
  ],
  [
    'a dropped field that is not there',
    (d) => [{ objects: { [person(d)[0]]: { fields: { nothing: null } } } }, `objects.${person(d)[0]}.fields.nothing`],
    'which has none of this name',
  ],
  ['a prefix that cannot begin names', () => [{ prefix: 'My Shop' }, 'prefix'], 'use at most 20 lower-case letters'],
  ['a currency that is none', () => [{ currencies: ['Euro'] }, 'currencies.0'], 'write it like "EUR"'],
  ['a setting that does not exist', () => [JSON.parse('{"identiy":{}}'), 'identiy'], 'there is no such setting'],
  ['own code that is not there', (d) => own(d, transform('loyalty@1', path('email'))), 'has no transform "loyalty@1"'],
  ['a source that is not there', () => [{ route: { sources: ['shpo'] } }, 'route.sources.0'], 'did you mean "shop"?'],
  [
    'a predicate about nothing',
    () => [{ include: { person: { test: 'exists', path: 'emial' } } }, 'include.person'],
    'did you mean "email"?',
  ],
  [
    'lists or tags that the destination does not have',
    (d) => {
      const kind = kinds.find((one) => !(person(d)[1].memberships ?? []).includes(one))
      return kind === undefined ? undefined : [{ memberships: [{ kind, dimension: 'store', value: path('stores') }] }, 'memberships.0.kind']
    },
    'that a contract can fill',
  ],
  [
    'a shared field where nobody knows when it was changed',
    (d) =>
      d.read !== undefined && person(d)[1].fieldTimes === true
        ? undefined
        : [own(d, path('phone'), { owner: 'shared' })[0], `objects.${person(d)[0]}.fields.{prefix}_wrong.owner`],
    'cannot tell when this field was changed',
  ],
  [
    'a required field without a rule',
    (d) => {
      const [object, spec] = person(d)
      const [name] =
        Object.entries(spec.fields).find(
          ([field, { required }]) => required === true && field in (d.defaultContract.objects[object]?.fields ?? {}),
        ) ?? []
      return name === undefined ? undefined : [{ objects: { [object]: { fields: { [name]: null } } } }, `objects.${object}.fields`]
    },
    'and no rule fills it',
  ],
  [
    'an event that does not exist',
    (d) => (inUse(d, 'event') === undefined ? undefined : [{ events: { 'order.plced': { name: 'x' } } }, 'events.order.plced']),
    'did you mean "order.placed"?',
  ],
  [
    'consent on a channel that the destination does not take',
    (d) => {
      const spec = Object.values(d.objects).find(({ from }) => from === 'consent')
      const channel = (['post', 'phone', 'push', 'sms'] as const).find((one) => !(spec?.channels ?? []).includes(one))
      return spec === undefined || channel === undefined
        ? undefined
        : [{ consent: { topics: { letters: { channel } } } }, 'consent.topics.letters']
    },
    '',
  ],
]

const messageOf = (destination: Destination, contract: ContractOverride): string => {
  try {
    createMillrace({ sources: { shop: scriptedSource() }, connections: { crm: { destination, contract } }, store: memoryStore() })
  } catch (error) {
    if (isMillraceError(error) && error.code === 'contract_invalid') return error.message
    throw error
  }
  return 'no problem'
}

describe.each(destinations)('a contract of %s with', (_name, make) => {
  it.each(classes)('%s is refused with one clear message, before any request', (_class, wrong, cure) => {
    const destination = make(url)
    const made = wrong(destination)
    if (made === undefined) return
    const [contract, at] = made
    const lines = messageOf(destination, contract).split('\n')
    expect(lines).toEqual(['The contract has a problem:', expect.stringContaining(`connections.crm.contract.${at}`)])
    expect(lines[1]).toContain(cure)
    expect(requests).toBe(0)
  })

  it('at least twelve of these', () => {
    expect(classes.filter(([, wrong]) => wrong(make(url)) !== undefined).length).toBeGreaterThanOrEqual(12)
  })
})
