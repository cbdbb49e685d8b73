import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldValue } from '@millrace/core'
import { encode } from './encode.ts'
import type { PortalProperty } from './portal-property.ts'

const property = (type: string, more: Partial<PortalProperty> = {}): PortalProperty => ({
  name: 'shop_field',
  label: 'Field',
  type,
  fieldType: 'text',
  unique: false,
  readOnly: false,
  options: [],
  ...more,
})
const options = ['gold', 'silver;plated'].map((value, displayOrder) => ({ value, label: value, displayOrder, hidden: false }))
const select = property('enumeration', { fieldType: 'select', options })
const checkbox = property('enumeration', {
  fieldType: 'checkbox',
  options: options.slice(0, 1).concat({ value: 'new', label: 'New', displayOrder: 2, hidden: false }),
})

test.each<[string, FieldValue, PortalProperty, string]>([
  ['a date stays the calendar date it is', '2026-03-29', property('date'), '2026-03-29'],
  ['the last day that can be written', '9999-12-31', property('date'), '9999-12-31'],
  ['an instant stays exact to the millisecond', '2026-03-29T01:30:00.001Z', property('datetime'), '2026-03-29T01:30:00.001Z'],
  ['a date in a datetime property is midnight UTC', '2026-03-29', property('datetime'), '2026-03-29T00:00:00.000Z'],
  ['a decimal keeps its digits', '0.10000000000000000001', property('number'), '0.10000000000000000001'],
  ['an integer', 42, property('number'), '42'],
  ['a huge number has no exponent', 1e21, property('number'), '1000000000000000000000'],
  ['a tiny number has no exponent', 1e-7, property('number'), '0.0000001'],
  ['negative zero', -0, property('number'), '0'],
  ['a boolean', true, property('bool'), 'true'],
  ['a boolean as text', 'false', property('bool'), 'false'],
  ['an option by its exact value', 'gold', select, 'gold'],
  ['a single option as a list', ['gold'], select, 'gold'],
  ['several options', ['gold', 'new'], checkbox, 'gold;new'],
  ['text without NUL', 'a\u0000b', property('string'), 'ab'],
  ['text with half a surrogate pair', 'a\ud800b', property('string'), 'a\ufffdb'],
  ['a formula is only text to HubSpot', '=1+1', property('string'), '=1+1'],
  ['a list in a text property', ['a', 'b'], property('string'), 'a, b'],
  ['a number in a text property', 7, property('string'), '7'],
  ['an e-mail address without blanks around it', ' A@Example.com ', property('string', { name: 'email' }), 'A@Example.com'],
  ['as much text as HubSpot keeps', 'x'.repeat(65_536), property('string'), 'x'.repeat(65_536)],
])('%s', (_what, value, target, written) => {
  expect(encode(value, target)).toEqual({ value: written })
})

test.each<[string, FieldValue]>([
  ['null', null],
  ['empty text', ''],
  ['an empty list', []],
])('%s clears a property of any type', (_what, value) => {
  for (const type of ['string', 'number', 'date', 'datetime', 'bool', 'enumeration'])
    expect(encode(value, property(type))).toEqual({ value: '' })
})

test.each<[string, FieldValue, PortalProperty, string]>([
  ['a day that does not exist', '2026-02-30', property('date'), 'value_invalid'],
  ['an instant in a date property', '2026-03-29T23:00:00.000Z', property('date'), 'value_invalid'],
  ['epoch milliseconds off midnight', 1_700_000_000_001, property('date'), 'value_invalid'],
  ['an instant of a day that does not exist', '2026-02-30T00:00:00.000Z', property('datetime'), 'value_invalid'],
  ['an hour that does not exist', '2026-02-20T25:00:00.000Z', property('datetime'), 'value_invalid'],
  ['an instant with an offset', '2026-02-20T10:00:00+01:00', property('datetime'), 'value_invalid'],
  ['a year beyond four digits', '+010000-01-01T00:00:00.000Z', property('datetime'), 'value_invalid'],
  ['a number with a comma', '1,99', property('number'), 'value_invalid'],
  ['a number with an exponent', '1e3', property('number'), 'value_invalid'],
  ['infinity', Infinity, property('number'), 'value_invalid'],
  ['a boolean as a number', true, property('number'), 'value_invalid'],
  ['a word for a boolean', 'yes', property('bool'), 'value_invalid'],
  ['an option in other case', 'Gold', select, 'option_unknown'],
  ['two options in a select', ['gold', 'gold'], select, 'value_invalid'],
  ['a leading semicolon, which would append', ';new', checkbox, 'option_unknown'],
  ['text that is too long', 'x'.repeat(65_537), property('string'), 'value_too_long'],
  ['no e-mail address', 'nobody', property('string', { name: 'email' }), 'value_invalid'],
  ['a value for a computed property', 'x', property('string', { readOnly: true }), 'property_read_only'],
])('%s is refused before it is sent', (_what, value, target, code) => {
  expect(encode(value, target)).toMatchObject({ error: { code, field: target.name, retryable: false, scope: 'record' } })
})

test('an error never repeats the value', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), fc.constantFrom('number', 'date', 'datetime', 'bool', 'enumeration'), (noise, type) => {
      const canary = `canary-${noise}`
      const encoded = encode(canary, property(type))
      expect('error' in encoded && !encoded.error.message.includes('canary')).toBe(true)
    }),
  )
})

test('whatever number goes in, a plain decimal comes out that means the same', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
      const encoded = encode(value, property('number'))
      expect('value' in encoded && /^-?\d+(\.\d+)?$/.test(encoded.value)).toBe(true)
      if ('value' in encoded)
        expect(Math.abs(Number(encoded.value) - value)).toBeLessThanOrEqual(Math.max(Number.EPSILON * Math.abs(value), 1e-20))
    }),
  )
})
