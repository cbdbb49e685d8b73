import { createHmac } from 'node:crypto'
import { type Clock, isMillraceError, type Logger, MillraceError, type Usage } from '@millrace/core'

/** A secret, or a function that fetches it from wherever it is kept. */
export type Secret = string | (() => Promise<string>)

/** What requests are authorised with: a secret (a function is called once and again after a 401), or one that renews itself, such as {@link oauth} makes. */
export type Credential = Secret | RenewableCredential

/** A credential that is valid for a time and gets the next one by itself. All clients that it is given to share it. */
export interface RenewableCredential {
  /** What it is renewed with, and whose age is told. */
  lasting: Secret
  /** For one client. */
  open(options: { clock: Clock; logger?: Logger }): CredentialReader
}

/** Keeps the current secret of one client. `signal` ends a wait, and throws its reason. */
export interface CredentialReader {
  /** The secret; reads it when there is none yet. Throws MillraceError `credential_unavailable`. */
  current(signal: AbortSignal): Promise<string>
  /** Reads anew unless someone already did since `refused`; false when that cannot give, or gave, no other one. */
  renew(refused: string, signal: AbortSignal): Promise<boolean>
  /** Requests that it made. */
  usage?(): Usage
  close?(): void
}

/** Whether a setting holds a credential: text that is not blank, a function, or one that renews itself. */
export const isCredential = (value: unknown): value is Credential =>
  typeof value === 'function' ||
  (typeof value === 'string' ? value.trim() !== '' : typeof value === 'object' && value !== null && 'open' in value)

/** Reads a secret. Outer white space goes: secrets read from files end with a line break. Throws MillraceError `credential_unavailable`. */
export async function readSecret(secret: Secret): Promise<string> {
  if (typeof secret === 'string') return secret.trim()
  try {
    return (await secret()).trim()
  } catch (error) {
    throw unavailable(error)
  }
}

/** Makes a reader. Concurrent calls share one read; a failed read is not kept. */
export function readCredential(credential: Credential, options: { clock: Clock; logger?: Logger }): CredentialReader {
  if (typeof credential === 'string') return { current: () => readSecret(credential), renew: () => Promise.resolve(false) }
  if (typeof credential === 'object') return credential.open(options)
  const secret = credential
  let held: Promise<string> | undefined

  function current(): Promise<string> {
    held ??= readSecret(secret).catch((error: unknown) => {
      held = undefined
      throw error
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

/** What `credentialMark` of sources and destinations answers: an HMAC-SHA256 of the secret under `seal`, 24 hex characters. A function is asked anew. */
export async function markCredential(credential: Credential | undefined, seal: string): Promise<string | undefined> {
  if (credential === undefined) return undefined
  const secret = typeof credential === 'object' ? credential.lasting : credential
  return createHmac('sha256', seal)
    .update(await readSecret(secret))
    .digest('hex')
    .slice(0, 24)
}
