import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, path } from '../contract/expression.ts'
import type { FieldSpec } from '../spec/destination.ts'
import { mapContact, mapped } from './mapping-fixture.ts'

describe('types', () => {
  it.each<[FieldSpec['type'], unknown, unknown]>([
    ['string', 'a\0b', 'ab'],
    ['string', 'a\uD800b', 'a\uFFFDb'],
    ['string', '  x  ', 'x'],
    ['string', '\0', undefined],
    ['string', Number.NaN, 'value_invalid'],
    ['text', 'a\nb', 'a\nb'],
    ['text', 'a\r\n\tb\u0007\u009Fc', 'a\r\n\tbc'],
    ['string', 'Street 1\r\nYard', 'Street 1 Yard'],
    ['string', 'Tab\u000Bbed\u0007', 'Tab bed'],
    ['string', '\u001B[31mRed', '[31mRed'],
    ['string', ' \t\n', undefined],
    ['options', ['a\tb'], ['a b']],
    ['email', 'a\u0007@example.com', 'a@example.com'],
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
    ['datetime', '2026-03-01T24:00:00.000Z', '2026-03-02T00:00:00.000Z'],
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
    expect(mapped(path('stores'), { stores: ['de', 'at'] }, { type: 'options', options })).toBe('option_unknown')
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

describe('texts', () => {
  const awkward = fc.string({
    unit: fc.oneof(
      fc.constantFrom(' ', '\t', '\n', '\r', '\0', '\u0085', '\u2028', '\uD800', '\uDC00', '\u{1F600}'),
      fc.string({ maxLength: 1 }),
    ),
  })

  it.each(['string', 'text'] as const)('of a %s field keep every character but those that no vendor takes', (type) => {
    fc.assert(
      fc.property(awkward, (text) => {
        // Character by character, as nobody would write it who has to be quick.
        const line = type === 'string' ? text.replaceAll(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ') : text
        const printable = Array.from(line)
          .filter((one) => /^[\t\n\r]$/.test(one) || !/\p{Cc}/u.test(one))
          .join('')
        const kept = Array.from(printable)
          .map((one) => (/\p{Cs}/u.test(one) ? '\uFFFD' : one))
          .join('')
          .trim()
        expect(mapped(constant(text), {}, { type })).toEqual(kept === '' ? undefined : kept)
      }),
    )
  })
})
