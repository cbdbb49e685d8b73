import { describe, expect, it } from 'vitest'
import { recordingDestination } from '../testing/index.ts'
import type { ContractOverride } from './contract.ts'
import { path } from './expression.ts'
import { resolveContract } from './resolve.ts'

const resolve = (override: ContractOverride, events: 'at-most-once' | undefined = 'at-most-once') =>
  resolveContract(recordingDestination(events === undefined ? {} : { events }), override, 'connections.crm.contract')

/** The problems of a contract, one a line. */
const problems = (override: ContractOverride, events?: 'at-most-once'): string => {
  try {
    resolve(override, events)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return ''
}

describe('rules of events', () => {
  it('change the default field by field, and name a type where nobody did', () => {
    const { events } = resolve({
      prefix: 'acme',
      events: {
        refund: false,
        'order.placed': { name: '{prefix}_bought', fields: { title: null, number: { value: path('orderNumber'), type: 'string' } } },
        'profile.changed': {},
      },
    })
    expect(events['refund']).toBeUndefined()
    expect(events['order.placed']?.name).toBe('acme_bought')
    expect(Object.keys(events['order.placed']?.fields ?? {})).toEqual(['order', 'number'])
    expect(events['profile.changed']).toEqual({ name: 'acme_profile_changed', fields: {} })
  })

  it.each<[string, ContractOverride['events'], string]>([
    ['an unknown type', { 'order.placd': {} }, 'events.order.placd: there is no such type of event; did you mean "order.placed"?'],
    [
      'an unknown field of the view',
      { 'order.placed': { fields: { number: { value: path('orderNumbr'), type: 'string' } } } },
      'events.order.placed.fields.number: the view of an event has nothing at "orderNumbr"; did you mean "orderNumber"?',
    ],
    [
      'a field without a type that the destination does not have',
      { 'order.placed': { fields: { number: { value: path('orderNumber') } } } },
      'events.order.placed.fields.number: the destination has no such field of its own',
    ],
    [
      'a form that the adapter does not offer',
      { 'order.placed': { as: 'tag' } },
      'events.order.placed.as: recording has no such form of an event',
    ],
    ['a setting that does not exist', JSON.parse('{"order.placed":{"nmae":"x"}}'), 'events.order.placed.nmae: there is no such setting'],
  ])('refuse %s', (_, events, message) => {
    expect(problems(events === undefined ? {} : { events }, 'at-most-once')).toContain(message)
  })

  it('are refused where the destination takes no events, or its event object is off', () => {
    const rules: ContractOverride = { events: { 'order.placed': {} } }
    const off = problems({ ...rules, objects: { event: false } }, 'at-most-once')
    expect(off).toContain('events.order.placed: recording takes no events here; take the rule out, or switch its event object on')
    expect(resolve({ objects: { event: false } }).events).toEqual({})
  })
})
