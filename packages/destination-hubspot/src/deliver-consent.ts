import { mapConcurrent } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type ConsentDecision, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { leaveAll, writeStatus, type StatusWrite } from './consent-request.ts'
import { readAddress, statusesIn, type Told } from './consent-status.ts'
import { isVendorBody, recordError } from './errors.ts'
import type { Portal } from './portal.ts'
import { parallel } from './write-rows.ts'

/** Legal bases that HubSpot knows (vendor notes, "Consent"). */
export const legalBases: ReadonlySet<string> = new Set([
  'LEGITIMATE_INTEREST_PQL',
  'LEGITIMATE_INTEREST_CLIENT',
  'LEGITIMATE_INTEREST_OTHER',
  'PERFORMANCE_OF_CONTRACT',
  'CONSENT_WITH_NOTICE',
  'NON_GDPR',
  'PROCESS_AND_STORE',
])

/** Writes subscription statuses, people beside each other, the opt-outs of each person before the opt-ins. One request for each status. */
export async function* deliverConsent(portal: Portal, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  async function* one(input: Input): AsyncGenerator<Outcome[]> {
    try {
      const outcome = await deliverPerson(portal, input, ctx)
      if (outcome !== undefined) yield [outcome]
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination') throw error
      yield [{ unit: input.unit, result: 'failed', error }]
    }
  }
  // Who denies something goes first, whatever the order they came in.
  const urgentFirst = inputs.toSorted((a, b) => Number(denies(b)) - Number(denies(a)))
  const [first, ...others] = urgentFirst
  if (first === undefined) return
  // The first one finds out whether HubSpot takes anything now, before many are under way.
  yield* one(first)
  yield* mapConcurrent(others, parallel, one)
}

const denies = ({ consent }: Input): boolean => consent.some(({ status }) => status === 'denied')

const deliverPerson = async (portal: Portal, input: Input, ctx: DestinationContext): Promise<Outcome | undefined> => {
  const { unit, fields, consent } = input
  const address = typeof fields['email'] === 'string' ? fields['email'].trim().toLowerCase() : ''
  if (address === '') return { unit, result: 'failed', error: noAddress() }
  const wanted = consent
    .filter(({ status }) => status !== 'unknown')
    .toSorted((a, b) => Number(b.status === 'denied') - Number(a.status === 'denied'))
  const grants = wanted.filter(({ status }) => status === 'granted')
  if (grants.length > 0) {
    const held = portal.recentConsent.take(address) ?? (await readAddress(portal, address, undefined, ctx))
    if (grants.some((grant) => stands(grant, held))) {
      for (const decision of wanted) if (decision.status === 'denied' && !(await write(portal, address, decision, ctx))) return undefined
      return { unit, result: 'failed', error: optOutStands() }
    }
  }
  for (const decision of wanted) if (!(await write(portal, address, decision, ctx))) return undefined
  return { unit, result: 'delivered', created: false }
}

/** Whether HubSpot holds an opt-out that this opt-in may not lift: without leave, or made after it. */
const stands = ({ target, mayResubscribe, at }: ConsentDecision, held: readonly Told[]): boolean =>
  held.some(
    (told) =>
      told.status === 'denied' &&
      (told.target === undefined || told.target === target) &&
      (!mayResubscribe || (told.at !== undefined && at !== undefined && told.at > Date.parse(at))),
  )

/** Writes one decision; false when HubSpot's answer does not confirm it. */
const write = async (portal: Portal, address: string, decision: ConsentDecision, ctx: DestinationContext): Promise<boolean> => {
  const { target, status } = decision
  const options = { call: 'writing a subscription status', signal: ctx.signal, idempotent: true, urgent: true, exchanged: ctx.exchanged }
  if (target === undefined && status === 'granted') throw noTarget(decision)
  const request = target === undefined ? leaveAll(address) : writeStatus(address, toWrite(decision, target, ctx))
  const reply = await portal.send(request, options)
  if ((reply.status === 400 || reply.status === 404) && isVendorBody(reply.body)) {
    const { correlationId } = reply
    throw recordError(reply.body, { email: address }, { status: reply.status, correlationId })
  }
  if (reply.status < 200 || reply.status >= 300) throw portal.error(reply, options.call)
  const told = statusesIn(reply.body)
  const isTold =
    target === undefined
      ? told.length > 0 && told.every((one) => one.status === 'denied')
      : told.some((one) => one.target === target && one.status === status)
  if (isTold) return true
  // An answer without the statuses says nothing either way; reading them does.
  const held = await readAddress(portal, address, undefined, ctx)
  return held.some((one) => one.target === target && one.status === status)
}

const toWrite = (decision: ConsentDecision, target: string, { contract }: DestinationContext): StatusWrite => {
  const { status, basis, source, at, topic } = decision
  const isGrant = status === 'granted'
  const legalBasis = basis !== undefined && legalBases.has(basis) ? basis : isGrant ? undefined : 'LEGITIMATE_INTEREST_OTHER'
  const said = [isGrant ? 'Opt-in' : 'Opt-out', source === undefined ? '' : `stated at ${source}`, at ?? '']
    .filter((part) => part !== '')
    .join(', ')
  return {
    subscriptionId: Number(target),
    statusState: isGrant ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
    ...(legalBasis === undefined ? {} : { legalBasis, legalBasisExplanation: contract.consent.topics[topic]?.explanation ?? said }),
  }
}

const noAddress = (): MillraceError =>
  new MillraceError({ code: 'email_invalid', field: 'email', message: 'HubSpot keeps consent by e-mail address, and the person has none.' })

const noTarget = ({ topic }: ConsentDecision): MillraceError =>
  new MillraceError({
    code: 'consent_target_missing',
    message: `HubSpot takes opt-ins for a subscription type only. Give the topic ${topic} the id of one as target, then replay.`,
  })

const optOutStands = (): MillraceError =>
  new MillraceError({
    code: 'opt_out_stands',
    retryable: true,
    message: 'HubSpot holds an opt-out that this opt-in may not lift. It is decided anew with what HubSpot says now.',
  })
