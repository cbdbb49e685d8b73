import type { Alert, EngineEvents, Logger } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { alertWebhook } from './alert-webhook.ts'

const alert: Alert = {
  kind: 'failure-spike',
  connection: 'crm',
  code: 'timeout',
  message: '30 failures of timeout in 15 minutes.',
  since: '2026-06-01T10:00:00.000Z',
}

/** Something whose alerts a test tells. */
const speaker = () => {
  const listeners = new Map<string, (data: never) => void>()
  return {
    on: <E extends keyof EngineEvents>(event: E, listener: (data: EngineEvents[E]) => void) => {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    tell: (event: 'alert.raised' | 'alert.resolved') => listeners.get(event)?.(alert as never),
  }
}

describe('alertWebhook', () => {
  it('sends alerts in order, with a text for chats, and is done when all are sent', async () => {
    const { on, tell } = speaker()
    const sent: unknown[] = []
    const fetch: typeof globalThis.fetch = async (url, init) => {
      sent.push([url, typeof init?.body === 'string' ? JSON.parse(init.body) : undefined])
      return new Response(null, { status: 204 })
    }
    const end = alertWebhook({ on }, { url: 'https://hooks.example.com/a', fetch })
    tell('alert.raised')
    tell('alert.resolved')
    await end()
    tell('alert.raised')
    expect(sent).toEqual([
      [new URL('https://hooks.example.com/a'), { status: 'raised', text: 'Millrace crm: 30 failures of timeout in 15 minutes.', alert }],
      [new URL('https://hooks.example.com/a'), { status: 'resolved', text: 'Millrace crm: failure-spike is over', alert }],
    ])
  })

  it('tells in the log what it could not send, without the address', async () => {
    const { on, tell } = speaker()
    const lines: unknown[] = []
    const say = (fields: Record<string, unknown>, message: string): void => void lines.push([fields, message])
    const logger: Logger = { debug: say, info: say, warn: say, error: say }
    let calls = 0
    const fetch: typeof globalThis.fetch = async () => {
      calls += 1
      if (calls === 1) throw new TypeError('cannot reach https://hooks.example.com/secret')
      return new Response('no', { status: 500 })
    }
    const end = alertWebhook({ on }, { url: 'https://hooks.example.com/secret', fetch, logger })
    tell('alert.raised')
    tell('alert.raised')
    await end()
    expect(lines).toEqual([
      [{ kind: 'failure-spike', name: 'TypeError' }, 'The webhook could not be reached'],
      [{ kind: 'failure-spike', status: 500 }, 'The webhook refused an alert'],
    ])
    expect(JSON.stringify(lines)).not.toContain('hooks.example')
  })

  it('refuses what is no address', () => {
    expect(() => alertWebhook(speaker(), { url: 'hooks' })).toThrow(/https/)
  })
})
