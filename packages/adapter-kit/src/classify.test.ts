import { describe, expect, it } from 'vitest'
import { classify } from './classify.ts'
import type { HttpReply } from './http/reply.ts'

const now = Date.UTC(2026, 10, 21, 10)
const reply = (status: number, more: Partial<HttpReply> = {}): HttpReply => ({
  status,
  headers: {},
  body: undefined,
  contentType: 'application/json',
  durationMs: 1,
  correlationId: 'corr-1',
  ...more,
})
const options = { vendor: 'Acme', call: 'batch upsert of contacts', now, setting: 'accessToken' }

describe('classify', () => {
  it('takes the wait from the adapter where the vendor has a header of its own', () => {
    const limited = reply(429, { headers: { 'x-ratelimit-reset': '7' } })
    expect(classify(limited, options).retryAfterMs).toBeUndefined()
    expect(classify(limited, { ...options, retryAfterMs: 7_000 }).retryAfterMs).toBe(7_000)
    expect(classify(reply(400), { ...options, retryAfterMs: 7_000 }).retryAfterMs).toBeUndefined()
  })

  it.each([
    [401, 'credentials_rejected', 'destination', false],
    [403, 'scope_missing', 'destination', false],
    [404, 'not_found', 'batch', false],
    [410, 'not_found', 'batch', false],
    [409, 'conflict', 'batch', false],
    [413, 'payload_too_large', 'batch', false],
    [414, 'payload_too_large', 'batch', false],
    [423, 'vendor_unavailable', 'batch', true],
    [429, 'rate_limited', 'destination', true],
    [400, 'rejected_by_vendor', 'batch', false],
    [422, 'rejected_by_vendor', 'batch', false],
    [500, 'vendor_unavailable', 'batch', true],
    [502, 'vendor_unavailable', 'batch', true],
    [503, 'vendor_unavailable', 'destination', true],
    [524, 'vendor_unavailable', 'batch', true],
    [302, 'unexpected_redirect', 'destination', false],
    [200, 'unexpected_response', 'batch', true],
  ])('reads %i as %s', (status, code, scope, retryable) => {
    const error = classify(reply(status), options)
    expect(error).toMatchObject({ code, scope, retryable, context: { status, correlationId: 'corr-1', call: 'batch upsert of contacts' } })
    expect(error.message).toContain('Acme')
    expect(error.message).toContain('batch upsert of contacts')
    expect(error.message).toMatch(/\. [A-Z]/)
  })

  it('names the setting of a refused credential', () => {
    expect(classify(reply(401), options)).toMatchObject({ field: 'accessToken', message: expect.stringContaining('"accessToken"') })
  })

  it('narrows to the record when the call carried one', () => {
    expect(classify(reply(400), { ...options, scope: 'record' }).scope).toBe('record')
  })

  it('hands on how long to wait, from seconds and from a date, for what is worth repeating', () => {
    expect(classify(reply(429, { headers: { 'retry-after': '7' } }), options).retryAfterMs).toBe(7_000)
    expect(classify(reply(503, { headers: { 'retry-after': 'Sat, 21 Nov 2026 10:01:00 GMT' } }), options).retryAfterMs).toBe(60_000)
    expect(classify(reply(429), options).retryAfterMs).toBeUndefined()
    expect(classify(reply(400, { headers: { 'retry-after': '7' } }), options).retryAfterMs).toBeUndefined()
  })

  it('takes an HTML page with a success status for an outage, not for a success', () => {
    expect(classify(reply(200, { contentType: 'text/html', body: '<html>' }), options)).toMatchObject({
      code: 'vendor_unavailable',
      retryable: true,
    })
  })

  it("keeps the vendor's category and drops its text", () => {
    const body = { category: 'VALIDATION_ERROR', message: 'Jane Canary <canary@example.com> is not valid' }
    const error = classify(reply(400, { body }), options)
    expect(error.context.category).toBe('VALIDATION_ERROR')
    expect(JSON.stringify(error)).not.toMatch(/canary/i)
    expect(classify(reply(400, { body: { code: 'Jane Canary' } }), options).context).not.toHaveProperty('category')
    expect(classify(reply(400), { ...options, category: 'contacts:idAlreadyExists' }).context.category).toBe('contacts:idAlreadyExists')
  })
})
