import { expect, test } from 'vitest'
import { crmOne } from '../crm-one.ts'
import { crmOneDialect } from '../dialects/crm-one.ts'
import { trytonDialect } from '../dialects/tryton.ts'
import type { Dialect } from './dialect.ts'
import { fillPath, fillTemplate } from './fill.ts'
import { parseDialect } from './parse-dialect.ts'

test.each([crmOneDialect, trytonDialect])('the dialect $name is plain data and fits itself', (dialect) => {
  expect(JSON.parse(JSON.stringify(dialect))).toEqual(dialect)
  expect(parseDialect(dialect)).toBe(dialect)
})

const wrong = (change: (dialect: Dialect) => unknown): string => {
  // A user's file is not typed as ours is.
  const made = change(structuredClone(crmOneDialect)) as Dialect
  try {
    crmOne({ baseUrl: 'https://crm.example.com', token: 'x', dialect: made })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return ''
}

test.each<[string, (dialect: Dialect) => unknown, string]>([
  ['an unknown transport', (one) => ({ ...one, transport: { kind: 'soap' } }), 'transport.kind'],
  [
    'a place that nothing fills',
    (one) => ({ ...one, operations: { ...one.operations, schema: { call: 'GET /{tenant}/schema' } } }),
    'operations.schema: "tenant" cannot be filled in',
  ],
  [
    'a capability without its operations',
    (one) => ({ ...one, operations: { schema: one.operations.schema } }),
    'capabilities.lists: says the opposite',
  ],
  [
    'consent without the capability',
    (one) => ({ ...one, capabilities: { ...one.capabilities, consent: false } }),
    'objects.subscription: capabilities.consent is false',
  ],
  ['a pattern that is none', (one) => ({ ...one, errors: [{ is: 'refused', text: '(' }] }), 'errors.0.text: must be a regular expression'],
  ['a class of errors that is not known', (one) => ({ ...one, errors: [{ is: 'odd' }] }), 'errors.0.is'],
  [
    'a contract for an object that is not there',
    (one) => ({ ...one, contract: { objects: { lead: { fields: {} } } } }),
    'contract.objects.lead: there is no such object',
  ],
  [
    'a place that is no pointer',
    (one) => ({ ...one, objects: { contact: { ...one.objects['contact'], fields: { email: { type: 'email', at: 'email' } } } } }),
    'must be a JSON Pointer',
  ],
  [
    'an upsert without its operation',
    (one) => ({ ...one, objects: { ...one.objects, order: { ...one.objects['order'], operations: {} } } }),
    'objects.order.operations: upsert needs put',
  ],
])('%s is refused before anything is sent, with its place', (_, change, place) => {
  expect(wrong(change)).toContain(place)
})

test('templates are filled with values as they are, paths with one encoded segment', () => {
  expect(fillTemplate({ 'party,{id}': ['$id', { name: '$name' }, 'plain', null, 3] }, { id: 7, name: 'A/B' })).toEqual({
    'party,7': [7, { name: 'A/B' }, 'plain', null, 3],
  })
  expect(fillPath('/orders/{source}/{id}', { source: 'commercetools:shop', id: 'a/b?c' })).toBe('/orders/commercetools%3Ashop/a%2Fb%3Fc')
  expect(() => fillTemplate('$nobody', {})).toThrow('nobody')
})

test.each([
  ['baseUrl', { baseUrl: 'http://crm.example.com', token: 'x' }],
  ['token', { baseUrl: 'https://crm.example.com', token: ' ' }],
])('a wrong %s is named', (field, settings) => {
  expect(() => crmOne(settings)).toThrow(expect.objectContaining({ code: 'setting_invalid', field }))
})
