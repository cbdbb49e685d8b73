import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  amount,
  coalesce,
  constant,
  custom,
  date,
  hashed,
  holds,
  join,
  localized,
  lower,
  minorUnits,
  path,
  phoneNumber,
  replace,
  round,
  transform,
  trim,
  upper,
  validEmail,
  when,
  type Expression,
} from '../contract/expression.ts'
import { is, withinDays } from '../contract/predicate.ts'
import { compileMapping } from './compile.ts'
import { base, fixtureNow, mapped, objects } from './mapping-fixture.ts'

const view = {
  name: '  Ada   LOVELACE ',
  tags: ['Red', 'Blue'],
  email: ' Ada@Example.COM ',
  wrong: 'ada@nowhere@',
  phone: '030 123456',
  mobile: '+49 (0)170 1234567',
  country: 'DE',
  gross: { currency: 'EUR', amount: '19.995' },
  yen: { currency: 'JPY', amount: '500' },
  dinar: { currency: 'KWD', amount: '3.050' },
  ratio: '2.345',
  store: 'b2b',
  lastOrderAt: '2026-05-20T10:00:00.000Z',
  midnight: '2026-05-31T22:30:00.000Z',
  custom: {
    sizes: [
      { key: 's', label: { de: 'Klein', en: 'Small' } },
      { key: 'm', label: { de: 'Mittel', en: 'Medium' } },
    ],
    tier: { key: 'gold', label: { de: 'Gold', en: 'Gold' } },
    partner: { type: 'customer', id: 'c7', key: 'partner-7' },
    dimensions: { width: { value: 3, unit: 'cm' } },
  },
}

describe('an expression', () => {
  it.each<[string, Expression, unknown]>([
    ['lower case', lower(path('name')), 'ada   lovelace'],
    ['upper case of a list', join('tags'), 'Red, Blue'],
    ['single blanks', trim(path('name')), 'Ada LOVELACE'],
    ['replaced text, taken literally', replace(path('phone'), '0', '$&'), '$&3$& 123456'],
    ['a condition that holds', when(is('store', 'b2b'), constant('B2B'), constant('Shop')), 'B2B'],
    ['a condition that does not', when(is('store', 'x'), constant('B2B'), constant('Shop')), 'Shop'],
    ['a condition without another value', when(is('store', 'x'), constant('B2B')), undefined],
    ['one inside another', coalesce(when(is('store', 'x'), constant('a')), upper(path('country'))), 'DE'],
    ['time', when(withinDays('lastOrderAt', 14), constant('recent'), constant('old')), 'recent'],
    ['a valid e-mail', validEmail(path('email')), 'Ada@Example.COM'],
    ['an invalid e-mail', validEmail(path('wrong')), undefined],
    ['a national number', phoneNumber(path('phone'), path('country')), '+4930123456'],
    ['an international number', phoneNumber(path('mobile')), '+491701234567'],
    ['a number of nowhere', phoneNumber(path('phone')), undefined],
    ['a number of an unknown country', phoneNumber(path('phone'), constant('XX')), undefined],
    ['text that is no number', phoneNumber(path('name'), constant('DE')), undefined],
    ['the key of a reference', custom('partner'), 'partner-7'],
    ['a nested attribute', path('custom.dimensions.width.value'), '3'],
    ['a set of enums', join('custom.sizes', ';'), 's;m'],
    ['labels of a set', join('custom.sizes.label', ';'), 'Klein;Mittel'],
    ['the label of an enum in a language', localized('custom.tier.label', 'en'), 'Gold'],
    ['own calendar day', date('midnight', 'Europe/Berlin'), '2026-06-01'],
    ['the day in UTC', date('midnight'), '2026-05-31'],
  ])('gives %s', (_name, expression, expected) => {
    expect(mapped(expression, view)).toEqual(expected)
  })

  it('gives money in minor units and rounded decimals', () => {
    const decimal = { type: 'decimal' } as const
    expect(mapped(minorUnits('gross'), view, { type: 'integer' })).toBe(2000)
    expect(mapped(minorUnits('yen'), view, { type: 'integer' })).toBe(500)
    expect(mapped(minorUnits('dinar'), view, { type: 'integer' })).toBe(3050)
    expect(mapped(round(amount('gross'), 2), view, decimal)).toBe('20.00')
    expect(mapped(round(path('ratio'), 1), view, decimal)).toBe('2.3')
    expect(mapped(round(path('ratio'), 0), view, decimal)).toBe('2')
    expect(mapped(round(path('name'), 0), view, decimal)).toBe('value_invalid')
  })

  it('hashes e-mails as advertising platforms match them', () => {
    expect(mapped(hashed(path('email')), view)).toBe(hash('sha256', 'ada@example.com', 'hex'))
    expect(mapped(hashed(path('missing')), view)).toBeUndefined()
  })

  it('answers true or false', () => {
    expect(mapped(holds(is('store', 'b2b')), view, { type: 'boolean' })).toBe(true)
    expect(mapped(holds(is('store', 'x')), view, { type: 'boolean' })).toBe(false)
  })

  it('takes each item of a list', () => {
    expect(mapped(lower(path('tags')), view, { type: 'options' })).toEqual(['red', 'blue'])
  })

  it('takes the time zone of the contract where it names none', () => {
    const contract = {
      ...base,
      timeZone: 'Europe/Berlin',
      objects: { contact: { fields: { day: { value: date('midnight'), type: 'date' as const } } } },
    }
    expect(compileMapping(contract, objects({})).map('contact', view, fixtureNow).fields).toEqual({ day: '2026-06-01' })
  })
})

describe('own code', () => {
  const contract = {
    ...base,
    objects: { contact: { fields: { it: { value: transform('loyalty@2', path('store'), path('ratio')), type: 'string' as const } } } },
  }

  it('gets the values of its expressions', () => {
    const transforms = { 'loyalty@2': (store: unknown, ratio: unknown) => `${String(store)}/${String(ratio)}` }
    expect(compileMapping(contract, objects({}), transforms).map('contact', view, 0).fields).toEqual({ it: 'b2b/2.345' })
  })

  it('that throws costs one record, and tells nothing of its data', () => {
    const broken = {
      'loyalty@2': (): never => {
        throw new RangeError('ada@example.com')
      },
    }
    const { problem } = compileMapping(contract, objects({}), broken).map('contact', view, 0)
    expect(problem).toEqual({ code: 'transform_failed', message: 'The transform loyalty@2 threw RangeError. Mend it, then replay.' })
  })
})
