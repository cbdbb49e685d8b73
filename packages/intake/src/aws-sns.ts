import { createVerify } from 'node:crypto'
import type { NotificationTransport, Opened } from '@millrace/core'
import { z } from 'zod'
import { malformed, readJson, unauthorized } from './refuse.ts'
import { readSettings } from './settings.ts'
import { type SnsMessage, snsMessageSchema, textToSign } from './sns-message.ts'

/** Only Amazon serves these: signing certificates and links that confirm a subscription. */
const amazonHost = /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/

const settingsSchema = z.strictObject({
  /** ARNs of the topics that may send; all others are refused. */
  topics: z.array(z.string().startsWith('arn:')).min(1),
  /** How old a message may be, ms. Later ones are left to the poll. Default an hour, the time for which SNS repeats a delivery. */
  maxAgeMs: z
    .number()
    .int()
    .positive()
    .default(60 * 60_000),
  /** Fetches an address of Amazon as text; for tests. */
  fetchText: z.custom<(url: string) => Promise<string>>((value) => typeof value === 'function').optional(),
})
export type AwsSnsSettings = z.input<typeof settingsSchema>

const fetchFromAmazon = async (url: string): Promise<string> => {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'error' })
  if (!reply.ok) throw new Error(`${new URL(url).host} answered ${reply.status}`)
  return await reply.text()
}

const amazonUrl = (text: string, what: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || !amazonHost.test(url.hostname))
    throw unauthorized(`Its ${what} is not an address of Amazon.`)
  return url.href
}

/**
 * AWS SNS by HTTPS: the signature of every message is verified with Amazon's certificate, the topic must be listed, and a new subscription of a listed topic is
 * confirmed by itself (docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). Raw message delivery carries no signature and must stay off.
 * Throws MillraceError `setting_invalid`.
 */
export const awsSns = (given: AwsSnsSettings): NotificationTransport => {
  const { topics, maxAgeMs, fetchText = fetchFromAmazon } = readSettings('awsSns', settingsSchema, given)
  const certificates = new Map<string, string>()

  const certificateAt = async (url: string): Promise<string> => {
    const known = certificates.get(url)
    if (known !== undefined) return known
    const fetched = await fetchText(url)
    // There is one at a time; more than a few addresses are somebody's trick.
    if (certificates.size >= 8) certificates.clear()
    certificates.set(url, fetched)
    return fetched
  }

  const verify = async (message: SnsMessage, now: number): Promise<void> => {
    if (!topics.includes(message.TopicArn)) throw unauthorized('It is of a topic that is not listed.')
    if (Math.abs(now - Date.parse(message.Timestamp)) > maxAgeMs) throw unauthorized('It is too old, or from the future.')
    const url = amazonUrl(message.SigningCertURL, 'certificate')
    const certificate = await certificateAt(url)
    const verifier = createVerify(message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1').update(textToSign(message), 'utf8')
    const holds = ((): boolean => {
      try {
        return verifier.verify(certificate, message.Signature, 'base64')
      } catch {
        return false
      }
    })()
    if (!holds) throw unauthorized('The signature does not hold.')
  }

  return {
    specificationVersion: 'v1',
    name: 'aws-sns',
    async open({ headers, body }, { clock, logger }): Promise<Opened> {
      if (headers['x-amz-sns-message-type'] === undefined) throw unauthorized('It is not from SNS.')
      if (headers['x-amz-sns-rawdelivery'] === 'true') throw unauthorized('Raw message delivery is on: its messages are not signed.')
      const parsed = snsMessageSchema.safeParse(readJson(await body()))
      if (!parsed.success) throw malformed('The body is not a message of SNS.')
      const message = parsed.data
      await verify(message, clock.now())
      if (message.Type === 'Notification') return { payloads: [readJson(message.Message)] }
      if (message.Type === 'SubscriptionConfirmation') {
        await fetchText(amazonUrl(message.SubscribeURL, 'confirmation'))
        logger.info({ topic: message.TopicArn }, 'The subscription of the topic was confirmed')
      } else logger.warn({ topic: message.TopicArn }, 'The subscription of the topic was ended: its notifications stop')
      return { reply: { status: 200 } }
    },
  }
}
