import { createSign, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { awsSns } from './aws-sns.ts'
import { contextAt, posted } from './test-support/call.ts'

const now = Date.UTC(2026, 5, 1, 12)
const topic = 'arn:aws:sns:eu-central-1:123456789012:shop'
const certificateUrl = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem'
const confirmUrl = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'
// The public key alone verifies as the certificate around it does.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString()

type Message = Record<string, string | undefined>

/** Signed as Amazon describes it, written without the code under test. */
const sign = (message: Message): Message => {
  const names =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  let text = ''
  for (const name of names) if (message[name] !== undefined) text += name + '\n' + message[name] + '\n'
  const algorithm = message['SignatureVersion'] === '2' ? 'RSA-SHA256' : 'RSA-SHA1'
  return { ...message, Signature: createSign(algorithm).update(text).sign(privateKey, 'base64') }
}

const notification = (over: Message = {}): Message => ({
  Type: 'Notification',
  MessageId: 'm1',
  TopicArn: topic,
  Message: '{"notificationType":"ResourceUpdated"}',
  Timestamp: new Date(now).toISOString(),
  SignatureVersion: '2',
  SigningCertURL: certificateUrl,
  ...over,
})
const confirmation = (over: Message = {}): Message =>
  notification({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: confirmUrl, ...over })

const world = () => {
  const fetched: string[] = []
  const transport = awsSns({
    topics: [topic],
    fetchText: async (url) => {
      fetched.push(url)
      return url.endsWith('.pem') ? certificate : '<ok/>'
    },
  })
  const headers = { 'x-amz-sns-message-type': 'Notification' }
  const open = async (message: Message | string, more: Record<string, string> = {}) =>
    transport.open?.(posted(typeof message === 'string' ? message : JSON.stringify(message), { ...headers, ...more }), contextAt(now))
  return { fetched, open, transport }
}

describe('AWS SNS', () => {
  it.each(['1', '2'])('gives the payload of a message that Amazon signed, with signature version %s', async (SignatureVersion) => {
    expect(await world().open(sign(notification({ SignatureVersion })))).toEqual({ payloads: [{ notificationType: 'ResourceUpdated' }] })
  })

  it('counts the subject in where there is one', async () => {
    expect(await world().open(sign(notification({ Subject: 'a subject' })))).toMatchObject({ payloads: [{}] })
  })

  it.each<[string, () => Message]>([
    ['is not signed', () => ({ ...notification(), Signature: Buffer.from('x').toString('base64') })],
    ['was changed after it was signed', () => ({ ...sign(notification()), Message: '{"notificationType":"ResourceDeleted"}' })],
    ['got a subject after it was signed', () => ({ ...sign(notification()), Subject: 'more' })],
    ['is of another topic', () => sign(notification({ TopicArn: `${topic}-other` }))],
    ['names a certificate of somebody else', () => sign(notification({ SigningCertURL: 'https://evil.example/x.pem' }))],
    [
      'names a host that ends like Amazon',
      () => sign(notification({ SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/x.pem' })),
    ],
    ['names a bucket of Amazon', () => sign(notification({ SigningCertURL: 'https://s3.amazonaws.com/evil/x.pem' }))],
    ['names a certificate without TLS', () => sign(notification({ SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/x.pem' }))],
    [
      'hides a host behind a user',
      () => sign(notification({ SigningCertURL: 'https://sns.eu-central-1.amazonaws.com@evil.example/x.pem' })),
    ],
    ['is replayed after two hours', () => sign(notification({ Timestamp: new Date(now - 2 * 3_600_000).toISOString() }))],
    ['is from the future', () => sign(notification({ Timestamp: new Date(now + 2 * 3_600_000).toISOString() }))],
  ])('refuses a message that %s', async (_, message) => {
    await expect(world().open(message())).rejects.toMatchObject({ code: 'notification_unauthorized' })
  })

  it.each([
    ['is not JSON', '{'],
    ['is something else', '{"Type":"Notification"}'],
    ['has a type that does not exist', JSON.stringify(sign(notification({ Type: 'Other' })))],
  ])('refuses a body that %s', async (_, body) => {
    await expect(world().open(body)).rejects.toMatchObject({ code: 'notification_malformed' })
  })

  it('refuses what does not even claim to be SNS, and raw delivery, before the body is read', async () => {
    const { transport } = world()
    for (const headers of [{}, { 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-rawdelivery': 'true' }]) {
      const call = posted('{}', headers)
      await expect(transport.open?.(call, contextAt(now))).rejects.toMatchObject({ code: 'notification_unauthorized' })
      expect(call.read()).toBe(false)
    }
  })

  it('confirms the subscription of a listed topic, and only that', async () => {
    const { open, fetched } = world()
    expect(await open(sign(confirmation()))).toEqual({ reply: { status: 200 } })
    expect(fetched).toEqual([certificateUrl, confirmUrl])
    await expect(open(sign(confirmation({ TopicArn: `${topic}-other` })))).rejects.toMatchObject({ code: 'notification_unauthorized' })
    await expect(open(sign(confirmation({ SubscribeURL: 'https://evil.example/confirm' })))).rejects.toMatchObject({
      code: 'notification_unauthorized',
    })
    expect(fetched).toEqual([certificateUrl, confirmUrl])
  })

  it('fetches a certificate once', async () => {
    const { open, fetched } = world()
    for (let call = 0; call < 3; call += 1) await open(sign(notification()))
    expect(fetched).toEqual([certificateUrl])
  })
})
