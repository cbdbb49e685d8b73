import { createHmac } from 'node:crypto'
import { isMillraceError, MillraceError } from '@millrace/core'

/** A secret, or a function that fetches it from wherever it is kept. The function is called once and again after a 401. */
export type Credential = string | (() => Promise<string>)

/** Keeps the current secret of one client. */
export interface CredentialReader {
  /** The secret; reads it when there is none yet. Throws MillraceError `credential_unavailable`. */
  current(): Promise<string>
  /** Reads anew unless someone already did since `refused`; false for a plain string, which cannot change. */
  renew(refused: string): Promise<boolean>
}

/** Makes a reader. Outer white space goes: secrets read from files end with a line break. Concurrent calls share one read; a failed read is not kept. */
export function readCredential(credential: Credential): CredentialReader {
  if (typeof credential === 'string') return { current: () => Promise.resolve(credential.trim()), renew: () => Promise.resolve(false) }
  const source = async (): Promise<string> => (await credential()).trim()
  let held: Promise<string> | undefined

  function current(): Promise<string> {
    held ??= Promise.resolve()
      .then(source)
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
      await current()
      return true
    },
  }
}

function unavailable(error: unknown): MillraceError {
  if (isMillraceError(error)) return error
  return new MillraceError({
    code: 'credential_unavailable',
    retryable: true,
    scope: 'destination',
    // The cause stays out of the message: secret stores echo paths and secrets.
    message: 'The credential function failed, so nothing was sent. Check the secret store that it reads from.',
    context: { applied: 'no', ...(error instanceof Error ? { fault: error.name } : {}) },
  })
}

/** What `credentialMark` of sources and destinations answers: an HMAC-SHA256 of the credential under `seal`, 24 hex characters. A function is asked anew. */
export async function markCredential(credential: Credential | undefined, seal: string): Promise<string | undefined> {
  if (credential === undefined) return undefined
  return createHmac('sha256', seal)
    .update(await readCredential(credential).current())
    .digest('hex')
    .slice(0, 24)
}
