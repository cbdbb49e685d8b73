import { type Alert, type Millrace, MillraceError, silentLogger, type Logger } from '@millrace/core'

/** Where alerts are sent, and how. */
export interface AlertWebhookOptions {
  /** Gets `{ "status": "raised" | "resolved", "alert": {...} }` as JSON by POST; a chat's incoming webhook reads `text`. */
  url: string
  logger?: Logger
  /** Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch
  /** Longest wait for its answer, ms. Default 10 000. */
  timeoutMs?: number
}

/**
 * Sends every alert of an instance to a webhook, in order. One that fails is told in the log and not sent again: the alert stays in `status` and comes again after an
 * hour. Returns what ends it, once everything that was told has been sent. Throws MillraceError `webhook_invalid`.
 */
export const alertWebhook = (millrace: Pick<Millrace, 'on'>, options: AlertWebhookOptions): (() => Promise<void>) => {
  const { logger = silentLogger, fetch = globalThis.fetch, timeoutMs = 10_000 } = options
  const url = addressOf(options.url)
  let sending: Promise<void> = Promise.resolve()
  const send = async (status: 'raised' | 'resolved', alert: Alert): Promise<void> => {
    const text =
      status === 'raised' ? `Millrace ${alert.connection}: ${alert.message}` : `Millrace ${alert.connection}: ${alert.kind} is over`
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ status, text, alert }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (!answer.ok) logger.error({ kind: alert.kind, status: answer.status }, 'The webhook refused an alert')
    } catch (thrown) {
      // Its text may hold the address, and the address a secret.
      logger.error({ kind: alert.kind, name: thrown instanceof Error ? thrown.name : typeof thrown }, 'The webhook could not be reached')
    }
  }
  const later = (status: 'raised' | 'resolved') => (alert: Alert) => {
    sending = sending.then(() => send(status, alert))
  }
  const offs = [millrace.on('alert.raised', later('raised')), millrace.on('alert.resolved', later('resolved'))]
  return async () => {
    for (const off of offs) off()
    await sending
  }
}

const addressOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new MillraceError({
    code: 'webhook_invalid',
    scope: 'destination',
    message: 'The webhook for alerts needs an address that begins with https://.',
  })
}
