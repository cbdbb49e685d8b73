import type { ConsentTopic } from '../contract/contract.ts'
import type { Consent } from '../model/consent.ts'

/** What the source says about one topic, all members of the person taken together. */
export interface Statement {
  status: 'granted' | 'denied'
  /** Epoch ms; undefined for a grant that tells no time. */
  at: number | undefined
  /** A denial that tells no time: it counts from when it was first seen. */
  untimed: boolean
  /** The person did it: it tells when, it is not from the future, and there is evidence. */
  explicit: boolean
  consent: Consent
}

/** Clocks of shops may be ahead by this much. What lies further in the future tells no time. */
const clockSkewMs = 5 * 60_000

const timeOf = ({ at }: Consent, now: number): number | undefined => {
  const time = at === undefined ? Number.NaN : Date.parse(at)
  return Number.isNaN(time) || time > now + clockSkewMs ? undefined : time
}

const hasEvidence = ({ evidence }: Consent): boolean => Object.values(evidence ?? {}).some((text) => text.trim() !== '')

/**
 * The statement that counts: the newest, at the same time a denial. A denial without a time was made when it was first seen (`untimedSince`, else now); a grant
 * without a time counts only while nobody denies. `unknown` says nothing. Equal whatever the order of the members.
 */
export const statementOf = (
  said: readonly Consent[],
  { channel, purpose = 'marketing' }: Pick<ConsentTopic, 'channel' | 'purpose'>,
  { untimedSince, now }: { untimedSince: number | undefined; now: number },
): Statement | undefined => {
  const own = said.filter((consent) => consent.channel === channel && consent.purpose === purpose && consent.status !== 'unknown')
  const statements = own.map((consent): Statement => {
    const at = timeOf(consent, now)
    if (consent.status === 'denied') {
      return { status: 'denied', at: at ?? untimedSince ?? now, untimed: at === undefined, explicit: true, consent }
    }
    return { status: 'granted', at, untimed: false, explicit: at !== undefined && hasEvidence(consent), consent }
  })
  return statements.toSorted(firstCounts)[0]
}

const firstCounts = (a: Statement, b: Statement): number =>
  (b.at ?? Number.NEGATIVE_INFINITY) - (a.at ?? Number.NEGATIVE_INFINITY) ||
  Number(b.status === 'denied') - Number(a.status === 'denied') ||
  Number(b.explicit) - Number(a.explicit) ||
  compare(JSON.stringify(a.consent), JSON.stringify(b.consent))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
