import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'
import type { IncomingCall } from '../spec/notification.ts'
import { acceptPayloads } from './accept-payloads.ts'
import { maxBodyBytes, readBody } from './read-body.ts'
import { transportContext } from './transport-context.ts'

const statusOf: Readonly<Record<string, number>> = {
  notification_unauthorized: 401,
  notification_malformed: 400,
  notification_too_large: 413,
}

/** No answer tells more than its status: senders are machines, and strangers must learn nothing. */
const answer = (status: number, body: string | null = null): Response => new Response(body, { status })

/**
 * Answers one request to a notification endpoint; which one is the last part of the path. 204 when what it announced is kept durably, 401/400/413 when it is
 * refused, 404/405 when there is no such endpoint, 503 when it has to be sent again. Never throws.
 */
export const handleNotification = async (engine: Engine, request: Request, signal: AbortSignal): Promise<Response> => {
  const { pathname } = new URL(request.url)
  const endpoint = engine.endpoints.get(pathname.split('/').at(-1) ?? '')
  if (endpoint?.transport.open === undefined) return answer(404)
  if (request.method !== 'POST') return answer(405)
  const call: IncomingCall = {
    method: request.method,
    path: pathname,
    headers: Object.fromEntries(request.headers),
    body: () => readBody(request, maxBodyBytes),
  }
  try {
    const opened = await endpoint.transport.open(call, transportContext(engine, signal))
    if ('reply' in opened) return answer(opened.reply.status, opened.reply.body)
    await acceptPayloads(engine, endpoint, opened.payloads)
    return answer(204)
  } catch (thrown) {
    const code = isMillraceError(thrown) ? thrown.code : 'unexpected'
    const status = statusOf[code] ?? 503
    engine.emitter.emit('notifications.refused', { endpoint: endpoint.name, code, status })
    engine.logger[status === 503 ? 'error' : 'debug']({ endpoint: endpoint.name, code, status }, 'A notification was refused')
    return answer(status)
  }
}
