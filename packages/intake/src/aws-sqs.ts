import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { MillraceError, type NotificationTransport, type Received } from '@millrace/core'
import { z } from 'zod'
import { readSettings } from './settings.ts'

const settingsSchema = z.strictObject({
  queueUrl: z.url(),
  region: z.string().min(1),
  /** Default: what the AWS SDK finds in the environment. */
  credentials: z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional() }).optional(),
  /** Another address than Amazon's; for tests. */
  endpoint: z.url().optional(),
  /** How long one question waits for messages, seconds. */
  waitSeconds: z.number().int().min(0).max(20).default(20),
})
export type AwsSqsSettings = z.input<typeof settingsSchema>

/**
 * AWS SQS, pulled with the official client: up to 10 messages a question, deleted from the queue when they are kept durably; what is not deleted comes again
 * after the queue's visibility timeout. Topics of SNS that feed the queue may wrap the payload or not. Throws MillraceError `setting_invalid`.
 */
export const awsSqs = (given: AwsSqsSettings): NotificationTransport => {
  const { queueUrl, region, credentials, endpoint, waitSeconds } = readSettings('awsSqs', settingsSchema, given)
  const access = credentials && {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
  }
  const client = new SQSClient({
    region,
    ...(access === undefined ? {} : { credentials: access }),
    ...(endpoint === undefined ? {} : { endpoint }),
  })

  async function* receive(signal: AbortSignal): AsyncGenerator<Received> {
    while (!signal.aborted) {
      const question = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds })
      const { Messages: messages = [] } = await client.send(question, { abortSignal: signal })
      if (messages.length === 0) continue
      const handles = messages.flatMap(({ ReceiptHandle }, index) =>
        ReceiptHandle === undefined ? [] : [{ Id: String(index), ReceiptHandle }],
      )
      yield {
        payloads: messages.map(({ Body }) => payloadOf(Body ?? '')),
        acknowledge: async () => {
          const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: handles }), {
            abortSignal: signal,
          })
          if ((deleted.Failed ?? []).length > 0)
            throw new MillraceError({
              code: 'queue_not_acknowledged',
              retryable: true,
              message: 'SQS kept messages that were handled; they come again.',
            })
        },
      }
    }
  }

  return { specificationVersion: 'v1', name: 'aws-sqs', receive: ({ signal }) => receive(signal), close: async () => client.destroy() }
}

/** The platform's payload: the body itself, or what SNS wrapped. Text that is not JSON goes on as it is, and becomes a dead notification. */
const payloadOf = (body: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(body)
    const wrapped = z.object({ Type: z.literal('Notification'), Message: z.string() }).safeParse(parsed)
    return wrapped.success ? JSON.parse(wrapped.data.Message) : parsed
  } catch {
    return body
  }
}
