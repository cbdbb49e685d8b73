/** One received request, its body read and kept as text. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string
  /** Percent-encoded path without the query string. */
  readonly path: string
  readonly query: URLSearchParams
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** What a fake answers. An object body is sent as JSON, a string body as it is. */
export interface HttpReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | undefined
}

/** True for objects that are neither null nor arrays: what a JSON body must be. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON text; undefined when it is empty or no JSON. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
