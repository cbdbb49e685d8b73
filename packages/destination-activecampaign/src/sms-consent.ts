import { MillraceError, type ConsentDecision, type DestinationContext, type Input } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { emailOf } from './contact-values.ts'
import { exact } from './exact-json.ts'
import { graphql, refusalOf, requireData } from './graphql.ts'
import { member, rowsOf, textOf } from './json.ts'

const call = 'SMS consent'
const mutation = 'mutation SmsConsent($orders: [OrderInput!]!) { bulkUpsertOrders(orders: $orders) { id storeOrderId } }'
const selection = 'id storeOrderId legacyConnectionId storeCreatedDate finalAmount'

const noOrder = (): MillraceError =>
  new MillraceError({
    code: 'sms_consent_needs_order',
    message:
      'ActiveCampaign takes SMS consent only together with an order, and this person has none there. Replay it after their first order, or take the topic out of the contract.',
  })

const customerData = ({ status, at, evidence }: ConsentDecision): Record<string, string> => ({
  smsMarketingState: status === 'granted' ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
  ...(status === 'granted' ? { smsOptInLevel: evidence === undefined ? 'UNKNOWN' : 'SINGLE_OPT_IN' } : {}),
  ...(at === undefined ? {} : { smsConsentUpdatedDate: at }),
})

/** The newest order of an address. */
const newestOrder = async (account: Account, email: string, signal: AbortSignal): Promise<Record<string, unknown> | undefined> => {
  const filter = `{ email: { value: ${JSON.stringify(email)}, filterOperator: EQ } }`
  const query = `query { searchOrder(filter: ${filter}, pagination: { limit: 100, offset: 0 }) { ${selection} } }`
  const data = await requireData(account.client, { query, call: 'search of orders', signal, urgent: true })
  return rowsOf(data, 'searchOrder').toSorted(
    (a, b) => Date.parse(textOf(b, 'storeCreatedDate') ?? '') - Date.parse(textOf(a, 'storeCreatedDate') ?? ''),
  )[0]
}

/**
 * Writes SMS consent with the newest order of the person: its customer data is the only public place for it (vendor notes, "Commerce"). The order is patched with
 * nothing else and as history, so that no automation takes it for a change. An opt-out of somebody without orders has nothing to lift and is done. Throws
 * MillraceError `sms_consent_needs_order`.
 */
export const writeSmsConsent = async (account: Account, input: Input, ctx: DestinationContext): Promise<void> => {
  const decision = input.consent.find(({ channel, status }) => channel === 'sms' && status !== 'unknown')
  const email = emailOf(input)
  if (decision === undefined || email === undefined) return
  const order = await newestOrder(account, email, ctx.signal)
  if (order === undefined) {
    if (decision.status === 'denied') return
    throw noOrder()
  }
  const patch = {
    storeOrderId: textOf(order, 'storeOrderId'),
    legacyConnectionId: Number(textOf(order, 'legacyConnectionId')),
    storeCreatedDate: textOf(order, 'storeCreatedDate'),
    finalAmount: exact(textOf(order, 'finalAmount') ?? '0'),
    email,
    creationSource: 'HISTORICAL',
    customerData: customerData(decision),
  }
  const reply = await graphql(account.client, { query: mutation, variables: { orders: [patch] }, call, signal: ctx.signal, urgent: true })
  const isThere = rowsOf(member(reply.body, 'data'), 'bulkUpsertOrders').some((row) => textOf(row, 'storeOrderId') === patch.storeOrderId)
  if (isSuccess(reply) && refusalOf(reply) === undefined && isThere) return
  throw account.client.error(reply, call, 'record')
}
