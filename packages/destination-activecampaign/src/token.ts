import { isMillraceError, MillraceError } from '@millrace/core'
import type { Secret } from './settings.ts'

/** Keeps the current key of one account. */
export interface TokenReader {
  current(): Promise<string>
  /** Reads anew unless someone already did since `refused`; false when that gives the same key again. */
  renew(refused: string): Promise<boolean>
}

/**
 * A reader of its own, because a refused key is a 403 here and not the 401 that the HTTP client looks for. Throws MillraceError `credential_unavailable` when the
 * function fails; a failed read is not kept.
 */
export const readToken = (secret: Secret): TokenReader => {
  if (typeof secret === 'string') return { current: () => Promise.resolve(secret), renew: () => Promise.resolve(false) }
  let held: Promise<string> | undefined
  const current = (): Promise<string> => {
    held ??= Promise.resolve()
      .then(secret)
      .then((value) => value.trim())
      .catch((error: unknown) => {
        held = undefined
        throw unavailable(error)
      })
    return held
  }
  return {
    current,
    async renew(refused) {
      const reading = held
      if (reading !== undefined && (await reading) === refused && held === reading) held = undefined
      return (await current()) !== refused
    },
  }
}

const unavailable = (error: unknown): MillraceError =>
  isMillraceError(error)
    ? error
    : new MillraceError({
        code: 'credential_unavailable',
        retryable: true,
        scope: 'destination',
        message: 'The credential function failed, so nothing was sent. Check the secret store that it reads from.',
        context: { applied: 'no', ...(error instanceof Error ? { fault: error.name } : {}) },
      })
