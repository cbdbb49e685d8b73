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
import type { Contract, FieldRule } from '../contract/contract.ts'
import type { Destination, FieldSpec } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { compileMapping } from './compile.ts'
import type { MappedUnit, Mapping } from './compile.ts'

const base: Contract = {
  version: 1,
  prefix: 'shop',
  currencies: ['EUR'],
  locales: ['de', 'en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'skip',
  removal: {},
  objects: {},
}

const objects = (fields: Record<string, FieldSpec>): Destination['objects'] => ({
  contact: { from: 'person', keyField: 'key', fields },
  deal: { from: 'order', keyField: 'key', fields, children: { item: { keyField: 'key', fields } } },
})

const mapContact = (fields: Record<string, FieldRule>, view: View, known: Record<string, FieldSpec> = {}): MappedUnit =>
  compileMapping({ ...base, objects: { contact: { fields } } }, objects(known)).map('contact', view)

const mapped = (value: Expression, view: View, rule: Omit<FieldRule, 'value'> = { type: 'string' }): unknown => {
  const unit = mapContact({ it: { value, ...rule } }, view)
  return unit.problem === undefined ? unit.fields['it'] : unit.problem.code
}

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
    ...{
      newsletter: 'YES',
      size: { key: 'm', label: 'Medium' },
      brand: { type: 'brand', id: 'b-1' },
      tags: [
        { key: 'a', label: 'A' },
        { key: 'b', label: 'B' },
      ],
    },
    ...{ price: { currency: 'JPY', amount: '500' }, title: { en: 'Dr' }, on: true, level: 3, none: null, deep: { a: { b: 1 } } },
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
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1900, 0, 2), max: Date.UTC(2100, 0, 1) }), (zone, epochMs) => {
        const expected = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(epochMs)
        expect(mapped(date('at', zone), { at: new Date(epochMs).toISOString() }, { type: 'date' })).toBe(expected)
      }),
    )
  })
})

describe('types', () => {
  it.each<[FieldSpec['type'], unknown, unknown]>([
    ['string', 'a\0b', 'ab'],
    ['string', 'a\uD800b', 'a\uFFFDb'],
    ['string', '  x  ', 'x'],
    ['string', '\0', undefined],
    ['string', Number.NaN, 'value_invalid'],
    ['text', 'a\nb', 'a\nb'],
    ['string', '=1+1', '=1+1'],
    ['integer', 7, 7],
    ['integer', '42', 42],
    ['integer', -0, 0],
    ['integer', 1.5, 'value_invalid'],
    ['integer', '1.0', 'value_invalid'],
    ['integer', 1e21, 'value_invalid'],
    ['integer', true, 'value_invalid'],
    ['integer', '9'.repeat(30), 'value_invalid'],
    ['decimal', '19.90', '19.90'],
    ['decimal', '-0.000000000001', '-0.000000000001'],
    ['decimal', 1e21, '1000000000000000000000'],
    ['decimal', 1e-7, '0.0000001'],
    ['decimal', 5e-324, '0'],
    ['decimal', -0, '0'],
    ['decimal', '1,50', 'value_invalid'],
    ['decimal', '1e3', 'value_invalid'],
    ['decimal', 'NaN', 'value_invalid'],
    ['decimal', Number.POSITIVE_INFINITY, 'value_invalid'],
    ['decimal', false, 'value_invalid'],
    ['decimal', { currency: 'EUR', amount: '1.00' }, '1.00'],
    ['boolean', true, true],
    ['boolean', false, false],
    ['boolean', 'false', false],
    ['boolean', 'yes', 'value_invalid'],
    ['boolean', 1, 'value_invalid'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2026-02-29', 'value_invalid'],
    ['date', '2026-13-01', 'value_invalid'],
    ['date', '0000-01-01', 'value_invalid'],
    ['date', '10000-01-01', 'value_invalid'],
    ['date', '+010000-01-01T00:00:00.000Z', 'value_invalid'],
    ['date', '9999-12-31', '9999-12-31'],
    ['date', '2026-03-01T23:59:59.000Z', '2026-03-01'],
    ['date', 'tomorrow', 'value_invalid'],
    ['datetime', '2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
    ['datetime', '2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['datetime', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['datetime', '2026-02-30T00:00:00.000Z', 'value_invalid'],
    ['datetime', '9999-12-31T23:59:59.999-01:00', 'value_invalid'],
    ['datetime', '2026-03-01T12:00:00', 'value_invalid'],
    ['datetime', 1e30, 'value_invalid'],
    ['email', ' a+b@example.com ', 'a+b@example.com'],
    ['email', '"a b"@example.com', '"a b"@example.com'],
    ['email', 'not an address', 'value_invalid'],
    ['email', 'a@b@c', 'value_invalid'],
    ['email', `${'a'.repeat(400)}@example.com`, 'value_invalid'],
    ['phone', '+43 1 234', '+43 1 234'],
    ['phone', 4312345, '4312345'],
    ['phone', 'none', 'value_invalid'],
    ['options', 'a', ['a']],
    ['options', ['a', 'b', 'a', ' '], ['a', 'b']],
    ['options', [{ deep: 1 }], 'value_invalid'],
  ])('%s of %j is %j', (type, given, value) => {
    expect(mapped(path('given'), { given }, { type })).toEqual(value)
  })

  it('refuses what is no option, is too long or out of range, and never cuts', () => {
    const options = [{ value: 'gold', label: 'Gold' }]
    expect(mapped(constant('gold'), {}, { type: 'option', options })).toBe('gold')
    expect(mapped(constant('silver'), {}, { type: 'option', options })).toBe('option_unknown')
    expect(mapped(path('stores'), person, { type: 'options', options })).toBe('option_unknown')
    expect(mapped(constant('four'), {}, { type: 'string', maxLength: 4 })).toBe('four')
    expect(mapped(constant('fives'), {}, { type: 'string', maxLength: 4 })).toBe('value_too_long')
    expect(mapped(constant('-0.01'), {}, { type: 'decimal', minimum: 0 })).toBe('value_invalid')
    expect(mapped(constant(11), {}, { type: 'integer', maximum: 10 })).toBe('value_invalid')
  })

  it("takes the stricter limit of rule and destination, and the destination's type", () => {
    const known: Record<string, FieldSpec> = { it: { type: 'integer', maximum: 5 } }
    expect(mapContact({ it: { value: path('n'), maximum: 9 } }, { n: '4' }, known).fields).toEqual({ it: 4 })
    expect(mapContact({ it: { value: path('n'), maximum: 9 } }, { n: '7' }, known).problem?.code).toBe('value_invalid')
  })
})

describe('a unit', () => {
  it.each([undefined, null, '', '  ', [], '\0'])('leaves out %j, or clears the field where the contract says so', (blank) => {
    expect(mapContact({ it: { value: path('given'), type: 'string' } }, { given: blank }).fields).toEqual({})
    expect(mapContact({ it: { value: path('given'), type: 'string', blank: 'erase' } }, { given: blank }).fields).toEqual({ it: null })
  })

  it('does not take 0 and false for blank', () => {
    expect(
      mapContact({ n: { value: path('n'), type: 'integer' }, b: { value: path('b'), type: 'boolean' } }, { n: 0, b: false }).fields,
    ).toEqual({ n: 0, b: false })
  })

  it('says who owns each field', () => {
    const rules: Record<string, FieldRule> = {
      a: { value: constant(1) },
      b: { value: constant(1), owner: 'once' },
      c: { value: constant(1), owner: 'destination' },
    }
    expect(mapContact(rules, {}).owners).toEqual({ a: 'source', b: 'once', c: 'destination' })
  })

  it('names the first field with a problem and never its value, and keeps the other fields', () => {
    const unit = mapContact(
      {
        mail: { value: path('mail'), type: 'email' },
        n: { value: path('mail'), type: 'integer' },
        ok: { value: constant('x'), type: 'string' },
      },
      { mail: 'secret person' },
    )
    expect(unit.problem).toEqual({ code: 'value_invalid', message: 'The field mail is not an e-mail address', field: 'mail' })
    expect(unit.fields).toEqual({ ok: 'x' })
  })

  it('misses what is required by the rule or by the destination', () => {
    const problem = { code: 'required_missing', field: 'it', message: 'The field it is required and has no value' }
    expect(mapContact({ it: { value: path('x'), type: 'string', required: true } }, {}).problem).toEqual(problem)
    expect(mapContact({ it: { value: path('x') } }, {}, { it: { type: 'string', required: true } }).problem).toEqual(problem)
  })

  it('has the lines of an order as children, and a problem of a line names the line', () => {
    const mapping = compileMapping(
      {
        ...base,
        objects: {
          deal: { fields: {}, children: { item: { fields: { price: { value: amount('price'), type: 'decimal', minimum: 0 } } } } },
        },
      },
      objects({}),
    )
    const order = (second: string): View => ({
      lines: [
        { key: 'o:1', price: { currency: 'EUR', amount: '1.00' }, productUnit: 'product:shop:p' },
        { key: 'o:2', price: { currency: 'EUR', amount: second } },
      ],
    })
    expect(mapping.map('deal', order('2.00'))).toEqual({
      fields: {},
      owners: {},
      children: [
        { object: 'item', key: 'o:1', fields: { price: '1.00' }, productUnit: 'product:shop:p' },
        { object: 'item', key: 'o:2', fields: { price: '2.00' } },
      ],
    })
    expect(mapping.map('deal', order('-2.00')).problem).toEqual({
      code: 'value_invalid',
      message: 'item: The field price is below 0',
      field: 'price',
      context: { child: 'o:2' },
    })
  })

  it('is a problem for an object that the contract does not have', () => {
    expect(compileMapping(base, objects({})).map('contact', {}).problem?.code).toBe('object_unknown')
  })
})

describe('whatever a record holds', () => {
  const paths = ['a', 'a.b', 'a.0', 'a.b.c', '__proto__', 'constructor.name', 'a.__proto__', 'toString', 'a.length']
  const everyExpression = paths.flatMap((at) => [
    path(at),
    template(`x {${at}}`),
    coalesce(path(at), constant(1)),
    mapValues(path(at), { x: 1 }, 0),
    localized(at, 'de'),
    amount(at),
    currency(at),
    date(at, 'Asia/Tokyo'),
    join(at),
    count(at),
  ])
  const types: FieldSpec['type'][] = [
    'string',
    'text',
    'integer',
    'decimal',
    'boolean',
    'date',
    'datetime',
    'option',
    'options',
    'phone',
    'email',
  ]
  const fields = Object.fromEntries(
    everyExpression.flatMap((value, index) =>
      types.map((type): [string, FieldRule] => [`f${index}_${type}`, { value, type, blank: index % 2 === 0 ? 'erase' : 'keep' }]),
    ),
  )
  const mapping: Mapping = compileMapping(
    { ...base, objects: { contact: { fields }, deal: { fields, children: { item: { fields } } } } },
    objects({}),
  )

  const hostile = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(
        null,
        undefined,
        '',
        '\0',
        '\uD800',
        '=cmd()',
        '9999-12-31T23:59:59.999Z',
        '+275760-09-13T00:00:00.000Z',
        'x'.repeat(65_536),
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      tie('object'),
    ),
    object: fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'key', 'amount', 'currency', '__proto__', 'constructor', 'toString', 'lines', 'de'),
      tie('value'),
      { noNullPrototype: false },
    ),
  }))

  it('mapping gives a unit or a problem, and no exception', () => {
    fc.assert(
      fc.property(hostile.object, fc.array(hostile.value, { maxLength: 3 }), (view, lines) => {
        for (const unit of [mapping.map('contact', view as View), mapping.map('deal', { ...(view as View), lines })]) {
          for (const value of Object.values(unit.fields)) {
            const fine =
              value === null ||
              ['string', 'number', 'boolean'].includes(typeof value) ||
              (Array.isArray(value) && value.every((item) => typeof item === 'string'))
            expect(fine).toBe(true)
            if (typeof value === 'string') expect(value.isWellFormed() && !value.includes('\0') && value === value.trim()).toBe(true)
          }
          expect(unit.problem?.message ?? '').not.toContain('could not be mapped (RangeError)')
        }
      }),
      { numRuns: 300 },
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('a getter that throws costs the record and tells nothing', () => {
    const view: View = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new TypeError('ada@example.com')
      },
    })
    expect(mapping.map('contact', view).problem).toEqual({ code: 'value_invalid', message: 'The record could not be mapped (TypeError)' })
  })
})
