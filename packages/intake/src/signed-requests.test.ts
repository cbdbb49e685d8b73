import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signRequest } from './signature.ts'
import { signedRequests } from './signed-requests.ts'
import { contextAt, posted } from './test-support/call.ts'

const now = Date.UTC(2026, 5, 1, 12)
const secret = 'a secret of at least 32 characters!'
const other = 'another secret of 32 characters!!!'
const transport = signedRequests({ secret })
const open = (body: string, headers: Record<string, string>) => transport.open?.(posted(body, headers), contextAt(now))

describe('a signed request', () => {
  it.each([
    ['one payload', '{"a":1}', [{ a: 1 }]],
    ['a list of payloads', '[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
  ])('brings %s', async (_, body, payloads) => {
    expect(await open(body, signRequest(secret, body, now))).toEqual({ payloads })
  })

  const body = '{"a":1}'
  const good = signRequest(secret, body, now)
  it.each([
    ['without signature', { 'x-millrace-timestamp': String(now) }],
    ['without timestamp', { 'x-millrace-signature': good['x-millrace-signature'] ?? '' }],
    ['with another secret', signRequest(other, body, now)],
    ['with a signature of another length', { ...good, 'x-millrace-signature': 'abcd' }],
    ['with an upper-case signature', { ...good, 'x-millrace-signature': (good['x-millrace-signature'] ?? '').toUpperCase() }],
    ['with a timestamp that was moved', { ...good, 'x-millrace-timestamp': String(now + 1) }],
    ['with a timestamp in seconds', { ...good, 'x-millrace-timestamp': String(now / 1000) }],
    ['replayed after six minutes', signRequest(secret, body, now - 6 * 60_000)],
    ['from the future', signRequest(secret, body, now + 6 * 60_000)],
  ])('%s is refused', async (_, headers) => {
    await expect(open(body, headers)).rejects.toMatchObject({ code: 'notification_unauthorized' })
  })

  it('is refused before its body is read when it is old', async () => {
    const call = posted(body, signRequest(secret, body, 0 + 1_000_000_000_000))
    await expect(transport.open?.(call, contextAt(now))).rejects.toMatchObject({ code: 'notification_unauthorized' })
    expect(call.read()).toBe(false)
  })

  it('does not hold for any other body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(text !== body)
        await expect(open(text, good)).rejects.toMatchObject({ code: 'notification_unauthorized' })
      }),
      { numRuns: 50 },
    )
  })

  it('that is signed and no JSON is malformed', async () => {
    await expect(open('{', signRequest(secret, '{', now))).rejects.toMatchObject({ code: 'notification_malformed' })
  })

  it('holds for both secrets while one is replaced', async () => {
    const both = signedRequests({ secret: [other, secret] })
    for (const each of [secret, other])
      expect(await both.open?.(posted(body, signRequest(each, body, now)), contextAt(now))).toEqual({ payloads: [{ a: 1 }] })
  })

  it('needs a long secret', () => {
    expect(() => signedRequests({ secret: 'short' })).toThrow(/secret/)
  })
})
