import type { Answer } from './send.ts'

/** What the vendor answered, whatever the status was. */
export interface HttpReply {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Parsed JSON, else the text; `undefined` when the body is empty. Not validated: read it with a schema or guards. */
  body: unknown
  /** Media type in lower case without parameters; empty when the vendor sent none. */
  contentType: string
  durationMs: number
  /** The vendor's id of this exchange, from a header or the body; what its support asks for. */
  correlationId: string | undefined
}

const jsonType = /^(?:application|text)\/(?:[\w.-]+\+)?json$/
const correlationHeader = /(?:^|-)(?:correlation|request|trace)-?id$/

/** Makes a reply of a raw answer. A body announced as JSON that is none stays text, so a cut or lying body never throws here. */
export function toReply(answer: Answer): HttpReply {
  const contentType = (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const body = jsonType.test(contentType) || contentType === '' ? parse(answer.text) : answer.text === '' ? undefined : answer.text
  const { status, headers, durationMs } = answer
  return { status, headers, body, contentType, durationMs, correlationId: correlationId(headers, body) }
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function correlationId(headers: Readonly<Record<string, string>>, body: unknown): string | undefined {
  for (const [name, value] of Object.entries(headers)) if (correlationHeader.test(name)) return safeId(value)
  if (typeof body !== 'object' || body === null) return undefined
  if ('correlationId' in body) return safeId(body.correlationId)
  return 'requestId' in body ? safeId(body.requestId) : undefined
}

const safeId = (value: unknown): string | undefined => (typeof value === 'string' && /^[\w.:/-]{1,128}$/.test(value) ? value : undefined)
