import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, allOf, anyOf, before, exists, is, isOneOf, not, withinDays, type Predicate } from '../contract/predicate.ts'
import { compilePredicate } from './predicate-compiler.ts'

const now = Date.parse('2026-06-01T00:00:00.000Z')
const view = {
  store: 'berlin',
  stores: ['berlin', 'wien'],
  count: 3,
  active: true,
  blank: '  ',
  none: [],
  groups: [{ key: 'vip', name: 'VIP' }],
  custom: { tier: { key: 'gold', label: 'Gold' }, sizes: ['s', { key: 'm', label: 'M' }] },
  at: '2026-05-22T00:00:00.000Z',
  born: '1990-02-03',
}
const holds = (predicate: Predicate): boolean => compilePredicate(predicate, ['en']).holds(view, now)

describe('a predicate', () => {
  it.each<[string, Predicate, boolean]>([
    ['equal text', is('store', 'berlin'), true],
    ['another text', is('store', 'Berlin'), false],
    ['a number', is('count', 3), true],
    ['a boolean', is('active', true), true],
    ['an item of a list', is('stores', 'wien'), true],
    ['a part of an item', isOneOf('groups.key', 'staff', 'vip'), true],
    ['the key of an enum', is('custom.tier', 'gold'), true],
    ['a key in a set', is('custom.sizes', 'm'), true],
    ['nothing there', is('missing', 'x'), false],
    ['text that exists', exists('store'), true],
    ['blank text', exists('blank'), false],
    ['an empty list', exists('none'), false],
    ['earlier', before('at', '2026-05-23'), true],
    ['not earlier than itself', before('at', '2026-05-22T00:00:00Z'), false],
    ['later or the same', after('at', '2026-05-22'), true],
    ['a date', before('born', '2000-01-01'), true],
    ['no time at all', before('store', '2030-01-01'), false],
    ['within', withinDays('at', 10), true],
    ['not within', withinDays('at', 9), false],
    ['not', not(is('store', 'wien')), true],
    ['all', allOf(is('store', 'berlin'), is('count', 4)), false],
    ['any', anyOf(is('store', 'x'), is('count', 3)), true],
  ])('%s', (_name, predicate, expected) => {
    expect(holds(predicate)).toBe(expected)
  })

  const leaf = fc.oneof(
    fc.record({ test: fc.constant('within' as const), path: fc.constantFrom('a', 'b', 'c'), days: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ test: fc.constant('exists' as const), path: fc.constantFrom('a', 'b', 'c') }),
  )
  const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ any: Predicate }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({ test: fc.constant('not' as const), of: tie('any') }),
      fc.record({ test: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    ),
  })).any

  it('tells before which time its answer cannot change', () => {
    const day = fc.integer({ min: -60, max: 10 })
    fc.assert(
      fc.property(
        predicate,
        fc.record({ a: day, b: day, c: day }, { requiredKeys: [] }),
        fc.nat(60 * 86_400),
        (question, days, seconds) => {
          const dated = Object.fromEntries(
            Object.entries(days).map(([name, ago]) => [name, new Date(now + ago * 86_400_000).toISOString()]),
          )
          const compiled = compilePredicate(question, [])
          const change = compiled.changesAt(dated, now)
          const later = now + seconds * 1000
          if (change !== undefined) expect(change).toBeGreaterThan(now)
          if (change === undefined || later < change) expect(compiled.holds(dated, later)).toBe(compiled.holds(dated, now))
        },
      ),
    )
  })
})
