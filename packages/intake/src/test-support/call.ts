import { silentLogger, systemClock, type IncomingCall, type TransportContext } from '@millrace/core'

/** A context at a fixed time, whose log can be read. */
export const contextAt = (now: number): TransportContext & { lines: string[] } => {
  const lines: string[] = []
  const note = (_: unknown, message: string): void => void lines.push(message)
  return {
    clock: { ...systemClock, now: () => now },
    logger: { ...silentLogger, info: note, warn: note },
    signal: new AbortController().signal,
    lines,
  }
}

/** A request that was posted. `read()` tells whether its body was asked for. */
export const posted = (body: string, headers: Record<string, string> = {}): IncomingCall & { read(): boolean } => {
  let read = false
  return {
    method: 'POST',
    path: '/hooks/shop',
    headers,
    body: async () => {
      read = true
      return Buffer.from(body)
    },
    read: () => read,
  }
}
