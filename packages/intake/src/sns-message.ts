import { z } from 'zod'

const common = {
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.string(),
}
const confirmation = { ...common, Token: z.string(), SubscribeURL: z.string() }

/** A message of SNS as it is posted. */
export const snsMessageSchema = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...common, Subject: z.string().optional() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...confirmation }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...confirmation }),
])
export type SnsMessage = z.infer<typeof snsMessageSchema>

/** What Amazon signs: names and values of these fields in byte order of the names, each on a line of its own. */
export const textToSign = (message: SnsMessage): string => {
  const { Message, MessageId, Timestamp, TopicArn, Type } = message
  const fields =
    message.Type === 'Notification'
      ? { Message, MessageId, Subject: message.Subject, Timestamp, TopicArn, Type }
      : { Message, MessageId, SubscribeURL: message.SubscribeURL, Timestamp, Token: message.Token, TopicArn, Type }
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}\n${value}\n`]))
    .join('')
}
