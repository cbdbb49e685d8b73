import { describe, expect, it } from 'vitest'
import type { HeldConsent } from '../spec/store.ts'
import { decideConsent } from './decide.ts'

const at = Date.UTC(2026, 4, 1)
const iso = (time: number): string => new Date(time).toISOString()
const held = (target: string | null): HeldConsent => ({
  channel: 'email',
  target,
  status: 'denied',
  at,
  firstSeenAt: at,
  reason: 'unsubscribed',
  ours: false,
})

const decide = (target: string | null) =>
  decideConsent({
    said: [{ channel: 'email', purpose: 'marketing', status: 'granted', at: iso(at + 1), evidence: { form: 'footer' } }],
    held: [held(target)],
    rules: { authority: 'source', topics: { news: { channel: 'email' } } },
    country: undefined,
    untimedSince: {},
    now: at + 2,
  }).map(({ decision: { status, mayResubscribe } }) => ({ status, mayResubscribe }))

describe('a topic that is the whole channel', () => {
  it('is opted in again by a newer explicit opt-in with evidence', () => {
    expect(decide(null)).toEqual([{ status: 'granted', mayResubscribe: true }])
  })

  it('does not overrule an opt-out of one target of the channel', () => {
    expect(decide('offers')).toEqual([{ status: 'unknown', mayResubscribe: false }])
  })
})
