import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlineAnswer, outlineRequest } from './outline.ts'

const request = {
  inputs: [
    { id: 'shop:1', properties: { email: 'ann@example.com', shop_city: 'Köln', amount: 12.5, vip: true, note: null } },
    { id: 'shop:2', properties: {} },
    { id: 'shop:3', properties: {} },
    { id: 'shop:4', properties: {} },
  ],
}

describe('the outline of a request', () => {
  it('names fields and sizes and says nothing of the values', () => {
    expect(outlineRequest(request)).toBe(
      '{"inputs":[{"id":"<text 6>","properties":{"email":"<text 15>","shop_city":"<text 4>","amount":"<number>","vip":true,"note":null}},' +
        '{"id":"<text 6>","properties":{}},{"id":"<text 6>","properties":{}},"<1 more>"]}',
    )
  })

  it('of forms, bytes and text is their names and sizes', () => {
    expect(outlineRequest(new URLSearchParams({ 'contact[email]': 'ann@example.com' }))).toBe('<form contact[email]>')
    expect(outlineRequest(new Uint8Array(12))).toBe('<12 bytes>')
    expect(outlineRequest('email;ann@example.com')).toBe('<text 21>')
    expect(outlineRequest(undefined)).toBeNull()
  })

  it('masks addresses that stand as names of members, and has an end', () => {
    expect(outlineRequest({ 'ann@example.com': 1 })).toBe('{"[redacted]":"<number>"}')
    const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field_${index}`, 'x']))
    expect(outlineRequest(wide)?.length).toBeLessThan(4_010)
  })
})

describe('the outline of an answer', () => {
  it('keeps status, codes and correlation id, and of a message the codes and the fields of the request', () => {
    const answer = {
      status: 'error',
      category: 'VALIDATION_ERROR',
      correlationId: '4ac9d3c2-7a1b-4c6b-9d4e-2f6a8b1c0d9e',
      message: 'Köln is no option (INVALID_OPTION) of shop_city for Erika Mustermann, ann@example.com',
      numErrors: 1,
    }
    expect(JSON.parse(outlineAnswer(answer, request) ?? '')).toEqual({
      status: 'error',
      category: 'VALIDATION_ERROR',
      correlationId: '4ac9d3c2-7a1b-4c6b-9d4e-2f6a8b1c0d9e',
      message: '<text 85> INVALID_OPTION shop_city',
      numErrors: 1,
    })
  })

  it('keeps nothing that was sent, wherever it comes back and whatever it looks like', () => {
    const sent = { name: 'VIP_KUNDE', type: 'Anna' }
    expect(outlineAnswer({ category: 'Anna', message: 'VIP_KUNDE is wrong', type: 'VIP_KUNDE' }, sent)).toBe(
      '{"category":"<text 4>","message":"<text 18>","type":"<text 9>"}',
    )
  })

  it('of a page of HTML is its size', () => {
    expect(outlineAnswer('<html>ann@example.com</html>', request)).toBe('<text 28>')
  })

  it('never holds a value of the request', () => {
    const word = fc.stringMatching(/^[a-zäöü@ +0-9]{5,20}$/)
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('message', 'id', 'status', 'results', 'email'), tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), json, (values, answer) => {
        const echoed = { message: `Wrong: ${values.join(', ')}`, category: values[0], results: values, answer }
        const outline = `${outlineRequest({ inputs: values })} ${outlineAnswer(echoed, { inputs: values })}`
        for (const value of values) expect(outline).not.toContain(value)
      }),
    )
  })
})
