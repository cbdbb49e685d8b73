import type { Clock } from '@millrace/core'

/** A token as it was given out. Without a lifetime it counts until it is refused. */
export interface FetchedToken {
  token: string
  lifetimeMs?: number
}

/** Who asks for a token: `signal` ends the wait, and the fetch when nobody waits for it any more. */
export interface TokenCaller {
  clock: Clock
  signal: AbortSignal
}

/** Keeps one token that expires. */
export interface TokenCache<Caller extends TokenCaller> {
  /** The token; fetched when there is none or it expires soon. Throws what the fetch throws, and the reason of the caller's own signal. */
  get(caller: Caller): Promise<string>
  /** To be called when a token was refused: the next `get` fetches one. Another one that was fetched meanwhile stays. */
  drop(token: string): void
}

/** How a {@link tokenCache} keeps its token. */
export interface TokenCacheOptions {
  /** How long before its end a token is replaced, ms; never more than half of its lifetime. */
  leewayMs: number
  /** A fetch that was begun is finished though nobody waits for it: for refresh tokens that change with every use. */
  finishes?: boolean
}

interface Fetching {
  token: Promise<string>
  waiting: number
  stop: AbortController
}

/** Makes a cache: fetched when needed, one fetch for all who ask at the same time, replaced before it expires. A failed fetch is not kept. */
export function tokenCache<Caller extends TokenCaller>(
  fetchToken: (caller: Caller) => Promise<FetchedToken>,
  { leewayMs, finishes = false }: TokenCacheOptions,
): TokenCache<Caller> {
  let current: { token: string; until: number } | undefined
  let fetching: Fetching | undefined

  function begin(caller: Caller): Fetching {
    const stop = new AbortController()
    const fetched = fetchToken({ ...caller, signal: stop.signal }).then(({ token, lifetimeMs = Infinity }) => {
      current = { token, until: caller.clock.monotonic() + lifetimeMs - Math.min(leewayMs, lifetimeMs / 2) }
      return token
    })
    const begun = { token: fetched.finally(() => end(begun)), waiting: 0, stop }
    // Whoever waits is told; when nobody does any more, nobody has to be.
    begun.token.catch(() => {})
    return begun
  }

  function end(ended: Fetching): void {
    if (fetching === ended) fetching = undefined
  }

  return {
    async get(caller) {
      const { clock, signal } = caller
      signal.throwIfAborted()
      if (current !== undefined && clock.monotonic() < current.until) return current.token
      fetching ??= begin(caller)
      const joined = fetching
      joined.waiting += 1
      try {
        return await untilStopped(joined.token, signal)
      } finally {
        joined.waiting -= 1
        if (joined.waiting === 0 && !finishes) {
          joined.stop.abort()
          end(joined)
        }
      }
    },
    drop(token) {
      if (current?.token === token) current = undefined
    },
  }
}

/** Waits for something that goes on without the waiter. Throws the signal's reason when that comes first. */
export async function untilStopped<Value>(wait: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([wait, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
