/** Callers whose use is remembered: those beyond are forgotten, the longest unseen first. */
const remembered = 10_000

/** Says whether one more is allowed. */
export type RateLimit = (caller: string, now: number) => boolean

/** At most `perMinute` in a row, refilled evenly: a bucket of tokens for each caller, and bounded memory whoever calls. */
export const rateLimit = (perMinute: number): RateLimit => {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (caller, now) => {
    const { tokens, at } = buckets.get(caller) ?? { tokens: perMinute, at: now }
    const filled = Math.min(perMinute, tokens + (Math.max(0, now - at) * perMinute) / 60_000)
    const allowed = filled >= 1
    buckets.delete(caller)
    buckets.set(caller, { tokens: allowed ? filled - 1 : filled, at: now })
    const [oldest] = buckets.keys()
    if (oldest !== undefined && buckets.size > remembered) buckets.delete(oldest)
    return allowed
  }
}
