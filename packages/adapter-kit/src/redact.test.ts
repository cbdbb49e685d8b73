import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact, redactHeaders, redactText, redactUrl, vendorCode } from './redact.ts'

describe('redactText', () => {
  it.each([
    ['Contact jane.doe+shop@example.co.uk already exists', 'jane.doe'],
    ['Email jane%40example.com is bad', 'jane'],
    ['"very odd"@example.com', '@example'],
    ['jürgen@exämple.de was rejected', 'jürgen'],
    ['call +49 (170) 123-45-67 now', '170'],
    ['phone 0043 664 1234567', '664'],
    ['number 4366412345678', '4366412345678'],
    ['born 1990-05-14', '1990'],
    ['Authorization: Bearer pat-eu1-12345678-abcd', 'pat-eu1'],
    ['{"access_token":"abcdef123456"}', 'abcdef123456'],
    ['client_secret=s3cr3tvalue&x=1', 's3cr3tvalue'],
    ['see https://api.example.com/x?email=a%40b.c&key=1', 'key=1'],
    ['at https://user:pass@api.example.com/x', 'pass'],
    ['token eyJhbGciOiJI.eyJzdWIiOiIx.sig', 'eyJhbGci'],
  ])('masks what identifies in: %s', (text, secret) => {
    expect(redactText(text)).not.toContain(secret)
  })

  it.each([
    'INVALID_OPTION',
    'Property "shop_order_key" does not exist',
    'status 429 after 10000 ms',
    'order 100234',
    'v3/objects/0-123/batch',
  ])('leaves technical text readable: %s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  it('masks every sent value that is echoed, whatever its case and its special characters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 2, maxLength: 30 }), { minLength: 1, maxLength: 5 }), (values) => {
        const kept = values
          .map((value) => value.trim())
          .filter((value) => value.length >= 2 && !'[redacted]...'.includes(value.toLowerCase()))
        const clean = redactText(kept.map((value) => `<${value.toUpperCase()}>`).join('|'), { values: kept, maxLength: 1000 })
        for (const value of kept.filter((one) => /^[\w ]{4,}$/.test(one))) expect(clean.toLowerCase()).not.toContain(value.toLowerCase())
      }),
    )
    expect(redactText('Name (Jane) $5 [x] was bad', { values: ['(jane) $5', ['[x]']] })).toBe('Name [redacted] [redacted] was bad')
  })

  it('cuts long text only after masking, and stays fast on hostile text', () => {
    const text = `${'x'.repeat(495)} jane@example.com`
    expect(redactText(text)).not.toContain('jane')
    expect(redactText('a@'.repeat(500_000)).length).toBeLessThan(600)
    expect(redactText('1 '.repeat(500_000)).length).toBeLessThan(600)
  })
})

describe('redactUrl', () => {
  it('drops query, fragment and user info, and masks segments with people in them', () => {
    expect(redactUrl('https://u:p@api.example.com/contacts/v3/email/jane%40example.com?x=1#f')).toBe(
      'https://api.example.com/contacts/v3/email/[redacted]',
    )
    expect(redactUrl('/contacts/+491701234567/orders')).toBe('/contacts/[redacted]/orders')
    expect(redactUrl('/crm/objects/2026-03/0-1/batch/upsert')).toBe('/crm/objects/2026-03/0-1/batch/upsert')
  })
})

describe('redact', () => {
  it('masks secrets by name and text by pattern, at any depth', () => {
    const clean = JSON.stringify(
      redact({ headers: { Authorization: 'Bearer abc', 'Api-Token': 'zzz' }, list: [{ note: 'mail jane@example.com' }], apiKey: 5 }),
    )
    for (const secret of ['abc', 'zzz', 'jane', ':5']) expect(clean).not.toContain(secret)
  })

  it('survives values that are deeper than any sane body', () => {
    let deep: unknown = 'jane@example.com'
    for (let level = 0; level < 1000; level += 1) deep = [deep]
    expect(JSON.stringify(redact(deep))).not.toContain('jane')
  })

  it('masks credentials in headers and keeps harmless ones', () => {
    expect(redactHeaders({ authorization: 'Bearer x', 'set-cookie': 'sid=1', 'x-api-key': 'k', 'retry-after': '3' })).toEqual({
      authorization: '[redacted]',
      'set-cookie': '[redacted]',
      'x-api-key': '[redacted]',
      'retry-after': '3',
    })
  })
})

describe('vendorCode', () => {
  it('keeps codes and drops text', () => {
    expect([vendorCode('INVALID_OPTION'), vendorCode('contacts:idAlreadyExists')]).toEqual(['INVALID_OPTION', 'contacts:idAlreadyExists'])
    expect([vendorCode('Jane Doe'), vendorCode('a@b.c'), vendorCode(5), vendorCode('x'.repeat(81)), vendorCode('')]).toEqual(
      Array(5).fill(undefined),
    )
  })
})
