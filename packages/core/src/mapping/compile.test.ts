import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amount, coalesce, constant, count, currency, date, join, localized, mapValues, path, template } from '../contract/expression.ts'
import type { FieldRule } from '../contract/contract.ts'
import type { FieldSpec } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { compileMapping } from './compile.ts'
import type { Mapping } from './compile.ts'
import { base, mapContact, objects } from './mapping-fixture.ts'

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
    expect(mapping.map('deal', order('2.00'), 0)).toEqual({
      fields: {},
      owners: {},
      memberships: [],
      children: [
        { object: 'item', key: 'o:1', fields: { price: '1.00' }, productUnit: 'product:shop:p' },
        { object: 'item', key: 'o:2', fields: { price: '2.00' } },
      ],
    })
    expect(mapping.map('deal', order('-2.00'), 0).problem).toEqual({
      code: 'value_invalid',
      message: 'item: The field price is below 0',
      field: 'price',
      context: { child: 'o:2' },
    })
  })

  it('is a problem for an object that the contract does not have', () => {
    expect(compileMapping(base, objects({})).map('contact', {}, 0).problem?.code).toBe('object_unknown')
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
        for (const unit of [mapping.map('contact', view, 0), mapping.map('deal', { ...view, lines }, 0)]) {
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
    expect(mapping.map('contact', view, 0).problem).toEqual({
      code: 'value_invalid',
      message: 'The record could not be mapped (TypeError)',
    })
  })
})
