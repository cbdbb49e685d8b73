import { hash } from 'node:crypto'
import { isMillraceError } from '../error.ts'
import type { Engine } from '../engine/engine.ts'
import type { IncomingNotice } from '../spec/store.ts'
import type { Endpoint } from './endpoint.ts'

/** Characters of a payload nobody understood that are kept for the person who looks at it. */
const keptLength = 16_384

/**
 * Keeps what payloads announce, durably: whoever sent them may be told so when this resolves. What is not understood is kept too, as dead, and does not hold up
 * the others. Throws what the store throws.
 */
export const acceptPayloads = async (engine: Engine, endpoint: Endpoint, payloads: readonly unknown[]): Promise<void> => {
  const notices = payloads.flatMap((payload) => toNotice(endpoint, payload))
  if (notices.length === 0) return
  await engine.receive(notices)
  engine.emitter.emit('notifications.received', { source: endpoint.source, count: notices.length })
}

const toNotice = ({ source, decode }: Endpoint, payload: unknown): IncomingNotice[] => {
  try {
    const decoded = decode(payload)
    return decoded.type === 'ignored' ? [] : [{ ...decoded.notice, source }]
  } catch (thrown) {
    const text = textOf(payload)
    const problem = isMillraceError(thrown)
      ? { code: thrown.code, message: thrown.message }
      : {
          code: 'notification_invalid',
          message: `The source could not understand it (${thrown instanceof Error ? thrown.name : typeof thrown}).`,
        }
    return [
      {
        source,
        key: `invalid:${hash('sha256', text, 'hex').slice(0, 24)}`,
        version: 0,
        at: 0,
        data: { payload: text.slice(0, keptLength) },
        problem,
      },
    ]
  }
}

const textOf = (payload: unknown): string => {
  try {
    return JSON.stringify(payload) ?? String(payload)
  } catch {
    return typeof payload
  }
}
