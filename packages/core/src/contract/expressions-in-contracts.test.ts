import { describe, expect, it } from 'vitest'
import { recordingDestination } from '../testing/index.ts'
import { date, hashed, holds, lower, path, replace, round, transform, when, type Expression } from './expression.ts'
import { is, withinDays } from './predicate.ts'
import { resolveContract } from './resolve.ts'

describe('newer expressions', () => {
  it.each<[string, Expression, string]>([
    ['a transform that the connection does not have', transform('loyalty@2', path('email')), 'has no transform "loyalty@2"'],
    ['a transform without a version', transform('loyalty', path('email')), 'write it with its version'],
    ['case of money', lower(path('signals.totals.EUR')), 'lower(...) takes plain values only'],
    ['an empty search', replace(path('email'), '', 'x'), 'replace(...) needs a text'],
    ['rounding text', round(path('email'), 2), 'round(...) needs a number'],
    ['digits', round(path('signals.orderCount'), 21), 'digits from 0 to 20'],
    ['a wrong path inside', hashed(path('emial')), 'did you mean "email"?'],
    ['a wrong predicate inside', when(is('emial', 'x'), path('email')), 'did you mean "email"?'],
    ['an unknown predicate', holds(JSON.parse('{"test":"equals"}')), 'there is no predicate "equals"'],
    ['a time zone', date('createdAt', 'Berlin'), '"Berlin" is no time zone'],
  ])('%s is refused', (_name, value, message) => {
    const rule = { type: 'string', value } as const
    expect(() => resolveContract(recordingDestination(), { objects: { contact: { fields: { it: rule } } } }, 'c')).toThrow(message)
  })

  it('has own code that the connection names', () => {
    const rule = { type: 'string', value: transform('loyalty@2', path('email')) } as const
    const contract = resolveContract(recordingDestination(), { objects: { contact: { fields: { it: rule } } } }, 'c', {
      transforms: ['loyalty@2'],
    })
    expect(contract.objects['contact']?.fields['it']).toEqual(rule)
  })

  it('asks nothing of time in parts of a unit', () => {
    const rule = { value: when(withinDays('createdAt', 3), path('sku')) }
    expect(() =>
      resolveContract(recordingDestination(), { objects: { deal: { children: { line: { fields: { sku: rule } } } } } }, 'c'),
    ).toThrow('withinDays(...) cannot be asked of a part of a unit')
  })

  it('has a time zone that exists', () => {
    expect(() => resolveContract(recordingDestination(), { timeZone: 'Mars/Olympus' }, 'c')).toThrow(
      'timeZone: "Mars/Olympus" is no time zone',
    )
  })
})
