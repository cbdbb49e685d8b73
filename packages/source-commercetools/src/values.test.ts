import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consents } from './consent.ts'
import { divideMoney, sumOf, timesMoney, toMoney } from './money.ts'
import { parseReply } from './sanitize.ts'
import { fillUrl } from './url.ts'
import {
  addressBook,
  attributes,
  calendarDate,
  customFields,
  customValue,
  instant,
  localized,
  oneText,
  text,
  webAddress,
} from './values.ts'

const cent = (currencyCode: string, centAmount: number, fractionDigits = 2) => ({
  type: 'centPrecision' as const,
  currencyCode,
  centAmount,
  fractionDigits,
})

describe('money', () => {
  it('keeps the digits of its own currency', () => {
    expect(toMoney(cent('EUR', 1999))).toEqual({ currency: 'EUR', amount: '19.99' })
    expect(toMoney(cent('JPY', 1999, 0))).toEqual({ currency: 'JPY', amount: '1999' })
    expect(toMoney(cent('KWD', -3050, 3))).toEqual({ currency: 'KWD', amount: '-3.050' })
    expect(toMoney(cent('EUR', 5))).toEqual({ currency: 'EUR', amount: '0.05' })
  })

  it('keeps all 20 digits of a high precision amount, past what a double can hold', () => {
    const reply = parseReply(
      '{"type":"highPrecision","currencyCode":"EUR","centAmount":0,"preciseAmount":123456789012345678,"fractionDigits":20}',
    )
    expect(toMoney(reply as Parameters<typeof toMoney>[0])).toEqual({ currency: 'EUR', amount: '0.00123456789012345678' })
  })

  it('keeps cents past what a double can hold', () => {
    const reply = parseReply('{"type":"centPrecision","currencyCode":"EUR","centAmount" : -9007199254740993,"fractionDigits":2}')
    expect(toMoney(reply as Parameters<typeof toMoney>[0]).amount).toBe('-90071992547409.93')
  })

  it('does not take a part of a text for an amount', () => {
    expect(parseReply(String.raw`{"note":"\"centAmount\":12345678901234567890"}`)).toEqual({ note: '"centAmount":12345678901234567890' })
  })

  it('refuses an amount that is no whole number', () => {
    expect(() => toMoney(cent('EUR', 1.5))).toThrow(RangeError)
  })

  it('adds only what is in the wanted currency', () => {
    expect(sumOf([toMoney(cent('EUR', 10)), undefined, toMoney(cent('USD', 99)), toMoney(cent('EUR', 20))], 'EUR')).toEqual({
      currency: 'EUR',
      amount: '0.30',
    })
    expect(sumOf([toMoney(cent('USD', 99))], 'EUR')).toBeUndefined()
  })

  it('divides to the nearest, half away from zero, and multiplies exactly', () => {
    expect(divideMoney({ currency: 'EUR', amount: '10.00' }, 3).amount).toBe('3.33')
    expect(divideMoney({ currency: 'EUR', amount: '0.05' }, 2).amount).toBe('0.03')
    expect(divideMoney({ currency: 'EUR', amount: '-0.05' }, 2).amount).toBe('-0.03')
    expect(timesMoney({ currency: 'EUR', amount: '0.10' }, 3).amount).toBe('0.30')
  })

  it('survives multiplying and dividing by any number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 10_000 }), fc.nat(6), (units, factor, digits) => {
        const money = toMoney(cent('EUR', units, digits))
        expect(divideMoney(timesMoney(money, factor), factor)).toEqual(money)
      }),
    )
  })
})

describe('hostile text', () => {
  it('loses NUL characters and lone surrogates, wherever it is', () => {
    expect(parseReply(String.raw`{"a\u0000":["x\u0000y",{"b":"\ud800 \ud83d\ude00"}]}`)).toEqual({ a: ['xy', { b: '\uFFFD 😀' }] })
  })

  it('cannot reach a prototype', () => {
    const reply = parseReply('{"fields":{"__proto__":{"admin":true},"constructor":"x","toString":"y"}}') as {
      fields: Record<string, unknown>
    }
    expect(Object.keys(reply.fields)).toEqual(['constructor', 'toString'])
    expect(Reflect.get(reply.fields, 'admin')).toBeUndefined()
    expect(customFields({ type: { typeId: 'type', id: 't' }, fields: reply.fields })).toEqual({ constructor: 'x', toString: 'y' })
    const [own] = Object.entries(attributes([{ name: '__proto__', value: { admin: true } }]))
    expect(own?.[0]).toBe('__proto__')
    expect(Reflect.get({}, 'admin')).toBeUndefined()
  })

  it('counts as missing when nothing of it can be seen', () => {
    for (const blank of ['', '   ', '\u200B\u00A0\uFEFF', '\u0007', undefined, null, 5, {}]) expect(text(blank)).toBeUndefined()
    expect(text(' padded ')).toBe(' padded ')
    expect(text('👨‍👩‍👧')).toBe('👨‍👩‍👧')
  })
})

describe('times', () => {
  it('become UTC with milliseconds', () => {
    expect(instant('2026-03-01T12:00:00Z')).toBe('2026-03-01T12:00:00.000Z')
    expect(instant('2026-03-01T12:00:00.123456+02:00')).toBe('2026-03-01T10:00:00.123Z')
    expect(instant('9999-12-31T23:59:59.999Z')).toBe('9999-12-31T23:59:59.999Z')
  })

  it('that do not exist are dropped', () => {
    for (const wrong of ['2026-13-01T00:00:00Z', 'yesterday', '1', '', '+010000-01-01T00:00:00.000Z', '9999-12-31T23:59:59-02:00', 5, null])
      expect(instant(wrong)).toBeUndefined()
    for (const wrong of ['1990-02-30', '2026-1-1', '31.12.1999', '', null]) expect(calendarDate(wrong)).toBeUndefined()
    expect(calendarDate('2024-02-29')).toBe('2024-02-29')
  })
})

describe('custom values', () => {
  const money = { type: 'centPrecision', currencyCode: 'EUR', centAmount: 150, fractionDigits: 2 }
  it.each([
    ['boolean', true, true],
    ['text', 'x', 'x'],
    ['number', 1.5, 1.5],
    ['date', '2026-01-01', '2026-01-01'],
    ['ltext', { en: 'Red', 'de-DE': 'Rot' }, { en: 'Red', 'de-DE': 'Rot' }],
    ['enum', { key: 'red', label: 'Red' }, { key: 'red', label: 'Red' }],
    ['lenum', { key: 'red', label: { en: 'Red' } }, { key: 'red', label: { en: 'Red' } }],
    ['money', money, { currency: 'EUR', amount: '1.50' }],
    [
      'high precision money',
      { ...money, type: 'highPrecision', preciseAmount: 1505, fractionDigits: 3 },
      { currency: 'EUR', amount: '1.505' },
    ],
    ['reference', { typeId: 'product', id: 'p1', obj: { big: true } }, { type: 'product', id: 'p1' }],
    ['key reference', { typeId: 'store', id: 's1', key: 'eu' }, { type: 'store', id: 's1', key: 'eu' }],
    [
      'nested',
      [
        { name: 'length', value: 3 },
        { name: 'price', value: money },
      ],
      { length: 3, price: { currency: 'EUR', amount: '1.50' } },
    ],
    ['set of text', ['a', 'b'], ['a', 'b']],
    ['set of money', [money], [{ currency: 'EUR', amount: '1.50' }]],
    ['set of enum', [{ key: 'a', label: 'A' }], [{ key: 'a', label: 'A' }]],
    ['set of nested', [[{ name: 'n', value: 1 }], [{ name: 'n', value: 2 }]], [{ n: 1 }, { n: 2 }]],
    ['empty set', [], []],
  ])('of type %s', (_, value, expected) => {
    expect(customValue(value)).toEqual(expected)
  })

  it('nested without end do not end the run', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 5000; level++) deep = [[{ name: 'n', value: deep }]]
    expect(customValue(deep)).toBeDefined()
  })

  it('of a removed type keep their names; no fields at all are none', () => {
    expect(customFields({ fields: { a: 1 } } as unknown as Parameters<typeof customFields>[0])).toEqual({ a: 1 })
    for (const none of [undefined, null, {}, { fields: null }]) expect(customFields(none as Parameters<typeof customFields>[0])).toEqual({})
  })
})

describe('localized text', () => {
  it('drops what is no text', () => {
    expect(localized({ en: 'A', de: null, fr: 3 })).toEqual({ en: 'A' })
    for (const none of [undefined, null, 'x', ['x']]) expect(localized(none)).toEqual({})
  })

  it('gives one text: locale, language, another country, first', () => {
    expect(oneText({ en: 'a', 'de-AT': 'b', 'de-DE': 'c' }, 'de-DE')).toBe('c')
    expect(oneText({ en: 'a', de: 'b' }, 'de-DE')).toBe('b')
    expect(oneText({ en: 'a', 'de-AT': 'b' }, 'de-DE')).toBe('b')
    expect(oneText({ fr: 'z' }, 'de')).toBe('z')
    expect(oneText({}, 'de')).toBeUndefined()
  })
})

describe('addresses', () => {
  const rows = [
    { id: 'a1', country: 'de' },
    { id: 'a2', country: 'AT', streetName: 'Ring', additionalStreetInfo: 'Stiege 2', additionalAddressInfo: 'Tür 7' },
  ]

  it('for billing and shipping are the default ones, else the first of their list', () => {
    const book = addressBook({ addresses: rows, defaultBillingAddressId: 'a2', shippingAddressIds: ['a1'] })
    expect(book.billingAddress).toMatchObject({ id: 'a2', additional: 'Stiege 2, Tür 7' })
    expect(book.shippingAddress).toMatchObject({ id: 'a1', country: 'DE' })
  })

  it('that do not exist are none', () => {
    expect(addressBook({ addresses: rows, defaultBillingAddressId: 'gone' }).billingAddress).toBeUndefined()
    expect(addressBook({})).toEqual({ addresses: [], billingAddress: undefined, shippingAddress: undefined })
  })
})

describe('web addresses', () => {
  it('of images must not be scripts', () => {
    expect(webAddress('https://img.example/a.jpg')).toBe('https://img.example/a.jpg')
    for (const wrong of ['javascript:alert(1)', 'data:image/png;base64,x', '//img.example/a.jpg', 'http://', '', undefined])
      expect(webAddress(wrong)).toBeUndefined()
  })

  it('from templates are encoded, and left out when a value is missing', () => {
    expect(fillUrl('https://shop/{locale}/{slug}?q={sku}', { locale: 'de-DE', slug: 'a b/ü', sku: '1&2' })).toBe(
      'https://shop/de-DE/a%20b%2F%C3%BC?q=1%262',
    )
    expect(fillUrl('https://shop/{slug}', { slug: undefined })).toBeUndefined()
    expect(fillUrl(undefined, {})).toBeUndefined()
  })
})

describe('consent', () => {
  const newsletter = { channel: 'email', field: 'NEWSLETTER_SUBSCRIBE', timestampField: 'NEWSLETTER_SINCE' } as const

  it('is granted only by a listed value, whatever its case', () => {
    expect(consents({ NEWSLETTER_SUBSCRIBE: 'yes', NEWSLETTER_SINCE: '2026-01-01T00:00:00Z' }, [newsletter])).toEqual([
      {
        channel: 'email',
        purpose: 'marketing',
        status: 'granted',
        source: 'commercetools:custom.fields.NEWSLETTER_SUBSCRIBE',
        at: '2026-01-01T00:00:00.000Z',
      },
    ])
    expect(consents({ NEWSLETTER_SUBSCRIBE: { key: 'YES', label: 'Yes' } }, [newsletter])[0]?.status).toBe('granted')
    expect(consents({ NEWSLETTER_SUBSCRIBE: true }, [newsletter])[0]?.status).toBe('granted')
  })

  it('is denied by a listed value, and unknown for any other', () => {
    for (const value of ['NO', 'no', false, 'False'])
      expect(consents({ NEWSLETTER_SUBSCRIBE: value }, [newsletter])[0]?.status).toBe('denied')
    for (const value of ['MAYBE', 0, 1, ['YES'], { a: 'YES' }]) expect(consents({ NEWSLETTER_SUBSCRIBE: value }, [newsletter])).toEqual([])
    for (const custom of [{}, { NEWSLETTER_SUBSCRIBE: null }, { NEWSLETTER_SUBSCRIBE: '' }])
      expect(consents(custom, [newsletter])).toEqual([])
  })

  it('keeps what proves a statement, and takes the order of a guest for time and proof', () => {
    const proven = { ...newsletter, evidenceFields: ['FORM', 'IP', 'EMPTY'], basis: 'double-opt-in' }
    const custom = { NEWSLETTER_SUBSCRIBE: 'YES', FORM: { key: 'footer', label: 'Footer' }, IP: ' 192.0.2.1 ', EMPTY: '' }
    expect(consents(custom, [proven])[0]).toMatchObject({ basis: 'double-opt-in', evidence: { FORM: 'footer', IP: '192.0.2.1' } })
    expect(consents(custom, [proven])[0]).not.toHaveProperty('at')
    const placed = { order: 'o1', at: '2026-02-01T00:00:00.000Z' }
    expect(consents({ NEWSLETTER_SUBSCRIBE: 'NO' }, [newsletter], placed)[0]).toMatchObject({
      status: 'denied',
      at: placed.at,
      evidence: { order: 'o1' },
    })
  })

  it('with own grants is denied by any other value: an opt-out in other words is not lost', () => {
    for (const value of ['N', 'YES', true, 0])
      expect(consents({ NEWSLETTER_SUBSCRIBE: value }, [{ ...newsletter, granted: ['J'] }])[0]?.status).toBe('denied')
    expect(consents({ NEWSLETTER_SUBSCRIBE: 'j' }, [{ ...newsletter, granted: ['J'] }])[0]?.status).toBe('granted')
    expect(consents({}, [{ ...newsletter, granted: ['J'] }])).toEqual([])
    expect(consents({ NEWSLETTER_SUBSCRIBE: 'MAYBE' }, [{ ...newsletter, granted: ['J'], denied: ['N'] }])).toEqual([])
  })

  it('has no time when its time makes no sense', () => {
    expect(consents({ NEWSLETTER_SUBSCRIBE: 'NO', NEWSLETTER_SINCE: 'soon' }, [newsletter])[0]).not.toHaveProperty('at')
  })
})
