import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amount,
  coalesce,
  constant,
  count,
  currency,
  custom,
  date,
  join,
  localized,
  mapValues,
  path,
  template,
} from '../contract/expression.ts'
import type { Expression } from '../contract/expression.ts'
import type { View } from '../views/view.ts'
import { compileExpression } from './expression-compiler.ts'
import { mapped } from './mapping-fixture.ts'

const person: View = {
  email: 'ada@example.com',
  firstName: ' Ada ',
  lastName: '',
  createdAt: '2026-03-31T23:30:00.000Z',
  dateOfBirth: '1990-02-28',
  groups: [{ id: 'g1', name: 'Gold' }, { id: 'g2' }],
  stores: ['de', 'at'],
  name: { en: 'Shirt', 'de-AT': 'Hemd' },
  path: [{ en: 'All', de: 'Alle' }, { en: 'Shoes' }],
  gross: { currency: 'EUR', amount: '19.90' },
  nested: { city: 'Wien' },
  custom: {
    newsletter: 'YES',
    size: { key: 'm', label: 'Medium' },
    brand: { type: 'brand', id: 'b-1' },
    tags: [
      { key: 'a', label: 'A' },
      { key: 'b', label: 'B' },
    ],
    price: { currency: 'JPY', amount: '500' },
    title: { en: 'Dr' },
    on: true,
    level: 3,
    none: null,
    deep: { a: { b: 1 } },
  },
}

describe('expressions', () => {
  it.each<[string, Expression, unknown]>([
    ['a path', path('firstName'), 'Ada'],
    ['a nested path', path('nested.city'), 'Wien'],
    ['an item of a list', path('groups.0.name'), 'Gold'],
    ['a path through what is not there', path('missing.city'), undefined],
    ['a custom text', custom('newsletter'), 'YES'],
    ['a custom enum is its key', custom('size'), 'm'],
    ['the label of a custom enum', path('custom.size.label'), 'Medium'],
    ['a custom reference is its id', custom('brand'), 'b-1'],
    ['custom money is its amount', custom('price'), '500'],
    ['custom localized text is in the locale of the contract', custom('title'), 'Dr'],
    ['a custom number', custom('level'), '3'],
    ['a custom null', custom('none'), undefined],
    ['a custom nested value has no text', custom('deep'), 'value_invalid'],
    ['a list is not one text', path('stores'), 'value_invalid'],
    ['a constant', constant('x'), 'x'],
    ['a template', template('{firstName} <{email}>'), 'Ada <ada@example.com>'],
    ['a template with a blank place', template('{firstName} {lastName} {email}'), 'Ada ada@example.com'],
    ['a template with nothing but blank places', template('Dear {lastName} {missing}'), undefined],
    ['a template without places', template('hello'), 'hello'],
    ['a template takes the label of localized text', template('{custom.title} {firstName}'), 'Dr Ada'],
    ['coalesce', coalesce(path('lastName'), path('missing'), path('firstName')), 'Ada'],
    ['coalesce of blanks', coalesce(path('lastName'), path('missing')), undefined],
    ['a mapping', mapValues(custom('newsletter'), { YES: 'in', NO: 'out' }), 'in'],
    ['a mapping of true', mapValues(custom('on'), { true: 'on' }), 'on'],
    ['an unlisted value', mapValues(path('email'), {}), undefined],
    ['an unlisted value with otherwise', mapValues(path('email'), {}, 'other'), 'other'],
    ['a blank value is not "otherwise"', mapValues(path('lastName'), {}, 'other'), undefined],
    ['a mapping does not find prototype names', mapValues(constant('constructor'), {}), undefined],
    ['localized text', localized('name', 'de'), 'Hemd'],
    ["localized text in the contract's locales", localized('name'), 'Hemd'],
    ['localized text without a match', localized('name', 'fr'), 'Hemd'],
    ['localized of plain text', localized('email', 'de'), 'ada@example.com'],
    ['an amount', amount('gross'), '19.90'],
    ['a currency', currency('gross'), 'EUR'],
    ['an amount that is not there', amount('missing'), undefined],
    ['a date in UTC', date('createdAt'), '2026-03-31'],
    ['a date in a time zone', date('createdAt', 'Europe/Berlin'), '2026-04-01'],
    ['a plain date is in no time zone', date('dateOfBirth', 'Asia/Tokyo'), '1990-02-28'],
    ['a list as text', join('stores'), 'de, at'],
    ['the first of a list', join('stores', '; ', 1), 'de'],
    ['parts of a list', join('groups.name'), 'Gold'],
    ['localized names', join('path', ' > '), 'Alle > Shoes'],
    ['a set of enums', join('custom.tags', '|'), 'a|b'],
    ['an empty join', join('missing'), undefined],
    ['a number of entries', count('groups'), '2'],
    ['no entries', count('missing'), '0'],
  ])('%s', (_name, expression, value) => {
    expect(mapped(expression, person)).toBe(value)
  })

  it.each(['toString', 'constructor.name', 'custom.constructor.name', 'stores.constructor.name', 'custom.__proto__.toString'])(
    'nothing inherited stands at %s',
    (name) => {
      expect(mapped(path(name), person)).toBeUndefined()
    },
  )

  it('gives a date in every time zone as the platform does', () => {
    const zones = [
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
      'Africa/Monrovia',
      'UTC',
    ]
    const dated = new Map(zones.map((zone) => [zone, compileExpression(date('at', zone), { locales: [] })]))
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1900, 0, 2), max: Date.UTC(2100, 0, 1) }), (zone, epochMs) => {
        const expected = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(epochMs)
        expect(dated.get(zone)?.({ at: new Date(epochMs).toISOString() }, 0)).toBe(expected)
      }),
    )
  })

  it('gives both days around a midnight that is not on a quarter hour', () => {
    const monrovia = compileExpression(date('at', 'Africa/Monrovia'), { locales: [] })
    expect(['1960-05-01T00:44:00.000Z', '1960-05-01T00:44:45.000Z'].map((at) => monrovia({ at }, 0))).toEqual(['1960-04-30', '1960-05-01'])
  })
})
