import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { googlePubSub } from './google-pub-sub.ts'
import { contextAt, posted } from './test-support/call.ts'
import { startFakeGoogle, type FakeGoogle } from './test-support/google.ts'

const now = Date.UTC(2026, 5, 1, 12)
const audience = 'https://millrace.example/hooks/shop'
const serviceAccounts = ['push@project.iam.gserviceaccount.com']
const subscription = 'projects/p/subscriptions/s'
const envelope = (payload: unknown, name = subscription): string =>
  JSON.stringify({
    message: { data: Buffer.from(JSON.stringify(payload)).toString('base64'), messageId: '1', publishTime: '2026-06-01T12:00:00Z' },
    subscription: name,
  })

let google: FakeGoogle
beforeAll(async () => {
  google = await startFakeGoogle(now)
})
afterAll(() => google.close())

const transport = () => googlePubSub({ audience, serviceAccounts, subscription, keysUrl: google.keysUrl })
const open = async (body: string, headers: Record<string, string>) => transport().open?.(posted(body, headers), contextAt(now))
const bearer = async (...args: Parameters<FakeGoogle['token']>) => ({ authorization: `Bearer ${await google.token(...args)}` })

describe('Google Pub/Sub by push', () => {
  it('gives the payload of a call that Google signed', async () => {
    expect(await open(envelope({ notificationType: 'ResourceUpdated' }), await bearer())).toEqual({
      payloads: [{ notificationType: 'ResourceUpdated' }],
    })
  })

  const seconds = now / 1000
  it.each([
    ['without a token', async () => ({})],
    ['with another kind of authorization', async () => ({ authorization: 'Basic dXNlcjpwYXNz' })],
    ['with an empty token', async () => ({ authorization: 'Bearer ' })],
    ['with text instead of a token', async () => ({ authorization: 'Bearer let-me-in' })],
    ['signed by somebody else', () => bearer({}, { foreign: true })],
    ['with a key that Google does not have', () => bearer({}, { kid: 'unknown' })],
    ['for another audience', () => bearer({ aud: 'https://other.example' })],
    ['by another issuer', () => bearer({ iss: 'https://evil.example' })],
    ['of another service account', () => bearer({ email: 'other@project.iam.gserviceaccount.com' })],
    ['of an e-mail that is not verified', () => bearer({ email_verified: false })],
    ['of nobody', () => bearer({ email: undefined })],
    ['that is replayed after it expired', () => bearer({}, { expiresAt: seconds - 61 })],
    ['that is not valid yet', () => bearer({ nbf: seconds + 600 })],
  ])('refuses a call %s, before its body is read', async (_, headers) => {
    const call = posted(envelope({}), await headers())
    await expect(transport().open?.(call, contextAt(now))).rejects.toMatchObject({ code: 'notification_unauthorized' })
    expect(call.read()).toBe(false)
  })

  it('refuses an unsigned token, and one whose algorithm was swapped', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: 'https://accounts.google.com', aud: audience, email: serviceAccounts[0], email_verified: true, exp: seconds + 60 }
    for (const alg of ['none', 'HS256']) {
      const token = `${part({ alg, kid: 'k1' })}.${part(claims)}.${alg === 'none' ? 'AA' : part('x')}`
      await expect(open(envelope({}), { authorization: `Bearer ${token}` })).rejects.toMatchObject({ code: 'notification_unauthorized' })
    }
  })

  it.each([
    ['no JSON', '{'],
    ['no envelope', '{"hello":1}'],
    ['no data', JSON.stringify({ message: {}, subscription })],
    ['data that is no base64', JSON.stringify({ message: { data: '%%' }, subscription })],
    ['data that is no JSON', JSON.stringify({ message: { data: Buffer.from('{').toString('base64') }, subscription })],
    ['bytes that are no text', '\uFFFF\uD800'],
  ])('refuses a body that is %s', async (_, body) => {
    await expect(open(body, await bearer())).rejects.toMatchObject({ code: 'notification_malformed' })
  })

  it('refuses another subscription', async () => {
    await expect(open(envelope({}, 'projects/p/subscriptions/other'), await bearer())).rejects.toMatchObject({
      code: 'notification_unauthorized',
    })
  })

  it('asks for the keys once', async () => {
    const one = transport()
    const before = google.asked()
    for (let call = 0; call < 5; call += 1) await one.open?.(posted(envelope({}), await bearer()), contextAt(now))
    expect(google.asked() - before).toBe(1)
  })

  it('does not call a sender a stranger when the keys cannot be read', async () => {
    const broken = await startFakeGoogle(now)
    broken.fail()
    const one = googlePubSub({ audience, serviceAccounts, keysUrl: broken.keysUrl })
    await expect(one.open?.(posted(envelope({}), await bearer()), contextAt(now))).rejects.not.toMatchObject({
      code: 'notification_unauthorized',
    })
    await broken.close()
  })

  it('names the settings that are wrong', () => {
    expect(() => googlePubSub({ audience: '', serviceAccounts: [] })).toThrow(/audience: .*; serviceAccounts: /)
  })
})
