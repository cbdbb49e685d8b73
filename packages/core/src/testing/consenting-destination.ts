import { path } from '../contract/expression.ts'
import type { ConsentRules } from '../contract/contract.ts'
import type { Destination, Input, Outcome } from '../spec/destination.ts'
import type { ConsentDecision, RemoteConsent } from '../spec/consent.ts'
import { recordingContract, recordingDestination, type RecordingDestination } from './recording-destination.ts'

/** A status as the vendor keeps it. */
export interface KeptConsent {
  status: 'granted' | 'denied'
  at: number
  reason?: NonNullable<RemoteConsent['reason']>
}

/** A {@link RecordingDestination} that keeps consent by address and target, and does what it is told: nothing but the engine stands before an opt-out. */
export interface ConsentingDestination extends RecordingDestination {
  /** Whoever says something at the vendor itself. `target` defaults to that of the first topic. */
  say(email: string, status: KeptConsent['status'], options?: { target?: string; reason?: KeptConsent['reason'] }): void
  kept(email: string, target?: string): KeptConsent | undefined
  /** Everything that was written, in order. */
  written: { email: string; target: string; status: ConsentDecision['status']; mayResubscribe: boolean }[]
  /** How many people were asked for, call by call. */
  asked: number[]
}

/** Options: `now` is the vendor's clock, epoch ms; `asks` and `tells` switch `consentOf` and `consentChanges` off. */
export interface ConsentingOptions {
  now: () => number
  consent?: ConsentRules
  asks?: boolean
  tells?: boolean
}

const defaultRules: ConsentRules = { authority: 'source', topics: { news: { channel: 'email', target: 'news' } } }

/** Makes one. */
export const consentingDestination = ({
  now,
  consent = defaultRules,
  asks = true,
  tells = true,
}: ConsentingOptions): ConsentingDestination => {
  const inner = recordingDestination()
  const book = new Map<string, Map<string, KeptConsent>>()
  const changes: { email: string; target: string }[] = []
  const written: ConsentingDestination['written'] = []
  const asked: number[] = []
  const [first] = Object.values(consent.topics)
  const usual = first?.target ?? ''
  const fold = (email: string): string => email.trim().toLowerCase()

  const keep = (email: string, target: string, kept: KeptConsent): void => {
    book.set(fold(email), (book.get(fold(email)) ?? new Map<string, KeptConsent>()).set(target, kept))
    changes.push({ email: fold(email), target })
  }
  const told = (email: string, target: string): RemoteConsent[] => {
    const kept = book.get(fold(email))?.get(target)
    if (kept === undefined) return []
    const { status, at, reason } = kept
    return [{ email, channel: 'email', ...(target === '' ? {} : { target }), status, at, ...(reason === undefined ? {} : { reason }) }]
  }

  const apply = (input: Input): Outcome => {
    const email = String(input.fields['email'])
    for (const { target = '', status, mayResubscribe } of input.consent) {
      written.push({ email: fold(email), target, status, mayResubscribe })
      // Why an address is denied does not change by denying it again.
      const before = book.get(fold(email))?.get(target)
      const why = status === 'denied' && before?.reason !== undefined ? { reason: before.reason } : {}
      if (status !== 'unknown') keep(email, target, { status, at: now(), ...why })
    }
    return { unit: input.unit, result: 'delivered', created: false }
  }

  const destination: ConsentingDestination = Object.assign(inner, {
    objects: {
      ...inner.objects,
      permission: {
        from: 'consent',
        keyField: '{prefix}_customer_key',
        fields: { email: { type: 'email', required: true } },
        channels: ['email', 'sms'],
      },
    } satisfies Destination['objects'],
    limits: { ...inner.limits, deliver: { ...inner.limits.deliver, permission: inner.limits.deliver['contact'] ?? 100 } },
    delivery: { ...inner.delivery, permission: 'upsert' } satisfies Destination['delivery'],
    defaultContract: {
      ...recordingContract,
      consent,
      objects: { ...recordingContract.objects, permission: { fields: { email: { value: path('email') } } } },
    } satisfies Destination['defaultContract'],
    say: (
      email: string,
      status: KeptConsent['status'],
      { target = usual, reason }: { target?: string; reason?: KeptConsent['reason'] } = {},
    ) => keep(email, target, { status, at: now(), ...(reason === undefined ? {} : { reason }) }),
    kept: (email: string, target = usual) => book.get(fold(email))?.get(target),
    written,
    asked,
  })
  const deliverRecords = inner.deliver.bind(inner)
  destination.deliver = async function* (inputs, ctx) {
    const consents = inputs.filter(({ object }) => object === 'permission')
    if (consents.length > 0) destination.inputs.push(consents)
    for (const input of consents) {
      const stopped = destination.intercept(input)
      if (stopped === 'lost') continue
      if (stopped !== undefined && stopped !== 'silent') yield [stopped]
      else {
        const outcome = apply(input)
        if (stopped === undefined) yield [outcome]
      }
    }
    const records = inputs.filter(({ object }) => object !== 'permission')
    if (records.length > 0) yield* deliverRecords(records, ctx)
  }
  if (asks) {
    destination.consentOf = async (people) => {
      asked.push(people.length)
      return people.flatMap(({ email = '' }) => [...(book.get(fold(email))?.keys() ?? [])].flatMap((target) => told(email, target)))
    }
  }
  if (tells) {
    destination.consentChanges = async function* (cursor) {
      const since = changes.slice(Number(cursor ?? 0))
      yield { changes: since.flatMap(({ email, target }) => told(email, target)), cursor: String(changes.length) }
    }
  }
  return destination
}
