import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { awsSqs } from './aws-sqs.ts'
import { contextAt } from './test-support/call.ts'

/** A queue as the official client speaks to it: JSON protocol, messages invisible once received, gone when deleted. */
const startQueue = async () => {
  const waiting = new Map<string, string>()
  const invisible = new Map<string, string>()
  let failing = false
  const server = createServer(async (request, reply) => {
    const body = JSON.parse(await text(request))
    const action = String(request.headers['x-amz-target']).split('.')[1]
    const send = (status: number, value: unknown) =>
      reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value))
    if (failing) return send(403, { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'no' })
    if (action === 'ReceiveMessage') {
      const taken = [...waiting].slice(0, body.MaxNumberOfMessages)
      for (const [id, content] of taken) {
        waiting.delete(id)
        invisible.set(id, content)
      }
      const md5 = (content: string) => createHash('md5').update(content).digest('hex')
      return send(200, {
        Messages: taken.map(([id, Body]) => ({ MessageId: id, ReceiptHandle: `handle-${id}`, Body, MD5OfBody: md5(Body) })),
      })
    }
    const entries: { Id: string; ReceiptHandle: string }[] = body.Entries
    for (const { ReceiptHandle } of entries) invisible.delete(ReceiptHandle.replace('handle-', ''))
    return send(200, { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    put: (id: string, content: string) => void waiting.set(id, content),
    left: () => [...waiting.keys(), ...invisible.keys()],
    fail: () => {
      failing = true
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

let queue: Awaited<ReturnType<typeof startQueue>>
beforeEach(async () => {
  queue = await startQueue()
})
afterEach(() => queue.close())

const transport = () =>
  awsSqs({
    queueUrl: `${queue.url}/123/shop`,
    region: 'eu-central-1',
    endpoint: queue.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    waitSeconds: 0,
  })

describe('AWS SQS', () => {
  it('gives messages, plain or wrapped by SNS, and deletes them when they are acknowledged', async () => {
    queue.put('1', '{"notificationType":"ResourceUpdated"}')
    queue.put('2', JSON.stringify({ Type: 'Notification', Message: '{"notificationType":"Message"}' }))
    queue.put('3', 'no JSON at all')
    const one = transport()
    for await (const received of one.receive?.(contextAt(0)) ?? []) {
      expect(received.payloads).toEqual([{ notificationType: 'ResourceUpdated' }, { notificationType: 'Message' }, 'no JSON at all'])
      expect(queue.left()).toHaveLength(3)
      await received.acknowledge()
      break
    }
    expect(queue.left()).toEqual([])
    await one.close?.()
  })

  it('throws when the queue cannot be read', async () => {
    queue.fail()
    const one = transport()
    const first = async () => {
      for await (const received of one.receive?.(contextAt(0)) ?? []) return received
      return undefined
    }
    await expect(first()).rejects.toThrow()
    await one.close?.()
  })

  it('names the settings that are wrong', () => {
    expect(() => awsSqs({ queueUrl: 'shop', region: '' })).toThrow(/queueUrl: .*; region: /)
  })
})
