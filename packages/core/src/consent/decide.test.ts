import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentRules } from '../contract/contract.ts'
import type { Consent } from '../model/consent.ts'
import type { HeldConsent } from '../spec/store.ts'
import { decideConsent, regimeOf, type ConsentFacts, type Decided } from './decide.ts'

const hour = 60 * 60_000
const now = 100 * hour
const iso = (hours: number): string => new Date(hours * hour).toISOString()

const says = (status: Consent['status'], at?: number, evidence: Record<string, string> = { form: 'footer' }): Consent => ({
  channel: 'email',
  purpose: 'marketing',
  status,
  ...(at === undefined ? {} : { at: iso(at) }),
  evidence,
})
const held = (status: HeldConsent['status'], at: number | null, over: Partial<HeldConsent> = {}): HeldConsent => ({
  channel: 'email',
  target: 'news',
  status,
  at: at === null ? null : at * hour,
  firstSeenAt: 90 * hour,
  reason: null,
  ours: false,
  ...over,
})
const rules = (authority: ConsentRules['authority'], more: Partial<ConsentRules> = {}): ConsentRules => ({
  authority,
  topics: { news: { channel: 'email', target: 'news' } },
  ...more,
})
const decide = (facts: Partial<ConsentFacts>): Decided => {
  const [decided] = decideConsent({ said: [], held: [], rules: rules('source'), country: undefined, untimedSince: {}, now, ...facts })
  if (decided === undefined) throw new Error('no topic')
  return decided
}
const statusOf = (facts: Partial<ConsentFacts>): string => decide(facts).decision.status

describe('a decision about consent', () => {
  it('denied beats granted at the same time, the newest counts otherwise', () => {
    expect(statusOf({ said: [says('granted', 5), says('denied', 5)] })).toBe('denied')
    expect(statusOf({ said: [says('granted', 6), says('denied', 5)] })).toBe('granted')
    expect(statusOf({ said: [says('granted', 5), says('unknown', 9)] })).toBe('granted')
    expect(statusOf({ said: [says('granted'), says('denied', 1)] })).toBe('denied')
  })

  it('counts a denial without a time from when it was first seen', () => {
    expect(statusOf({ said: [says('granted', 50), says('denied')] })).toBe('denied')
    expect(statusOf({ said: [says('granted', 50), says('denied')], untimedSince: { news: 40 * hour } })).toBe('granted')
    expect(decide({ said: [says('denied')] })).toMatchObject({ untimedSince: now, decision: { at: iso(100) } })
    expect(statusOf({ said: [says('granted', 89)], held: [held('denied', null)] })).toBe('denied')
    expect(statusOf({ said: [says('granted', 91)], held: [held('denied', null)] })).toBe('granted')
  })

  it('never lifts a bounce, a suppression or a complaint', () => {
    for (const reason of ['bounced', 'suppressed', 'complained'] as const)
      expect(statusOf({ said: [says('granted', 99)], held: [held('denied', 1, { reason })] })).toBe('denied')
  })

  it('takes no opt-in from the future for a newer one', () => {
    expect(statusOf({ said: [says('granted', 5_000)], held: [held('denied', 10)] })).toBe('denied')
    expect(statusOf({ said: [says('granted', 5_000), says('denied', 3)] })).toBe('denied')
  })

  it('keeps the opt-out of the whole channel and of one target apart', () => {
    const whole = held('denied', 50, { target: null })
    const other = held('denied', 50, { target: 'offers' })
    const said = [says('granted', 40)]
    expect([statusOf({ said, held: [whole] }), statusOf({ said, held: [other] })]).toEqual(['denied', 'granted'])
    const targetless = rules('source', { topics: { news: { channel: 'email' } } })
    expect([statusOf({ said, held: [other], rules: targetless }), statusOf({ held: [other], rules: targetless })]).toEqual([
      'unknown',
      'unknown',
    ])
  })

  it('follows the regime of the country, the strictest where it is unknown, and never makes an opt-in of it', () => {
    const regions = { countries: { DE: 'double-opt-in', FR: 'opt-in' }, otherwise: 'opt-out' } as const
    const strict = rules('source', { regions })
    expect([regimeOf(strict, 'fr'), regimeOf(strict, 'US'), regimeOf(strict, undefined), regimeOf(strict, '')]).toEqual([
      'opt-in',
      'opt-out',
      'double-opt-in',
      'double-opt-in',
    ])
    const outcome = (country: string | undefined, said: Consent[]): unknown[] => {
      const { status, suppressed = false } = decide({ said, rules: strict, country }).decision
      return [status, suppressed]
    }
    const bare = [says('granted', 5)]
    const confirmed = [says('granted', 5, { confirmedAt: iso(6) })]
    expect([outcome('DE', bare), outcome(undefined, bare), outcome('DE', confirmed)]).toEqual([
      ['unknown', true],
      ['unknown', true],
      ['granted', false],
    ])
    expect([outcome('FR', bare), outcome('FR', []), outcome('US', [])]).toEqual([
      ['granted', false],
      ['unknown', true],
      ['unknown', false],
    ])
    expect(outcome('DE', [...bare, says('denied', 3)])).toEqual(['denied', true])
  })

  it('leaves an opt-in at the destination alone where it is the authority and newer than our opt-out', () => {
    const said = [says('denied', 10)]
    expect(statusOf({ said, held: [held('granted', 20)], rules: rules('destination') })).toBe('granted')
    expect(statusOf({ said, held: [held('granted', 20)], rules: rules('source') })).toBe('denied')
    expect(statusOf({ said, held: [held('granted', 5)], rules: rules('destination') })).toBe('denied')
    expect(statusOf({ said, held: [held('granted', null)], rules: rules('destination') })).toBe('denied')
    expect(statusOf({ said, held: [held('granted', 20, { ours: true })], rules: rules('destination') })).toBe('denied')
  })
})

/** The rules once more, from the words of the design and without its code: what must hold of a decision, whatever the facts. */
const faults = ({ said, held: known, rules: { authority } }: ConsentFacts, { decision, origin }: Decided): string[] => {
  const time = ({ at }: Consent): number | undefined => (at === undefined ? undefined : Date.parse(at))
  const denials = said.filter(({ status }) => status === 'denied')
  const grants = said.filter(({ status }) => status === 'granted')
  const theirDenials = known.filter((one) => one.status === 'denied')
  const theirGrants = known.filter((one) => one.status === 'granted' && !one.ours && theirDenials.length === 0)
  const newestDenial = Math.max(-1, ...denials.map((denial) => time(denial) ?? now))
  const newestGrant = Math.max(-1, ...grants.map((grant) => time(grant) ?? -1))
  const heldSince = Math.max(-1, ...theirDenials.map((one) => one.at ?? one.firstSeenAt))
  const found: string[] = []
  const optedOutHere = denials.length > 0 && newestDenial >= newestGrant
  const optedInThere = authority === 'destination' && theirGrants.some(({ at }) => at !== null && at > newestDenial)
  if (optedOutHere && !optedInThere && decision.status !== 'denied') found.push('an opt-out of the source was not heard')
  if (theirDenials.length > 0 && decision.status === 'granted') {
    const proofs = grants.filter(
      (grant) => (time(grant) ?? -1) > heldSince && (time(grant) ?? -1) > newestDenial && grant.evidence?.['form'] !== undefined,
    )
    if (proofs.length === 0) found.push('an opt-out was lifted without a newer explicit opt-in with evidence')
    if (theirDenials.some(({ reason }) => reason !== null && reason !== 'unsubscribed')) found.push('a bounce was lifted')
    if (authority === 'destination' && theirDenials.some(({ ours }) => !ours))
      found.push('somebody else than the authority lifted an opt-out')
    if (!decision.mayResubscribe) found.push('an opt-out is to be lifted without leave')
  }
  if (theirDenials.length === 0 && decision.mayResubscribe) found.push('there is nothing to lift')
  if (said.every(({ status }) => status === 'unknown') && origin === 'source') found.push('unknown decided something')
  const best = grants.find((grant) => time(grant) === newestGrant && grant.evidence?.['form'] !== undefined)
  const free =
    theirDenials.every(({ reason }) => reason === null || reason === 'unsubscribed') &&
    (authority === 'source' || theirDenials.every(({ ours }) => ours))
  if (best !== undefined && newestGrant > newestDenial && newestGrant > heldSince && free && decision.status !== 'granted')
    found.push('an opt-in that counts was not heard')
  return found
}

const arbitraryFacts: fc.Arbitrary<ConsentFacts> = fc
  .record({
    said: fc.array(
      fc
        .record({
          status: fc.constantFrom('granted', 'denied', 'unknown' as const),
          at: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 4 }),
          proven: fc.boolean(),
        })
        .map(({ status, at, proven }) => says(status, at, proven ? { form: 'footer' } : {})),
      { maxLength: 3 },
    ),
    held: fc.uniqueArray(
      fc
        .record({
          target: fc.constantFrom(null, 'news'),
          status: fc.constantFrom('granted', 'denied' as const),
          at: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 4 }),
          seen: fc.integer({ min: 1, max: 20 }),
          reason: fc.constantFrom(null, null, null, 'unsubscribed', 'bounced', 'complained' as const),
          ours: fc.boolean(),
        })
        .map(({ target, status, at, seen, reason, ours }) =>
          held(status, at, { target, firstSeenAt: seen * hour, ours, reason: status === 'denied' && !ours ? reason : null }),
        ),
      { maxLength: 2, selector: ({ target }) => target },
    ),
    authority: fc.constantFrom('source', 'destination' as const),
  })
  .map(({ authority, ...facts }) => ({ ...facts, rules: rules(authority), country: undefined, untimedSince: {}, now }))

const breaks = (decideWrongly: (facts: ConsentFacts) => Decided[]): boolean =>
  fc.check(
    fc.property(arbitraryFacts, (facts) => {
      const [decided] = decideWrongly(facts)
      return decided !== undefined && faults(facts, decided).length === 0
    }),
    { numRuns: 30_000, seed: 7 },
  ).failed

describe('the rules of consent, against an oracle of their own', () => {
  it('hold for whatever is said and held', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const [decided] = decideConsent(facts)
        if (decided !== undefined) expect(faults(facts, decided)).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })

  it('do not depend on the order of what is said and held', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const turned = { ...facts, said: facts.said.toReversed(), held: facts.held.toReversed() }
        expect(decideConsent(turned)).toEqual(decideConsent(facts))
      }),
    )
  })

  const mutants: Record<string, (facts: ConsentFacts) => Decided[]> = {
    'asks for no evidence': (facts) => decideConsent({ ...facts, said: facts.said.map((one) => ({ ...one, evidence: { form: 'x' } })) }),
    'takes equal for newer': (facts) =>
      decideConsent({
        ...facts,
        said: facts.said.map((one) =>
          one.status === 'granted' && one.at !== undefined ? { ...one, at: new Date(Date.parse(one.at) + 1).toISOString() } : one,
        ),
      }),
    'lifts bounces': (facts) => decideConsent({ ...facts, held: facts.held.map((one) => ({ ...one, reason: null })) }),
    'knows no authority': (facts) => decideConsent({ ...facts, rules: { ...facts.rules, authority: 'source' } }),
    'does not look at the destination': (facts) => decideConsent({ ...facts, held: [] }),
    'hears no opt-out of the source': (facts) => decideConsent({ ...facts, said: facts.said.filter(({ status }) => status !== 'denied') }),
    'hears no opt-in': (facts) => decideConsent({ ...facts, said: facts.said.filter(({ status }) => status !== 'granted') }),
    'takes everything for its own': (facts) =>
      decideConsent({ ...facts, held: facts.held.map((one) => ({ ...one, ours: true, reason: null })) }),
    'takes unknown for granted': (facts) =>
      decideConsent({ ...facts, said: facts.said.map((one) => (one.status === 'unknown' ? { ...one, status: 'granted' } : one)) }),
  }

  it.each(Object.entries(mutants))('are missed by one who %s', (_, mutant) => {
    expect(breaks(mutant)).toBe(true)
  })
})
